"""How a verdict went, batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .axis import Axis

WIDTH: Final = 1000
HEIGHT: Final = 100


@dataclass(frozen=True, slots=True)
class Step:
    """What was said after a batch: when its last event was, and how likely a bot."""

    seq: int
    at_ms: float
    verdict: str
    probability: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where the verdict became another, both in percent from top left."""

    step: Step
    x_percent: float
    y_percent: float


@dataclass(frozen=True, slots=True)
class Course:
    """The line of probabilities in a field of 1000 by 100, and what changed on it."""

    line: str
    marks: Sequence[Mark]


def course(steps: Sequence[Step], axis: Axis) -> Course:
    """Return the drawing: a value holds until the next batch brings another.

    >>> steps = [Step(0, 0, "undecided", 0.25), Step(1, 500, "bot", 0.95)]
    >>> course(steps, Axis(0, 1000)).line
    'M0 75H500V5H1000'
    """
    if not steps:
        return Course("", [])
    path = [f"M{_x(steps[0], axis)} {_y(steps[0])}"]
    path += [f"H{_x(step, axis)}V{_y(step)}" for step in steps[1:]]
    return Course("".join([*path, f"H{WIDTH}"]), _marks(steps, axis))


def _marks(steps: Sequence[Step], axis: Axis) -> Sequence[Mark]:
    """Return the first step, the last, and each that brought another verdict."""
    changed = [new for old, new in pairwise(steps) if new.verdict != old.verdict]
    shown = {step.seq: step for step in [steps[0], *changed, steps[-1]]}
    return [
        Mark(step, axis.percent(step.at_ms), round(100 * (1 - step.probability), 2))
        for step in shown.values()
    ]


def _x(step: Step, axis: Axis) -> str:
    return f"{axis.percent(step.at_ms) * WIDTH / 100:g}"


def _y(step: Step) -> str:
    return f"{round(HEIGHT * (1 - step.probability), 2):g}"
