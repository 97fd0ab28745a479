"""One movement of the pointer, from rest to rest, as sums that can be joined."""

from collections.abc import Sequence
from math import hypot, sqrt
from typing import Final

from msgspec import Struct

from ..stats import Moments

# A pause ends a stroke. Remote desktops report every 109 ms (balabit), so less
# would cut their strokes into single points.
PAUSE_MS: Final = 250

# Sums differ in their last digits by the order of their parts; a ratio on the edge of
# a bin would fall to either side.
DIGITS: Final = 6

# Positions come in tenths of a pixel: a smaller product of two steps is rounding, and
# the way goes straight on.
STRAIGHT_ON: Final = 1e-3


# A report: its time in ms, and where it is in px.
Spot = tuple[float, float, float]
Vector = tuple[float, float]


class Stroke(Struct, array_like=True):
    """A stroke's ends and sums: enough to tell its path, speed and evenness."""

    first_t: float
    first_x: float
    first_y: float
    t: float
    x: float
    y: float
    steps: int = 0
    path: float = 0.0
    # Speeds in px/ms, and step times in ms, as sums and sums of squares. Reports
    # with the same time stamp have no speed.
    speeds: int = 0
    speed_sum: float = 0.0
    speed_squares: float = 0.0
    time_sum: float = 0.0
    time_squares: float = 0.0
    step_squares: float = 0.0
    # The path's lengths times the moments (ms since the start) they were gone at.
    moment: float = 0.0
    # The first and the last step that went anywhere, as vectors.
    first_dx: float = 0.0
    first_dy: float = 0.0
    last_dx: float = 0.0
    last_dy: float = 0.0
    # To which side the way bent first and last: -1, 1, or 0 for not at all.
    first_bend: int = 0
    last_bend: int = 0
    # How often it bent, changed the side it bends to, and went back on itself.
    bends: int = 0
    wobbles: int = 0
    reversals: int = 0
    # What the browser said of the first point: how far the hardware had moved.
    first_mx: float | None = None
    first_my: float | None = None

    def follow(self, points: Sequence[Spot]) -> None:
        """Go on to the next points."""
        t, x, y = self.t, self.x, self.y
        path, squares, moment = self.path, self.step_squares, self.moment
        steps: list[Vector] = []
        timed: list[Vector] = []
        for point in points:
            next_t, next_x, next_y = point
            dx, dy, dt = next_x - x, next_y - y, next_t - t
            length = hypot(dx, dy)
            path += length
            squares += length * length
            moment += length * ((next_t + t) / 2 - self.first_t)
            if length:
                steps.append((dx, dy))
            if dt > 0:
                timed.append((length, dt))
            t, x, y = point
        self.t, self.x, self.y = t, x, y
        self.path, self.step_squares, self.moment = path, squares, moment
        self.steps += len(points)
        self._turn(steps)
        self._time(timed)

    def joins(self, later: "Stroke") -> bool:
        """Say whether `later` goes on where this one ends, without a pause."""
        return later.first_t - self.t <= PAUSE_MS

    def append(self, later: "Stroke") -> None:
        """Take in a stroke that goes on where this one ends."""
        self.follow([(later.first_t, later.first_x, later.first_y)])
        self._take_turns(later)
        self.moment += later.moment + later.path * (later.first_t - self.first_t)
        self.steps += later.steps
        self.path += later.path
        self.step_squares += later.step_squares
        self.speeds += later.speeds
        self.speed_sum += later.speed_sum
        self.speed_squares += later.speed_squares
        self.time_sum += later.time_sum
        self.time_squares += later.time_squares
        self.t, self.x, self.y = later.t, later.x, later.y

    def _time(self, timed: Sequence[Vector]) -> None:
        """Count the speeds of steps that took a time: lengths in px, times in ms."""
        total, squares = self.speed_sum, self.speed_squares
        times, time_squares = self.time_sum, self.time_squares
        for length, dt in timed:
            speed = length / dt
            total += speed
            squares += speed * speed
            times += dt
            time_squares += dt * dt
        self.speeds += len(timed)
        self.speed_sum, self.speed_squares = total, squares
        self.time_sum, self.time_squares = times, time_squares

    def _turn(self, steps: Sequence[Vector]) -> None:
        """Count how the way goes on after the last step."""
        last_dx, last_dy = self.last_dx, self.last_dy
        for dx, dy in steps:
            if not last_dx and not last_dy:
                self.first_dx, self.first_dy = dx, dy
            else:
                if last_dx * dx + last_dy * dy < 0:
                    self.reversals += 1
                cross = last_dx * dy - last_dy * dx
                if cross > STRAIGHT_ON:
                    self._bend(1)
                elif cross < -STRAIGHT_ON:
                    self._bend(-1)
            last_dx, last_dy = dx, dy
        self.last_dx, self.last_dy = last_dx, last_dy

    def _bend(self, side: int) -> None:
        """Count a change of the side to which the way bends."""
        self.bends += 1
        if self.last_bend == -side:
            self.wobbles += 1
        elif not self.first_bend:
            self.first_bend = side
        self.last_bend = side

    def _take_turns(self, later: "Stroke") -> None:
        """Count the turns of a stroke that begins where this one now ends."""
        if later.first_dx or later.first_dy:
            self._turn([(later.first_dx, later.first_dy)])
            self.last_dx, self.last_dy = later.last_dx, later.last_dy
        if later.first_bend:
            # That bend is counted here, and must not be again.
            self._bend(later.first_bend)
            self.last_bend = later.last_bend
            self.bends += later.bends - 1
        self.wobbles += later.wobbles
        self.reversals += later.reversals

    def chord(self) -> float:
        """Return the distance from its first point to its last."""
        return hypot(self.x - self.first_x, self.y - self.first_y)

    def straightness(self) -> float:
        """Return chord / path: 1 for a ruler's line."""
        return round(self.chord() / self.path, DIGITS) if self.path else 1.0

    def duration_ms(self) -> float:
        """Return the time from its first point to its last."""
        return self.t - self.first_t

    def midpoint(self) -> float | None:
        """Return when the way was gone, as a share of the duration.

        0.5 for a movement that slows down as it sped up; None without a duration.

        Notes
        -----
        sum(length * (middle of its time - start)) / (path * duration).
        """
        whole = self.path * self.duration_ms()
        return round(self.moment / whole, DIGITS) if whole > 0 else None

    def speed_variation(self) -> float | None:
        """Return the speed's coefficient of variation, None without speeds."""
        return _variation(self.speeds, self.speed_sum, self.speed_squares)

    def step_times(self) -> Moments:
        """Return the times between reports that have one."""
        return Moments(self.speeds, self.time_sum, self.time_squares)

    def step_variation(self) -> float | None:
        """Return the same of the lengths of steps."""
        return _variation(self.steps, self.path, self.step_squares)


def _variation(count: int, total: float, squares: float) -> float | None:
    """Return deviation / mean, None when the mean is not positive."""
    if count == 0 or total <= 0:
        return None
    mean = total / count
    return round(sqrt(max(0.0, squares / count - mean * mean)) / mean, DIGITS)
