"""Fingers on glass, and what a phone's own keyboard sends.

Chromium makes the events of a touch screen out of these touches itself: the click, the
mouse events that imitate one, and the scrolling, as it does on a phone.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.simulation.glass import ROLL_PX, SWIPE_MS, TAP_MS
from portal.simulation.hand import Box, Point, aim

from .person import Place

FRAME_S: Final = 1 / 60
MOST_TRIES: Final = 4
# Whoever sees nothing happen for so long taps again.
PATIENCE_S: Final = 4.0
MOST_SWIPES: Final = 25
# Below the address bar, above the system's own bar.
MARGIN_PX: Final = 30


@dataclass(frozen=True, slots=True)
class Device:
    """What a phone or tablet says of itself; sizes are in CSS pixels."""

    agent: str
    width: int
    height: int
    screen_height: int
    # Pages are asked whether a worker agrees, and only pages can be told another.
    platform: str | None = None
    # Safari knows no client hints; without these the browser sends none.
    hints: dict[str, Any] | None = None
    ratio: float = 2.0
    has_force: bool = True


@dataclass(slots=True)
class Glass:
    """A place with a touch screen."""

    place: Place
    device: Device

    def wake(self) -> None:
        """Make the browser this device's, and go to the page that it came for."""
        page = self.place.page
        device = self.device
        address = page.evaluate("location.href")
        agent: dict[str, Any] = {"userAgent": device.agent}
        if device.platform:
            agent["platform"] = device.platform
        if device.hints:
            agent["userAgentMetadata"] = device.hints
        page.ask("Emulation.setUserAgentOverride", **agent)
        page.ask(
            "Emulation.setDeviceMetricsOverride",
            width=device.width,
            height=device.height,
            deviceScaleFactor=device.ratio,
            mobile=True,
            screenWidth=device.width,
            screenHeight=device.screen_height,
        )
        page.ask("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)
        page.ask("Page.navigate", url=address)

    def tap(self, css: str) -> None:
        """Find something, and tap it."""
        self.show(css)
        chance = self.place.chance
        box = self.place.page.resting_box(css)
        at = aim(box, chance)
        size = chance.uniform(7, 13)
        path = [at]
        lasts = TAP_MS.draw(chance) / 1000
        if chance.random() < 0.6:
            path.append(
                Point(at.x + chance.gauss(0, ROLL_PX), at.y + chance.gauss(0, ROLL_PX))
            )
        self._touch(path, lasts, size)

    def send(self, css: str) -> None:
        """Tap a button that leads on; whoever misses it tries again.

        Raises
        ------
        LookupError
            It does not lead on.
        """
        for _try in range(MOST_TRIES):
            self.tap(css)
            if self.place.page.leaves(css, PATIENCE_S):
                return
        message = f"{css} does not lead on."
        raise LookupError(message)

    def choose(self, choice: str) -> None:
        """Tap a choice; whoever misses it tries again.

        Raises
        ------
        LookupError
            It could not be chosen.
        """
        look = f"document.getElementById({choice!r}).checked"
        for _try in range(MOST_TRIES):
            self.tap(f"label[for='{choice}']")
            if self.place.page.evaluate(look):
                return
            self.place.wait(0.2, 0.5)
        message = f"{choice} could not be chosen."
        raise LookupError(message)

    def show(self, css: str) -> None:
        """Flick the page until something is well in sight.

        Raises
        ------
        LookupError
            It cannot be brought there.
        """
        for _swipe in range(MOST_SWIPES):
            box = self.place.page.resting_box(css)
            if box.top < MARGIN_PX:
                self.swipe(+1)
            elif box.top + box.height > self.device.height - MARGIN_PX:
                self.swipe(-1)
            else:
                return
        message = f"{css} cannot be brought into sight."
        raise LookupError(message)

    def swipe(self, direction: int) -> None:
        """Flick: quick at first, and curved, since thumbs turn around a joint."""
        chance = self.place.chance
        width, height = self.device.width, self.device.height
        x = width * chance.uniform(0.55, 0.85)
        begin = height * (0.5 - direction * chance.uniform(0.1, 0.22))
        way = direction * height * chance.uniform(0.12, 0.3)
        bend = chance.uniform(6, 22)
        lasts = SWIPE_MS.draw(chance) / 1000
        count = max(5, round(lasts / FRAME_S))
        path = []
        for number in range(count + 1):
            done = (number / count) ** 0.8
            wobble = chance.gauss(0, 0.5)
            path.append(Point(x + bend * done**2 + wobble, begin + way * done))
        self._touch(path, lasts, chance.uniform(9, 15))
        self.place.wait(0.25, 0.6)

    def _touch(self, path: Sequence[Point], lasts_s: float, size: float) -> None:
        """Put a finger down, move it along a path, and lift it."""
        begin = time.monotonic()
        step = lasts_s / len(path)
        for number, point in enumerate(path):
            time.sleep(max(0.0, begin + number * step - time.monotonic()))
            kind = "touchMove" if number else "touchStart"
            self._report(kind, [self._finger(point, size)])
        time.sleep(max(0.0, begin + lasts_s - time.monotonic()))
        self._report("touchEnd", [])

    def _report(self, kind: str, points: Sequence[dict[str, float]]) -> None:
        self.place.page.ask("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    def _finger(self, point: Point, size: float) -> dict[str, float]:
        """Return a finger as it lies: round, more or less, and pressing."""
        chance = self.place.chance
        force = min(1.0, max(0.1, chance.gauss(0.45, 0.12)))
        return {
            "x": point.x,
            "y": point.y,
            "radiusX": size + chance.uniform(-0.8, 0.8),
            "radiusY": size * chance.uniform(1.0, 1.25),
            "force": force if self.device.has_force else 0.0,
            "id": 0,
        }

    def box(self, css: str) -> Box:
        """Wait for something."""
        return self.place.page.box(css)
