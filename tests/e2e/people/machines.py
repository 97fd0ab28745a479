"""Ordinary people whose browser, screen or line is not what most have."""

from dataclasses import dataclass
from typing import Final

from portal.simulation import hand as hands, typing as typists
from portal.simulation.hand import Box, Point, aim, stroke

from .desk import Desk, answer, brisk, write_briefly
from .person import Place

# Steps of recordings over remote desktop (balabit): most of 16 ms, many of 109.
FRAMES_MS: Final = (16.0, 109.0)
SLOW_SHARE: Final = 0.35


@dataclass(slots=True)
class RemoteDesk(Desk):
    """A desk whose mouse is seen only at the ticks of a line's clock."""

    def go(self, box: Box) -> None:
        """Move there; the other side learns of it now and then."""
        chance = self.place.chance
        moves = stroke(self.at, aim(box, chance), box.smaller, self.hand, chance)
        tick = FRAMES_MS[chance.random() < SLOW_SHARE]
        told = {int(move.at_ms // tick): move for move in moves}
        self.place.seat.play(
            [((at + 1) * tick, "move", move.x, move.y) for at, move in told.items()]
        )
        self.at = Point(moves[-1].x, moves[-1].y)


def remote(place: Place) -> None:
    """Work on a machine that is somewhere else."""
    answer(RemoteDesk(place, hands.QUICK, typists.QUICK), write_briefly)


def developer(place: Place) -> None:
    """Have the developer tools listen: console, debugger, network."""
    pipe = place.page.pipe
    targets = pipe.ask("Target.getTargets")["targetInfos"]
    page = next(one["targetId"] for one in targets if one["type"] == "page")
    tools = pipe.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
    for domain in ("Runtime", "Debugger", "Network", "Log", "DOM", "CSS", "Overlay"):
        pipe.ask(f"{domain}.enable", tools)
    answer(brisk(place), write_briefly)


def zoomed(place: Place) -> None:
    """Enlarge pages by half, with the keys that everybody has for it."""
    desk = brisk(place)
    place.page.box("main")
    for _step in range(3):
        desk.key("Control_L", "equal")
        place.wait(0.2, 0.4)
    answer(desk, write_briefly)


def from_right(place: Place) -> None:
    """Read from right to left."""
    desk = brisk(place)
    desk.arrive = turn_round
    answer(desk, write_briefly)


def turn_round(place: Place) -> None:
    """Let the page run from right to left, and look at it."""
    place.page.evaluate("document.documentElement.dir = 'rtl'")
    place.look()


def looks_away(place: Place) -> None:
    """Open another tab in between, on each page, and come back."""
    desk = brisk(place)

    def away(_place: Place) -> None:
        place.look()
        desk.key("Control_L", "t")
        place.wait(1.0, 2.0)
        desk.key("Control_L", "w")
        place.look()

    desk.arrive = away
    answer(desk, write_briefly)
