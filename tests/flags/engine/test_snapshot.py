"""A snapshot answers whatever it is asked, and nothing changes it."""

import copy
import json
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from flags.engine import (
    Constraint,
    Context,
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
    compile_snapshot,
)

from .asking import NOON, ask, context, snapshot
from .definitions_strategy import definitions, scalars

HALF = Release(rollout=Rollout(percent=50), serve="on")


def test_unknown_flag_is_an_answer() -> None:
    """The caller's own default holds."""
    found = snapshot().evaluate("nope", context())
    assert (found.value, found.reason, found.error) == (None, "ERROR", "FLAG_NOT_FOUND")


def test_flag_of_another_type_is_an_answer() -> None:
    """Asked as a flag of another type it has nothing to say, not even about off."""
    compiled = snapshot(Flag(name="f", default="on"), Flag(name="g", enabled=False))
    assert compiled.evaluate_as("boolean", "f", context()).value is True
    for name in ("f", "g"):
        found = compiled.evaluate_as("string", name, context())
        assert (found.value, found.error) == (None, "TYPE_MISMATCH")
    assert compiled.evaluate_as("string", "h", context()).error == "FLAG_NOT_FOUND"


def test_rollout_with_nobody_to_stick_to_is_an_answer() -> None:
    """The default is served beside the error, for who has no other."""
    points = (Point(at=NOON, percent=50),)
    for rollout in (
        Rollout(percent=50),
        Rollout(percent=50, sticky_on=("device", "session")),
        Rollout(progression=Progression(points=points)),
    ):
        release = Release(rollout=rollout, serve="on")
        found = ask(Flag(name="f", release=release, default="off"), context())
        assert (found.value, found.reason) == (False, "ERROR")
        assert found.error == "TARGETING_KEY_MISSING"


def test_a_missing_key_matters_only_where_nothing_else_decides() -> None:
    """A later rule does, and so does a rollout to nobody."""
    rules = (
        Rule(id="half", serve="on", rollout=Rollout(percent=50)),
        Rule(id="all", serve="off"),
    )
    assert ask(Flag(name="f", rules=rules), context()).rule == "all"
    nobody = Release(rollout=Rollout(percent=0), serve="on")
    assert ask(Flag(name="f", release=nobody), context()).error is None


def test_split_with_nobody_to_stick_to_is_an_answer() -> None:
    """Unless it may stick to the draw of the request."""
    weights = (Weight(variant="on", weight=1), Weight(variant="off", weight=1))
    serves = Split(weights=weights), Split(weights=weights, sticky_on=("x", "random"))
    first, second = (
        Flag(name="f", rules=(Rule(id="r", serve=serve),)) for serve in serves
    )
    assert ask(first, context()).error == "TARGETING_KEY_MISSING"
    drawn = {
        ask(second, Context({}, NOON, draw)).variant for draw in map(str, range(50))
    }
    assert drawn == {"on", "off"}


def test_pinned_people_get_their_variant() -> None:
    """Whatever the weights say, and even without a key."""
    split = Split(
        weights=(Weight(variant="on", weight=1),),
        pins=(Pin(variant="off", attribute="role", values=("tester",)),),
    )
    flag = Flag(name="f", rules=(Rule(id="r", serve=split),))
    assert ask(flag, context(role="tester")).variant == "off"
    assert ask(flag, context("ada", role="other")).variant == "on"


@pytest.mark.parametrize(
    "asked",
    [
        Context({"targetingKey": "\ud800"}, NOON),
        Context({"targetingKey": "ada"}, datetime(2026, 1, 1)),  # noqa: DTZ001 - naive
        Context(None, NOON),  # type: ignore[arg-type] # a caller's mistake
    ],
    ids=["half a pair", "naive moment", "no fields"],
)
def test_no_context_makes_an_evaluation_raise(asked: Context) -> None:
    """What is safe is served, for this flag alone."""
    window = Window(ends=NOON + timedelta(days=1))
    flag = Flag(name="f", release=HALF, windows=(window,), default="off", safe="on")
    compiled = snapshot(flag, Flag(name="g", default="on"))
    found = compiled.evaluate("f", asked)
    assert (found.value, found.error) == (True, "INVALID_CONTEXT")
    assert compiled.evaluate("g", asked).value is True


def test_broken_flag_serves_what_is_safe_and_leaves_others_alone() -> None:
    """A detection does not go off because somebody mistyped a rule."""
    rule = Rule(id="r", serve="nope")
    broken = Flag(name="broken", rules=(rule,), default="off", safe="on")
    needing = Flag(
        name="needing",
        prerequisites=(Prerequisite(flag="broken", variants=("off",)),),
        default="on",
    )
    compiled = compile_snapshot(
        Definitions(flags=(broken, needing, Flag(name="fine", default="on")))
    )
    found = compiled.evaluate("broken", context())
    assert (found.value, found.error) == (True, "PARSE_ERROR")
    assert compiled.evaluate("needing", context()).rule == "prerequisite:broken"
    assert compiled.evaluate("fine", context()).value is True
    assert [issue.place for issue in compiled.issues] == ["/flags/0/rules/0/serve"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(definitions, st.dictionaries(st.text(max_size=8), scalars, max_size=4))
def test_no_definition_makes_anything_raise(
    given_ones: Definitions, attributes: dict[str, Any]
) -> None:
    """Nor does any field; a flag has an error if and only if something is wrong."""
    compiled = compile_snapshot(given_ones)
    for one in compiled.evaluate_all(Context(attributes, NOON, "1")):
        assert one.error in {None, "PARSE_ERROR", "TARGETING_KEY_MISSING"}
        if one.error == "PARSE_ERROR":
            assert compiled.issues


def test_flags_in_a_circle_are_broken() -> None:
    """And so is who needs one of them; nothing runs in circles."""
    pairs = (("a", "bd"), ("b", "a"), ("c", "a"), ("d", ""))
    flags = tuple(
        Flag(
            name=name,
            prerequisites=tuple(
                Prerequisite(flag=other, variants=("on",)) for other in others
            ),
        )
        for name, others in pairs
    )
    compiled = compile_snapshot(Definitions(flags=flags))
    errors = [one.error for one in compiled.evaluate_all(context())]
    assert errors == ["PARSE_ERROR", "PARSE_ERROR", "PARSE_ERROR", None]


def test_flag_with_a_broken_segment_is_broken() -> None:
    """Nobody knows who would be in it."""
    constraint = Constraint(attribute="x", operator="REGEX", value="(")
    segments = (Segment(name="s", constraints=(constraint,)),)
    flag = Flag(name="f", rules=(Rule(id="r", serve="on", segments=("s",)),))
    compiled = compile_snapshot(Definitions(flags=(flag,), segments=segments))
    assert compiled.evaluate("f", context()).error == "PARSE_ERROR"
    assert [issue.code for issue in compiled.issues] == ["not_an_expression"]


def test_override_for_a_variant_that_is_gone_is_ignored() -> None:
    """The rest decides."""
    overrides = (
        Override(flag="f", user="ada", variant="gone"),
        Override(flag="g", user="ada", variant="on"),
        Override(flag="f", variant="on"),
    )
    compiled = compile_snapshot(
        Definitions(flags=(Flag(name="f", default="off"),), overrides=overrides)
    )
    assert compiled.evaluate("f", context("ada")).value is False
    codes = [issue.code for issue in compiled.issues]
    assert codes == ["variant_unknown", "flag_unknown", "nobody_named"]


def test_all_are_evaluated_in_the_order_of_their_names() -> None:
    """Or those that are asked for, in that order."""
    compiled = snapshot(Flag(name="b"), Flag(name="a", default="on"))
    every = compiled.evaluate_all(context())
    assert [one.flag for one in every] == ["a", "b"]
    some = compiled.evaluate_all(context(), ["b", "nope"])
    assert [one.error for one in some] == [None, "FLAG_NOT_FOUND"]
    assert "a" in compiled
    assert "nope" not in compiled
    assert len(compiled) == 2


def test_metadata_of_flag_and_variant_comes_along() -> None:
    """The variant's holds where both say something."""
    variant = Variant(name="on", value=True, metadata={"team": "b"})
    flag = Flag(
        name="f", variants=(variant,), metadata={"team": "a", "tier": 1}, default="on"
    )
    assert ask(flag, context()).metadata == {"team": "b", "tier": 1}
    unset = Flag(name="g", metadata={"team": "a"})
    assert ask(unset, context()).metadata == {"team": "a"}


NESTED = {"limits": [1, {"deep": True}], "name": "x"}
CHANGES: list[Callable[[Any], Any]] = [
    lambda value: value.update(a=1),
    lambda value: value.__setitem__("name", "y"),
    lambda value: value.pop("name"),
    lambda value: value["limits"].append(2),
    lambda value: value["limits"].sort(),
    lambda value: value["limits"][1].clear(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_values_cannot_be_changed(change: Callable[[Any], Any]) -> None:
    """Else who changes one changes it for everybody."""
    flag = Flag(
        name="f",
        type="json",
        variants=(Variant(name="v", value=NESTED),),
        default="v",
    )
    value = ask(flag, context()).value
    with pytest.raises(TypeError, match="copy it"):
        change(value)
    assert value == NESTED
    assert json.loads(json.dumps(value)) == NESTED


def test_value_that_is_too_deep_breaks_its_flag_alone() -> None:
    """However deep it is."""
    deep: Any = []
    for _level in range(2_000):
        deep = [deep]
    variants = (Variant(name="v", value=deep),)
    flag = Flag(name="f", type="json", variants=variants, default="v")
    compiled = compile_snapshot(Definitions(flags=(flag, Flag(name="g", default="on"))))
    assert compiled.evaluate("f", context()).error == "PARSE_ERROR"
    assert compiled.evaluate("g", context()).value is True


def test_copies_of_values_can_be_changed() -> None:
    """They are a plain dict and a plain list."""
    flag = Flag(
        name="f", type="json", variants=(Variant(name="v", value=NESTED),), default="v"
    )
    value = ask(flag, context()).value
    for own in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 - our own
        own["limits"].append(2)
        own["name"] = "y"
        assert type(own) is dict
    assert value == NESTED


def base_and_own(*flags: Flag, **others: Any) -> tuple[Any, Any]:
    """Return the installation's snapshot, and one of an organization's upon it."""
    needs_a = (Prerequisite(flag="a", variants=("on",)),)
    base = snapshot(
        Flag(name="a", default="on"),
        Flag(name="b", prerequisites=needs_a, default="on", off="off"),
        Flag(name="c", default="on"),
        segments=(Segment(name="everybody"),),
    )
    own = compile_snapshot(Definitions(flags=flags, **others), version=2, base=base)
    return base, own


def test_organization_has_the_flags_of_the_installation_and_its_own() -> None:
    """Its own may name segments and flags of the installation."""
    rule = Rule(id="r", serve="on", segments=("everybody", "nobody"))
    needs_a = (Prerequisite(flag="a", variants=("on",)),)
    nobody = Constraint(attribute="x", operator="IN", values=())
    base, own = base_and_own(
        Flag(name="mine", rules=(rule,), prerequisites=needs_a, default="off"),
        segments=(Segment(name="nobody", constraints=(nobody,)),),
    )
    assert own.issues == ()
    assert own.version == 2
    assert own.evaluate("mine", context()).value is False
    assert own.evaluate("c", context()) == base.evaluate("c", context())
    assert [flag.name for flag in own.definitions.flags] == ["a", "b", "c", "mine"]
    assert "mine" not in base


def test_organization_overrides_a_flag_of_the_installation() -> None:
    """What depends on it follows; the installation and other flags do not notice."""
    override = Override(flag="a", organization="acme", variant="off")
    base, own = base_and_own(overrides=(override,))
    asked = context("ada", organizationId="acme")
    assert own.evaluate("a", asked).value is False
    assert own.evaluate("b", asked).rule == "prerequisite:a"
    assert base.evaluate("a", asked).value is True
    assert base.evaluate("b", asked).value is True
    assert own.built.decisions["c"] is base.built.decisions["c"]


def test_names_of_the_installation_stay_its_own() -> None:
    """A customer cannot take the place of a detection, or break it."""
    broken = Flag(name="a", default="nope")
    override = Override(flag="a", user="ada", variant="off")
    base, own = base_and_own(broken, overrides=(override,))
    assert own.evaluate("a", context()).value is True
    assert own.evaluate("a", context("ada")).value is False
    codes = [issue.code for issue in own.issues]
    assert codes == ["name_taken", "variant_unknown"]
    assert base.evaluate("a", context("ada")).value is True


def test_the_first_of_a_name_holds() -> None:
    """What is wrong with another one is not wrong with it."""
    flags = Flag(name="f", default="on"), Flag(name="f", default="nope")
    compiled = compile_snapshot(Definitions(flags=flags))
    assert compiled.evaluate("f", context()).value is True
    assert len(compiled.issues) == 2


def test_a_broken_flag_of_the_installation_stays_broken() -> None:
    """For organizations that override it as well."""
    rule = Rule(id="r", serve="nope")
    broken = Flag(name="f", rules=(rule,), safe="on")
    base = compile_snapshot(Definitions(flags=(broken,)))
    override = Override(flag="f", user="ada", variant="off")
    own = compile_snapshot(Definitions(overrides=(override,)), base=base)
    assert own.evaluate("f", context("ada")).error == "PARSE_ERROR"
