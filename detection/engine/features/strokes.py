"""One movement of the pointer, from rest to rest, as sums that can be joined."""

from math import hypot, sqrt
from typing import Final

from msgspec import Struct

# A pause ends a stroke. Remote desktops report every 109 ms (balabit), so less
# would cut their strokes into single points.
PAUSE_MS: Final = 250

# Sums differ in their last digits by the order of their parts; a ratio on the edge of
# a bin would fall to either side.
DIGITS: Final = 6


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

    def extend(self, t: float, x: float, y: float) -> None:
        """Go on to the next point."""
        length = hypot(x - self.x, y - self.y)
        dt = t - self.t
        self.steps += 1
        self.path += length
        self.step_squares += length * length
        if dt > 0:
            speed = length / dt
            self.speeds += 1
            self.speed_sum += speed
            self.speed_squares += speed * speed
            self.time_sum += dt
            self.time_squares += dt * dt
        self.t, self.x, self.y = t, x, y

    def joins(self, later: "Stroke") -> bool:
        """Say whether `later` goes on where this one ends, without a pause."""
        return later.first_t - self.t <= PAUSE_MS

    def append(self, later: "Stroke") -> None:
        """Take in a stroke that goes on where this one ends."""
        self.extend(later.first_t, later.first_x, later.first_y)
        self.steps += later.steps
        self.path += later.path
        self.step_squares += later.step_squares
        self.speeds += later.speeds
        self.speed_sum += later.speed_sum
        self.speed_squares += later.speed_squares
        self.time_sum += later.time_sum
        self.time_squares += later.time_squares
        self.t, self.x, self.y = later.t, later.x, later.y

    def chord(self) -> float:
        """Return the distance from its first point to its last."""
        return hypot(self.x - self.first_x, self.y - self.first_y)

    def straightness(self) -> float:
        """Return chord / path: 1 for a ruler's line."""
        return round(self.chord() / self.path, DIGITS) if self.path else 1.0

    def speed_variation(self) -> float | None:
        """Return the speed's coefficient of variation, None without speeds."""
        return _variation(self.speeds, self.speed_sum, self.speed_squares)

    def time_variation(self) -> float | None:
        """Return the same of the times between reports."""
        return _variation(self.speeds, self.time_sum, self.time_squares)

    def step_variation(self) -> float | None:
        """Return the same of the lengths of steps."""
        return _variation(self.steps, self.path, self.step_squares)


def _variation(count: int, total: float, squares: float) -> float | None:
    """Return deviation / mean, None when the mean is not positive."""
    if count == 0 or total <= 0:
        return None
    mean = total / count
    return round(sqrt(max(0.0, squares / count - mean * mean)) / mean, DIGITS)
