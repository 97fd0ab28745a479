"""What is wrong with a rollout, a window or a split."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from .definitions import Progression, Rollout, Serve, Split, Window
from .issues import Issue

WHOLE: Final = 100.0


def check_rollout(rollout: Rollout, place: str) -> Iterator[Issue]:
    """Yield what is wrong with a rollout."""
    yield from _check_percent(rollout.percent, place + "/percent")
    yield from check_keys(rollout.sticky_on, place)
    if rollout.progression is not None:
        yield from _check_progression(rollout.progression, place + "/progression")


def _check_progression(progression: Progression, place: str) -> Iterator[Issue]:
    """Yield what is wrong with a progression: it goes on in time, and never back."""
    points = progression.points
    if not points:
        yield Issue(place + "/points", "points_missing")
    for index, point in enumerate(points):
        yield from _check_percent(point.percent, f"{place}/points/{index}/percent")
    for index, (before, after) in enumerate(pairwise(points), start=1):
        if after.at <= before.at or after.percent < before.percent:
            yield Issue(f"{place}/points/{index}", "points_out_of_order")


def _check_percent(percent: float, place: str) -> Iterator[Issue]:
    """Yield what is wrong with a percentage; "not a number" is none either."""
    if not 0 <= percent <= WHOLE:
        yield Issue(place, "percent_out_of_range", str(percent))


def check_keys(sticky_on: Sequence[str], place: str) -> Iterator[Issue]:
    """Yield fields without a name."""
    for index, name in enumerate(sticky_on):
        if not name:
            yield Issue(f"{place}/sticky_on/{index}", "name_missing")


def check_windows(windows: Sequence[Window], place: str) -> Iterator[Issue]:
    """Yield windows that are never open."""
    for index, window in enumerate(windows):
        if window.starts and window.ends and window.ends <= window.starts:
            yield Issue(f"{place}/windows/{index}", "window_empty")


def check_serve(serve: Serve, variants: Collection[str], place: str) -> Iterator[Issue]:
    """Yield what is wrong with what is served."""
    if isinstance(serve, Split):
        yield from _check_split(serve, variants, place)
    elif serve not in variants:
        yield Issue(place, "variant_unknown", serve)


def _check_split(
    split: Split, variants: Collection[str], place: str
) -> Iterator[Issue]:
    """Yield what is wrong with a split."""
    yield from check_keys(split.sticky_on, place)
    for index, one in enumerate(split.weights):
        at = f"{place}/weights/{index}"
        if one.variant not in variants:
            yield Issue(at + "/variant", "variant_unknown", one.variant)
        if one.weight < 0:
            yield Issue(at + "/weight", "weight_negative", str(one.weight))
    if not any(one.weight > 0 for one in split.weights):
        yield Issue(place + "/weights", "weights_missing")
    for index, pin in enumerate(split.pins):
        if pin.variant not in variants:
            yield Issue(f"{place}/pins/{index}/variant", "variant_unknown", pin.variant)
