"""When something holds, and how far a rollout has come: functions of the moment."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from .definitions import Progression, Window

IsOpen: TypeAlias = Callable[[datetime], bool]
PercentAt: TypeAlias = Callable[[datetime], float]


def is_open(windows: Sequence[Window]) -> IsOpen:
    """Return whether a moment lies in one of the windows.

    The start belongs to a window, the end does not: windows that touch do not overlap.
    """
    spans = tuple((window.starts, window.ends) for window in windows)

    def within(now: datetime) -> bool:
        return any(
            (starts is None or starts <= now) and (ends is None or now < ends)
            for starts, ends in spans
        )

    return within


def percent_at(progression: Progression) -> PercentAt:
    """Return the percentage of a moment. It never falls, so nobody is let go again."""
    moments = [point.at for point in progression.points]
    percents = [point.percent for point in progression.points]
    steps = progression.shape == "steps"

    def percent(now: datetime) -> float:
        place = bisect_right(moments, now)
        if place == 0:
            return 0.0
        before = percents[place - 1]
        if steps or place == len(moments):
            return before
        gone = (now - moments[place - 1]) / (moments[place] - moments[place - 1])
        return before + gone * (percents[place] - before)

    return percent
