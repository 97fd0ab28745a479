"""Each fault is found, and its place is named."""

from datetime import timedelta
from typing import Any

import pytest

from flags.engine import (
    Constraint,
    Definitions,
    Flag,
    Override,
    Pin,
    Point,
    Prerequisite,
    Progression,
    Release,
    Rollout,
    Rule,
    Segment,
    Split,
    Variant,
    Weight,
    Window,
    check,
)

from .asking import NOON

FINE = Variant(name="v", value=True)


def faults(*flags: Flag, **others: Any) -> list[tuple[str, str]]:
    """Return places and codes."""
    definitions = Definitions(flags=flags, **others)
    return [(issue.place, issue.code) for issue in check(definitions)]


def constraint(operator: Any, **wanted: Any) -> Constraint:
    """Return a constraint of some field."""
    return Constraint(attribute="field", operator=operator, **wanted)


def test_what_is_right_has_no_faults() -> None:
    """Neither has nothing at all."""
    assert check(Definitions()) == ()
    assert faults(Flag(name="f", default="on")) == []


@pytest.mark.parametrize(
    ("one", "place", "code"),
    [
        (constraint("NUM_EQ"), "/value", "value_missing"),
        (constraint("NUM_EQ", value="x"), "/value", "not_a_number"),
        (constraint("DATE_AFTER", value="2026-01-01T00:00:00"), "/value", "not_a_date"),
        (constraint("SEMVER_GT", value="v1.0.0"), "/value", "not_a_version"),
        (constraint("REGEX", value="(?=a)b"), "/value", "not_an_expression"),
        (constraint("REGEX", value=r"(a)\1"), "/value", "not_an_expression"),
        (constraint("REGEX", value="a" * 1_001), "/value", "not_an_expression"),
        (
            constraint("REGEX", value="((a{100}){100}){100}"),
            "/value",
            "not_an_expression",
        ),
        (constraint("REGEX", value="\ud800"), "/value", "not_an_expression"),
        (constraint("STR_CONTAINS"), "/values", "values_missing"),
        (constraint("IN_CIDR"), "/values", "values_missing"),
        (constraint("IN_CIDR", values=("::1", "x")), "/values/1", "not_a_network"),
        (Constraint(attribute="", operator="IN"), "/attribute", "name_missing"),
    ],
)
def test_constraints(one: Constraint, place: str, code: str) -> None:
    """In a rule as well as in a segment."""
    rule = Rule(id="r", serve="on", constraints=(constraint("IN"), one))
    found = faults(
        Flag(name="f", rules=(rule,)), segments=(Segment(name="s", constraints=(one,)),)
    )
    assert found == [
        (f"/flags/0/rules/0/constraints/1{place}", code),
        (f"/segments/0/constraints/0{place}", code),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("boolean", 1, "value_of_other_type"),
        ("string", True, "value_of_other_type"),
        ("number", True, "value_of_other_type"),
        ("number", "1", "value_of_other_type"),
        ("number", float("nan"), "value_too_large"),
        ("number", 2**53, "value_too_large"),
        ("json", "text", "value_of_other_type"),
        ("json", {"a": [float("inf")]}, "value_too_large"),
        ("json", {"a": {1, 2}}, "value_too_large"),
        ("boolean", None, None),
        ("number", 2**53 - 1, None),
        ("number", 0.5, None),
        ("json", [{"a": None}], None),
    ],
)
def test_values(kind: Any, value: Any, code: str | None) -> None:
    """A value is of its flag's type, and JSON keeps it as it is."""
    found = faults(
        Flag(name="f", type=kind, variants=(Variant(name="v", value=value),))
    )
    assert found == ([] if code is None else [("/flags/0/variants/0/value", code)])


def test_values_are_not_too_deep() -> None:
    """Parsers give up on such."""
    deep: Any = []
    for _level in range(60):
        deep = [deep]
    found = faults(
        Flag(name="f", type="json", variants=(Variant(name="v", value=deep),))
    )
    assert found == [("/flags/0/variants/0/value", "value_too_large")]


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"default": "x"}, "/default", "variant_unknown"),
        ({"off": "x"}, "/off", "variant_unknown"),
        ({"safe": "x"}, "/safe", "variant_unknown"),
        ({"sticky_on": ()}, "/sticky_on", "key_missing"),
        ({"sticky_on": ("",)}, "/sticky_on/0", "name_missing"),
        ({"metadata": {"n": float("nan")}}, "/metadata", "value_too_large"),
        ({"variants": (FINE, FINE)}, "/variants/1/name", "name_taken"),
        ({"variants": (Variant(name=""),)}, "/variants/0/name", "name_missing"),
        (
            {"variants": (Variant(name="v", metadata={"n": float("inf")}),)},
            "/variants/0/metadata",
            "value_too_large",
        ),
        ({"windows": (Window(starts=NOON, ends=NOON),)}, "/windows/0", "window_empty"),
        ({"rules": (Rule(id="", serve="on"),)}, "/rules/0/id", "name_missing"),
        ({"rules": (Rule(id="release", serve="on"),)}, "/rules/0/id", "name_taken"),
        ({"rules": (Rule(id="override:x", serve="on"),)}, "/rules/0/id", "name_taken"),
        (
            {"rules": (Rule(id="r", serve="on"), Rule(id="r", serve="on"))},
            "/rules/1/id",
            "name_taken",
        ),
        ({"rules": (Rule(id="r", serve="x"),)}, "/rules/0/serve", "variant_unknown"),
        (
            {"rules": (Rule(id="r", serve="on", segments=("x",)),)},
            "/rules/0/segments/0",
            "segment_unknown",
        ),
        (
            {"prerequisites": (Prerequisite(flag="x", variants=("on",)),)},
            "/prerequisites/0/flag",
            "flag_unknown",
        ),
        (
            {"prerequisites": (Prerequisite(flag="g", variants=("on", "x")),)},
            "/prerequisites/0/variants/1",
            "variant_unknown",
        ),
        (
            {"prerequisites": (Prerequisite(flag="f", variants=("on",)),)},
            "/prerequisites",
            "flag_needs_itself",
        ),
        ({"prerequisites": (Prerequisite(flag="x", variants=()),)}, "", ""),
    ],
)
def test_flags(fields: dict[str, Any], place: str, code: str) -> None:
    """What a flag names has to be there."""
    found = faults(Flag(name="f", **fields), Flag(name="g"))
    assert found == ([(f"/flags/0{place}", code)] if code else [])


@pytest.mark.parametrize(
    ("rollout", "place", "code"),
    [
        (Rollout(percent=-1), "/percent", "percent_out_of_range"),
        (Rollout(percent=100.5), "/percent", "percent_out_of_range"),
        (Rollout(percent=float("nan")), "/percent", "percent_out_of_range"),
        (Rollout(sticky_on=("a", "")), "/sticky_on/1", "name_missing"),
        (
            Rollout(progression=Progression(points=())),
            "/progression/points",
            "points_missing",
        ),
        (
            Rollout(progression=Progression(points=(Point(at=NOON, percent=101),))),
            "/progression/points/0/percent",
            "percent_out_of_range",
        ),
        (
            Rollout(
                progression=Progression(
                    points=(Point(at=NOON, percent=1), Point(at=NOON, percent=2))
                )
            ),
            "/progression/points/1",
            "points_out_of_order",
        ),
        (
            Rollout(
                progression=Progression(
                    points=(
                        Point(at=NOON, percent=2),
                        Point(at=NOON + timedelta(1), percent=1),
                    )
                )
            ),
            "/progression/points/1",
            "points_out_of_order",
        ),
    ],
)
def test_rollouts(rollout: Rollout, place: str, code: str) -> None:
    """In a rule as well as in the release."""
    flag = Flag(
        name="f",
        rules=(Rule(id="r", serve="on", rollout=rollout),),
        release=Release(rollout=rollout, serve="on"),
    )
    assert faults(flag) == [
        (f"/flags/0/rules/0/rollout{place}", code),
        (f"/flags/0/release/rollout{place}", code),
    ]


@pytest.mark.parametrize(
    ("split", "place", "code"),
    [
        (Split(weights=()), "/weights", "weights_missing"),
        (
            Split(weights=(Weight(variant="on", weight=0),)),
            "/weights",
            "weights_missing",
        ),
        (
            Split(
                weights=(
                    Weight(variant="on", weight=1),
                    Weight(variant="off", weight=-1),
                )
            ),
            "/weights/1/weight",
            "weight_negative",
        ),
        (
            Split(weights=(Weight(variant="x", weight=1),)),
            "/weights/0/variant",
            "variant_unknown",
        ),
        (
            Split(
                weights=(Weight(variant="on", weight=1),),
                pins=(Pin(variant="x", attribute="a", values=()),),
            ),
            "/pins/0/variant",
            "variant_unknown",
        ),
        (
            Split(weights=(Weight(variant="on", weight=1),), sticky_on=("",)),
            "/sticky_on/0",
            "name_missing",
        ),
    ],
)
def test_splits(split: Split, place: str, code: str) -> None:
    """Somebody has to get something, and it has to be there."""
    flag = Flag(name="f", release=Release(rollout=Rollout(), serve=split))
    assert faults(flag) == [(f"/flags/0/release/serve{place}", code)]


def test_prerequisites_do_not_explode() -> None:
    """Each flag here needs two, and each of those the same two further on."""
    flags = [Flag(name=name) for name in ("0-a", "0-b")]
    for level in range(1, 12):
        needed = tuple(
            Prerequisite(flag=f"{level - 1}-{side}", variants=("on",)) for side in "ab"
        )
        flags += [Flag(name=f"{level}-{side}", prerequisites=needed) for side in "ab"]
    found = faults(*flags)
    assert {code for _place, code in found} == {"too_many_prerequisites"}
    assert found[0][0] == "/flags/16/prerequisites"


def test_names_are_there_once() -> None:
    """And are neither empty nor endless."""
    found = faults(
        Flag(name="f"),
        Flag(name="f"),
        Flag(name=""),
        Flag(name="x" * 256),
        segments=(Segment(name="s"), Segment(name="s")),
    )
    assert found == [
        ("/flags/1/name", "name_taken"),
        ("/flags/2/name", "name_missing"),
        ("/flags/3/name", "name_too_long"),
        ("/segments/1/name", "name_taken"),
    ]


def test_a_base_may_be_referred_to_and_keeps_its_names() -> None:
    """As an organization's definitions refer to the installation's."""
    base = Definitions(flags=(Flag(name="f"),), segments=(Segment(name="s"),))
    rule = Rule(id="r", serve="on", segments=("s",))
    own = Definitions(
        flags=(Flag(name="g", rules=(rule,)), Flag(name="f")),
        segments=(Segment(name="s"),),
        overrides=(Override(flag="f", organization="acme", variant="on"),),
    )
    assert [(issue.place, issue.code) for issue in check(own, base)] == [
        ("/flags/1/name", "name_taken"),
        ("/segments/0/name", "name_taken"),
    ]
