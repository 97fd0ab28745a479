"""The typing model types as people were measured to type."""

from itertools import pairwise
from random import Random
from typing import Final

import pytest

from portal.simulation import typing as typists
from portal.simulation.typing import BACKSPACE, SHIFT, Act, Typist, key_of, typed

TEXT: Final = "We took the night train to the sea. Nobody slept, and it was cold."
TEXTS: Final = 60


def texts(typist: Typist = typists.ORDINARY, seed: int = 1) -> list[list[Act]]:
    """Return one text, typed again and again."""
    chance = Random(seed)  # noqa: S311 - a model
    return [list(typed(TEXT, typist, chance)) for _text in range(TEXTS)]


def letters(acts: list[Act]) -> list[Act]:
    """Return what goes down, without shift."""
    return [act for act in acts if act.direction == "down" and act.key != SHIFT]


def percentiles(values: list[float]) -> tuple[float, float, float]:
    """Return the 5th, the 50th and the 95th."""
    ordered = sorted(values)
    low, middle, high = (
        ordered[int(len(ordered) * share)] for share in (0.05, 0.5, 0.95)
    )
    return low, middle, high


def test_text_is_typed_and_corrected() -> None:
    """What stands there at the end is the text, apart from upper case."""
    for acts in texts():
        shown: list[str] = []
        for act in letters(acts):
            if act.key == BACKSPACE:
                shown.pop()
            else:
                shown.append(act.key)
        assert shown == [key_of(character) for character in TEXT]


def test_every_key_comes_up_before_it_goes_down_again() -> None:
    """In the order of time; capitals have shift held."""
    for acts in texts():
        assert acts == sorted(acts)
        down: set[str] = set()
        capitals = 0
        for act in acts:
            if act.direction == "down":
                assert act.key not in down
                down.add(act.key)
                capitals += act.key in {"w", "n"} and SHIFT in down
            else:
                down.remove(act.key)
        assert not down
        assert capitals == 2


def test_holds_are_as_long_as_peoples() -> None:
    """55, 89 and 152 ms."""
    found = []
    for acts in texts():
        since: dict[str, float] = {}
        for act in acts:
            if act.key == SHIFT:
                continue
            if act.direction == "down":
                since[act.key] = act.at_ms
            else:
                found.append(act.at_ms - since[act.key])
    assert percentiles(found) == pytest.approx((55, 89, 152), rel=0.1)


def test_gaps_are_as_long_as_peoples() -> None:
    """37, 167 and 760 ms; the lowest depends on which keys may overlap."""
    found = [b.at_ms - a.at_ms for acts in texts() for a, b in pairwise(letters(acts))]
    low, middle, high = percentiles(found)
    assert 30 < low < 60
    assert (middle, high) == pytest.approx((167, 760), rel=0.15)


def test_keys_overlap_and_are_corrected_as_peoples() -> None:
    """16 % overlap, and 5 to 12 % are backspaces."""
    overlaps = backspaces = keys = 0
    for acts in texts():
        down: set[str] = set()
        for act in acts:
            if act.key == SHIFT:
                continue
            if act.direction == "down":
                overlaps += bool(down)
                down.add(act.key)
            else:
                down.discard(act.key)
        keys += len(letters(acts))
        backspaces += sum(act.key == BACKSPACE for act in letters(acts))
    assert overlaps / keys == pytest.approx(0.16, abs=0.03)
    assert 0.05 < backspaces / keys < 0.12


def test_same_seed_is_the_same_person() -> None:
    """And a quick one is quicker."""
    assert texts(seed=3) == texts(seed=3)
    assert texts(seed=3) != texts(seed=4)
    quick, slow = texts(typists.QUICK), texts(typists.SLOW)
    assert sum(a[-1].at_ms for a in quick) < sum(a[-1].at_ms for a in slow)
