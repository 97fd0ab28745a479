"""Laws of bucketing, whatever the names and shares."""

import json
from datetime import timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st
from mmh3 import mmh3_32_uintdigest as murmur3

from flags.engine import (
    Flag,
    Point,
    Progression,
    Release,
    Rollout,
    Split,
    Variant,
    Weight,
)
from flags.engine.bucketing import DRAW_SEED, GATE_SEED, STEPS, draw, gate
from flags.engine.definitions import Algorithm
from flags.engine.timing import percent_at

from .asking import NOON, PEOPLE, context, served, snapshot

ROOT = Path(__file__).resolve().parent.parent.parent.parent
VECTORS = json.loads((ROOT / "tests/vectors/bucketing.json").read_text("utf-8"))
ALGORITHMS: tuple[Algorithm, ...] = ("murmur3", "unleash")
algorithms = st.sampled_from(ALGORITHMS)
groups = st.text(st.characters(codec="utf-8"), max_size=20)
percents = st.floats(0, 100)
# A share of 2,000 people that chance brings about lies within five standard errors of
# what it should be in all but one of some two million cases.
MOST = 5 / sqrt(len(PEOPLE))


@pytest.mark.parametrize(
    ("text", "gate_hash", "draw_hash"),
    [
        ("", 0, 4002661964),
        ("a", 1009084850, 1778238603),
        ("abc", 3017643002, 212112276),
        ("hello", 613153351, 3619701165),
        ("flag:user-1", 550893901, 1371124200),
    ],
)
def test_hash_is_the_published_one(text: str, gate_hash: int, draw_hash: int) -> None:
    """Another one would move everybody."""
    assert murmur3(text.encode(), GATE_SEED) == gate_hash
    assert murmur3(text.encode(), DRAW_SEED) == draw_hash


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("row", VECTORS["rows"], ids=lambda row: row["key"][:20])
def test_people_are_in_the_buckets_they_were_in(
    algorithm: Algorithm, row: dict[str, Any]
) -> None:
    """The vectors come from another implementation; changing one moves people."""
    percent = 100 / {"murmur3": STEPS, "unleash": 100}[algorithm]
    group, key, step = row["group"], row["key"], row[algorithm]["step"]
    assert gate(algorithm, group, (step + 1) * percent)(key)
    assert not gate(algorithm, group, step * percent)(key)
    drawn = draw(algorithm, group, VECTORS["weights"])(key)
    assert drawn == row[algorithm]["place"]


@settings(max_examples=50)
@given(algorithms, groups, percents, percents)
def test_raising_a_share_removes_nobody(
    algorithm: Algorithm, group: str, one: float, other: float
) -> None:
    """Who is let through at a share is at every larger one."""
    small, large = sorted((one, other))
    passes_small, passes_large = (
        gate(algorithm, group, small),
        gate(algorithm, group, large),
    )
    assert all(passes_large(person) for person in PEOPLE if passes_small(person))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(group=groups)
@settings(max_examples=20)
def test_nothing_is_nobody_and_everything_everybody(
    algorithm: Algorithm, group: str
) -> None:
    """0 and 100 are no approximations."""
    assert not any(map(gate(algorithm, group, 0), PEOPLE))
    assert all(map(gate(algorithm, group, 100), PEOPLE))


@settings(max_examples=30)
@given(algorithms, groups, st.integers(0, 100))
def test_share_is_the_share(algorithm: Algorithm, group: str, percent: int) -> None:
    """As many are let through as was said."""
    passes = gate(algorithm, group, percent)
    share = sum(map(passes, PEOPLE)) / len(PEOPLE)
    assert share == pytest.approx(percent / 100, abs=MOST * 0.5)


def test_share_of_a_thousandth_of_a_percent_is_kept() -> None:
    """100,000 steps: five people in half a million, not none and not 5,000."""
    passes = gate("murmur3", "rare", 0.001)
    assert 0 < sum(passes(f"{number}") for number in range(500_000)) < 20


def of_two(name: str, algorithm: Algorithm, percent: float = 100) -> Flag:
    """Return a flag that splits a share of people into halves."""
    halves = Split(
        weights=(Weight(variant="a", weight=1), Weight(variant="b", weight=1))
    )
    return Flag(
        name=name,
        type="string",
        variants=(Variant(name="a", value="a"), Variant(name="b", value="b")),
        release=Release(rollout=Rollout(percent=percent), serve=halves),
        algorithm=algorithm,
    )


@settings(max_examples=20)
@given(algorithms, groups, st.integers(10, 100))
def test_variants_are_independent_of_the_gate(
    algorithm: Algorithm, name: str, percent: int
) -> None:
    """Of those let through each half gets each variant: with one seed none gets b."""
    assume(name)
    flag = of_two(name, algorithm, percent)
    first, second = served(flag, "a"), served(flag, "b")
    through = len(first) + len(second)
    assert len(first) / through == pytest.approx(0.5, abs=2.5 / sqrt(through))


@settings(max_examples=20)
@given(algorithms, groups, groups)
def test_variants_are_independent_of_other_flags(
    algorithm: Algorithm, one: str, other: str
) -> None:
    """Who has a variant of one flag has either of the other."""
    assume(one and other and one != other)
    here, there = (
        served(of_two(one, algorithm), "a"),
        served(of_two(other, algorithm), "a"),
    )
    assert len(here & there) / len(here) == pytest.approx(0.5, abs=2.5 / sqrt(1_000))


@settings(max_examples=30)
@given(algorithms, groups, st.lists(st.integers(0, 50), min_size=1, max_size=6))
def test_weights_are_the_shares(
    algorithm: Algorithm, group: str, weights: list[int]
) -> None:
    """What weighs nothing is never drawn."""
    assume(any(weights))
    drawn = [draw(algorithm, group, weights)(person) for person in PEOPLE]
    for place, weight in enumerate(weights):
        share = drawn.count(place) / len(PEOPLE)
        assert share == pytest.approx(weight / sum(weights), abs=MOST * 0.5)
        assert weight or not share


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 10_000), percents), min_size=1, max_size=5),
    st.sampled_from(["linear", "steps"]),
    st.integers(-10, 10_010),
    st.integers(-10, 10_010),
)
def test_a_progression_never_goes_back(
    raw: list[tuple[int, float]], shape: str, one: int, other: int
) -> None:
    """Later is never less, and what was said holds at the moments that were named."""
    moments = sorted({at for at, _percent in raw})
    heights = sorted(percent for _at, percent in raw)
    points = tuple(
        Point(at=NOON + timedelta(seconds=at), percent=height)
        for at, height in zip(moments, heights, strict=False)
    )
    percent = percent_at(Progression(points=points, shape=shape))  # type: ignore[arg-type] # one of the two
    early, late = sorted((one, other))
    assert percent(NOON + timedelta(seconds=early)) <= percent(
        NOON + timedelta(seconds=late)
    )
    assert [percent(point.at) for point in points] == [p.percent for p in points]
    assert percent(points[0].at - timedelta(seconds=1)) == 0


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_progression_lets_in_whom_the_share_would(algorithm: Algorithm) -> None:
    """Half way from 20 to 80 is 50 %, and the same people."""
    points = (
        Point(at=NOON - timedelta(hours=1), percent=20),
        Point(at=NOON + timedelta(hours=1), percent=80),
    )
    moving = Rollout(progression=Progression(points=points))
    flags = [
        Flag(
            name="f", release=Release(rollout=rollout, serve="on"), algorithm=algorithm
        )
        for rollout in (moving, Rollout(percent=50))
    ]
    assert served(flags[0], "on") == served(flags[1], "on")


def test_in_steps_a_share_waits_for_its_moment() -> None:
    """No one is let in before."""
    points = (
        Point(at=NOON, percent=10),
        Point(at=NOON + timedelta(hours=1), percent=90),
    )
    percent = percent_at(Progression(points=points, shape="steps"))
    assert percent(NOON + timedelta(minutes=59)) == 10
    assert percent(NOON + timedelta(hours=2)) == 90


def test_two_rollouts_of_one_group_let_the_same_people_through() -> None:
    """And the flag's name does not matter then; nor does it with a salt."""
    flags = [
        Flag(name=name, release=Release(rollout=rollout, serve="on"), salt=salt)
        for name, rollout, salt in (
            ("a", Rollout(percent=30, group="g"), None),
            ("b", Rollout(percent=30, group="g"), "other"),
            ("c", Rollout(percent=30), "g"),
        )
    ]
    first, second, third = (served(flag, "on") for flag in flags)
    assert first == second == third


def test_a_rollout_sticks_to_the_first_field_there_is() -> None:
    """A household may share a session, a person keeps its own."""
    rollout = Rollout(percent=50, sticky_on=("household", "session"))
    compiled = snapshot(Flag(name="f", release=Release(rollout=rollout, serve="on")))
    for person in PEOPLE[:200]:
        alone = compiled.evaluate("f", context(session=person)).variant
        assert compiled.evaluate(
            "f", context(household=person, session="x")
        ).variant == (alone)
