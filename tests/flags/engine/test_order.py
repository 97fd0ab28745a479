"""What decides before what."""

from datetime import timedelta
from typing import Any

import pytest

from flags.engine import (
    Constraint,
    Flag,
    Override,
    Prerequisite,
    Release,
    Rollout,
    Rule,
    Variant,
    Window,
)

from .asking import NOON, ask, context, snapshot

VARIANTS = tuple(
    Variant(name=name, value=name)
    for name in ("off", "user", "org", "rule", "release", "default")
)
RULE = Rule(
    id="norway",
    serve="rule",
    constraints=(Constraint(attribute="country", operator="IN", values=("NO",)),),
)
FLAG = Flag(
    name="all",
    type="string",
    variants=VARIANTS,
    rules=(RULE,),
    release=Release(rollout=Rollout(percent=50), serve="release"),
    default="default",
    off="off",
    version=7,
)
OVERRIDES = (
    Override(flag="all", user="ada", variant="user"),
    Override(flag="all", organization="acme", variant="org"),
)
EVERYTHING = {"organizationId": "acme", "country": "NO"}


@pytest.mark.parametrize(
    ("user", "fields", "variant", "reason", "rule"),
    [
        ("ada", EVERYTHING, "user", "TARGETING_MATCH", "override:user"),
        ("bob", EVERYTHING, "org", "TARGETING_MATCH", "override:organization"),
        ("bob", {"country": "NO"}, "rule", "TARGETING_MATCH", "norway"),
        ("bob", {}, "release", "SPLIT", "release"),
        ("carol", {}, "default", "DEFAULT", "default"),
    ],
)
def test_the_first_that_applies_decides(
    user: str, fields: dict[str, Any], variant: str, reason: str, rule: str
) -> None:
    """Users, organizations, rules, the rollout, the default: in this order."""
    found = ask(FLAG, context(user, **fields), overrides=OVERRIDES)
    assert (found.variant, found.value) == (variant, variant)
    assert (found.reason, found.rule, found.version) == (reason, rule, 7)


def test_kill_switch_beats_everything() -> None:
    """Who has an override is switched off with everybody else."""
    flag = Flag(name="all", enabled=False, type="string", variants=VARIANTS, off="off")
    found = ask(flag, context("ada"), overrides=OVERRIDES)
    assert (found.value, found.reason, found.rule) == ("off", "DISABLED", "kill_switch")


def test_off_without_a_variant_leaves_it_to_the_caller() -> None:
    """None is "no opinion", and not False."""
    found = ask(Flag(name="f", enabled=False), context())
    assert (found.value, found.variant, found.reason) == (None, "", "DISABLED")


def test_outside_its_windows_a_flag_is_off() -> None:
    """The start belongs to the window, the end does not."""
    window = Window(starts=NOON, ends=NOON + timedelta(hours=1))
    flag = Flag(name="f", default="on", off="off", windows=(window,))
    answers = [
        ask(flag, context(now=NOON + timedelta(minutes=minutes)))
        for minutes in (-1, 0, 59, 60)
    ]
    assert [one.value for one in answers] == [False, True, True, False]
    assert (answers[0].reason, answers[0].rule) == ("DISABLED", "window")


def test_one_open_window_is_enough() -> None:
    """A window without a start or an end is open on that side."""
    early = Window(ends=NOON - timedelta(hours=1))
    late = Window(starts=NOON + timedelta(hours=1))
    flag = Flag(name="f", default="on", off="off", windows=(early, late))
    hours = [
        ask(flag, context(now=NOON + timedelta(hours=h))).value for h in (-2, 0, 2)
    ]
    assert hours == [True, False, True]


def test_a_rule_outside_its_window_is_passed_over() -> None:
    """The next step decides."""
    rule = Rule(id="r", serve="on", windows=(Window(ends=NOON),))
    flag = Flag(name="f", rules=(rule,), default="off")
    assert ask(flag, context(now=NOON - timedelta(seconds=1))).value is True
    assert ask(flag, context()).value is False


@pytest.mark.parametrize(
    ("parent", "value"), [("on", True), ("off", None), (None, None)]
)
def test_prerequisite_has_to_serve_what_is_asked(
    *, parent: str | None, value: bool | None
) -> None:
    """Else the flag is off, and says because of whom."""
    child = Flag(
        name="child",
        prerequisites=(Prerequisite(flag="parent", variants=("on",)),),
        default="on",
    )
    found = snapshot(Flag(name="parent", default=parent), child).evaluate(
        "child", context()
    )
    assert found.value is value
    if value is None:
        assert (found.reason, found.rule) == ("DISABLED", "prerequisite:parent")


def test_prerequisite_is_evaluated_for_the_same_person() -> None:
    """And by way of another flag, wherever it stands in the list."""
    rule = Rule(id="r", serve="on", constraints=RULE.constraints)
    needs_a, needs_b = (
        (Prerequisite(flag=name, variants=("on",)),) for name in ("a", "b")
    )
    compiled = snapshot(
        Flag(name="c", prerequisites=needs_b, default="on", off="off"),
        Flag(name="b", prerequisites=needs_a, default="on", off="off"),
        Flag(name="a", rules=(rule,), default="off"),
    )
    assert compiled.evaluate("c", context(country="NO")).value is True
    assert compiled.evaluate("c", context(country="SE")).value is False


def test_prerequisite_beats_override() -> None:
    """What depends on another flag cannot work without it."""
    child = Flag(name="f", prerequisites=(Prerequisite(flag="p", variants=()),))
    override = Override(flag="f", user="ada", variant="on")
    assert ask(child, context("ada"), overrides=(override,)).reason == "DISABLED"


def test_expired_override_is_passed_over() -> None:
    """From that moment on the rest decides."""
    override = Override(flag="f", user="ada", variant="on", expires=NOON)
    flag = Flag(name="f", default="off")
    before = context("ada", now=NOON - timedelta(seconds=1))
    assert ask(flag, before, overrides=(override,)).value is True
    assert ask(flag, context("ada"), overrides=(override,)).value is False


def test_override_of_one_organization_is_not_for_another() -> None:
    """Both may know somebody as ada; the narrower override holds."""
    overrides = (
        Override(flag="f", user="ada", variant="on"),
        Override(flag="f", user="ada", organization="acme", variant="off"),
    )
    flag = Flag(name="f")
    answers = [
        ask(flag, context("ada", organizationId=name), overrides=overrides).value
        for name in ("acme", "other")
    ]
    assert answers == [False, True]
    assert ask(flag, context("bob"), overrides=overrides).variant == ""


def test_flag_without_any_step_is_static() -> None:
    """Nobody has to be known for it."""
    found = ask(Flag(name="f", default="on"), context())
    assert (found.value, found.reason, found.rule) == (True, "STATIC", "default")


def test_release_to_everybody_needs_nobody() -> None:
    """No hash decided, so it is no split."""
    flag = Flag(name="f", release=Release(rollout=Rollout(), serve="on"), default="off")
    found = ask(flag, context())
    assert (found.value, found.reason, found.rule) == (True, "DEFAULT", "release")
