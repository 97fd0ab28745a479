"""Who is in which arm: the same for ever, and nobody moves by growth."""

from typing import Any

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from benchmarks import calibration
from experiments.engine.assignment import Asked, Why, assign, number
from experiments.engine.design import Design, Namespace, Variant

DESIGN = Design(variants=(Variant("control"), Variant("a"), Variant("b", weight=2.0)))
UNITS = [f"unit-{n}" for n in range(2000)]


def arms(design: Design, seed: str = "seed", **known: Any) -> list[str]:
    """Return the arm of each unit; nothing for who takes no part."""
    found = [assign(design, seed, Asked(unit, **known)) for unit in UNITS]
    return [one.variant.name if one.takes_part else "" for one in found]


@given(st.floats(0, 1), st.floats(0, 1))
def test_growing_share_moves_nobody(some: float, more: float) -> None:
    """Who was in stays in the same arm; others only come."""
    less, more = sorted((some, more))
    for unit in UNITS[:50]:
        before = assign(replace(DESIGN, share=less), "seed", Asked(unit))
        after = assign(replace(DESIGN, share=more), "seed", Asked(unit))
        if before.takes_part:
            assert after == before


def test_arms_have_their_weights() -> None:
    """A quarter, a quarter, a half."""
    found = arms(DESIGN)
    assert found.count("b") == pytest.approx(1000, abs=110)
    assert found.count("a") == pytest.approx(500, abs=100)


def test_another_seed_is_another_draw() -> None:
    """Two experiments share no pattern."""
    same = sum(a == b for a, b in zip(arms(DESIGN), arms(DESIGN, "other"), strict=True))
    assert same == pytest.approx(2000 * (1 / 16 + 1 / 16 + 1 / 4), abs=130)


def test_namespaces_that_do_not_meet_share_nobody() -> None:
    """And together they are everybody."""
    first, second = (
        arms(replace(DESIGN, namespace=Namespace("checks", *part)))
        for part in ((0.0, 0.3), (0.3, 1.0))
    )
    assert all(bool(a) != bool(b) for a, b in zip(first, second, strict=True))
    assert sum(map(bool, first)) == pytest.approx(600, abs=90)


def test_order_of_what_decides() -> None:
    """A look first, then who was there, then all that keeps one out."""
    outside = replace(DESIGN, share=0.0)
    why = {
        Why.FORCED: Asked("u", forced="b", held="a", in_audience=False),
        Why.KEPT: Asked("u", held="a", in_audience=False),
        Why.OUTSIDE_AUDIENCE: Asked("u", in_audience=False),
        Why.OUTSIDE_SHARE: Asked("u"),
    }
    for expected, asked in why.items():
        assert assign(outside, "seed", asked).why is expected
    assert assign(DESIGN, "seed", Asked("u")).why is Why.ASSIGNED


@pytest.mark.parametrize("gone", ["c", "off"])
def test_arm_that_is_gone_lets_its_units_go(gone: str) -> None:
    """They draw anew; an arm without a weight keeps nobody."""
    design = replace(DESIGN, variants=(*DESIGN.variants, Variant("off", weight=0.0)))
    found = assign(design, "seed", Asked("u", held=gone, forced="nothing"))
    assert found.why is Why.ASSIGNED
    assert found.variant.name != "off"


def test_number_is_released() -> None:
    """Another one would move everybody who is in an experiment."""
    assert number("seed", "variant", "unit-1") == pytest.approx(0.381371, abs=1e-6)
    assert number("s" * 100, "variant", "u") != number("s" * 99, "variant", "u")


def test_calibration_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """With fewer replicates than the real thing, and margins as much wider."""
    assert calibration.main(["--replicates", "400"]) == 0
    assert "A/A, looked at daily, as if once" in capsys.readouterr().out
