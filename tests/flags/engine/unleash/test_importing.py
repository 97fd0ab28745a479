"""What Unleash defines becomes flags that decide the same."""

import json
from typing import Any

import pytest

from flags.engine import (
    DefinitionError,
    Evaluation,
    check,
    compile_snapshot,
    dump,
    load,
)
from flags.engine.unleash import (
    Imported,
    context_from,
    import_state,
    import_unleash,
    is_enabled,
    variant_of,
)

from ..asking import NOON

IP = "10.1.1.1"


def feature(name: str = "f", **fields: Any) -> dict[str, Any]:
    """Return a feature that is on."""
    return {"name": name, "enabled": True, **fields}


def strategy(name: str = "default", **fields: Any) -> dict[str, Any]:
    """Return a strategy with its parameters."""
    constraints = fields.pop("constraints", [])
    segments = fields.pop("segments", [])
    return {
        "name": name,
        "parameters": fields,
        "constraints": constraints,
        "segments": segments,
    }


def imported(*features: dict[str, Any], **others: Any) -> Imported:
    """Return what becomes of features; whatever it is, it has no faults."""
    found = import_state({"version": 2, "features": list(features), **others})
    assert check(found.definitions) == ()
    return found


def ask(found: Imported, name: str = "f", draw: str = "1", **asked: Any) -> Evaluation:
    """Return what an imported flag says to a question in Unleash's words."""
    snapshot = compile_snapshot(found.definitions)
    return snapshot.evaluate(name, context_from(asked, now=NOON, draw=draw))


def enabled(one: dict[str, Any], **asked: Any) -> bool:
    """Say whether one feature is enabled."""
    return is_enabled(ask(imported(one), one["name"], **asked))


def codes(found: Imported) -> list[tuple[str, str]]:
    """Return places and codes."""
    return [(issue.place, issue.code) for issue in found.issues]


def test_feature_without_strategies_is_on_for_everybody() -> None:
    """Null is as good as an empty list."""
    assert enabled(feature())
    assert enabled(feature(strategies=None))
    assert enabled(feature(strategies=[]))
    assert not enabled({"name": "f", "enabled": False})


@pytest.mark.parametrize(
    ("one", "asked", "expected"),
    [
        (strategy("userWithId", userIds="ada, bob"), {"userId": "bob"}, True),
        (strategy("userWithId", userIds="ada, bob"), {"userId": "carol"}, False),
        (strategy("userWithId"), {"userId": "bob"}, False),
        (
            strategy("remoteAddress", IPs="x, 10.0.0.0/8"),
            {"remoteAddress": IP},
            True,
        ),
        (strategy("remoteAddress", IPs="x"), {"remoteAddress": IP}, False),
        (strategy("remoteAddress"), {"remoteAddress": IP}, False),
        (strategy("applicationHostname", hostNames="A, b"), {"hostname": "B"}, True),
        (strategy("applicationHostname", hostNames="A, b"), {}, False),
        (strategy("gradualRolloutRandom", percentage="100"), {}, True),
        (strategy("gradualRolloutRandom", percentage="0"), {}, False),
        (strategy("gradualRolloutRandom"), {}, False),
        (strategy("gradualRolloutUserId", percentage="100"), {"userId": "a"}, False),
        (
            strategy("gradualRolloutUserId", percentage="100", groupId="g"),
            {"userId": "a"},
            True,
        ),
        (
            strategy("gradualRolloutSessionId", percentage="100", groupId="g"),
            {"userId": "a"},
            False,
        ),
        (strategy("flexibleRollout", rollout="100"), {}, True),
        (strategy("flexibleRollout", rollout=100, stickiness="random"), {}, True),
        (strategy("flexibleRollout", rollout="100", stickiness="userId"), {}, False),
        (strategy("flexibleRollout", rollout="101"), {}, False),
        (strategy("flexibleRollout", rollout="99.5"), {}, False),
        (strategy("flexibleRollout"), {}, False),
        (strategy("ours"), {}, False),
        ({"name": "default", "disabled": True}, {}, False),
    ],
)
def test_strategies(
    one: dict[str, Any], asked: dict[str, Any], *, expected: bool
) -> None:
    """What is missing or unknown lets nobody through."""
    assert enabled(feature(strategies=[one]), **asked) is expected


@pytest.mark.parametrize(
    ("constraint", "place", "code"),
    [
        ({"operator": "NOT_A_VALID_OPERATOR"}, "/operator", "operator_unknown"),
        ({"operator": "NUM_EQ", "value": None}, "/value", "value_missing"),
        ({"operator": "REGEX", "value": "("}, "/value", "not_an_expression"),
        ({"operator": "SEMVER_EQ", "value": "v1.0.0"}, "/value", "not_a_version"),
        ({"operator": "STR_CONTAINS", "values": None}, "/values", "values_missing"),
        ({"operator": "IN_CIDR", "values": ["x"]}, "/values/0", "not_a_network"),
    ],
)
@pytest.mark.parametrize("inverted", [False, True])
def test_constraint_that_cannot_be_read_lets_nobody_through(
    constraint: dict[str, Any], place: str, code: str, *, inverted: bool
) -> None:
    """Not even turned round; the other strategies hold, and an issue says where."""
    broken = {"contextName": "userId", "inverted": inverted, **constraint}
    one = feature(
        strategies=[
            strategy(constraints=[broken]),
            strategy("userWithId", userIds="ada"),
        ]
    )
    assert not enabled(one, userId="x")
    assert enabled(one, userId="ada")
    at = "/features/0/strategies/0"
    assert (f"{at}/constraints/0{place}", code) in codes(imported(one))
    assert (at, "rule_left_out") in codes(imported(one))


def test_values_that_are_no_networks_are_left_out() -> None:
    """The others hold."""
    values = ["127.invalid", "192.168.1.0/24", None]
    one = {"contextName": "remoteAddress", "operator": "IN_CIDR", "values": values}
    found = imported(feature(strategies=[strategy(constraints=[one])]))
    assert is_enabled(ask(found, remoteAddress="192.168.1.42"))
    assert [code for _place, code in codes(found)] == ["not_a_network"]


def test_segments_are_asked_beside_constraints() -> None:
    """One that is missing or broken lets nobody through."""
    segments = [
        {"id": 1, "name": "Norway", "constraints": [in_list("country", "NO")]},
        {"id": 2, "constraints": [{"contextName": "x", "operator": "?"}]},
    ]
    found = imported(
        feature("good", strategies=[strategy(segments=[1])]),
        feature("broken", strategies=[strategy(segments=[2])]),
        feature("missing", strategies=[strategy(segments=[1, 3])]),
        segments=segments,
    )
    norway: dict[str, Any] = {"properties": {"country": "NO"}}
    assert is_enabled(ask(found, "good", **norway))
    assert not is_enabled(ask(found, "good"))
    assert not is_enabled(ask(found, "broken", **norway))
    assert not is_enabled(ask(found, "missing", **norway))
    assert [one.description for one in found.definitions.segments] == ["Norway"]


def in_list(name: str, *values: str) -> dict[str, Any]:
    """Return a constraint that lists values."""
    return {"contextName": name, "operator": "IN", "values": list(values)}


PARENTS = (
    feature("on"),
    {"name": "off", "enabled": False},
    feature("child", dependencies=[{"feature": "on"}]),
    feature("varied", variants=[{"name": "v", "weight": 1}]),
)


@pytest.mark.parametrize(
    ("dependency", "expected"),
    [
        ({"feature": "on"}, True),
        ({"feature": "on", "enabled": True, "variants": []}, True),
        ({"feature": "on", "enabled": False}, False),
        ({"feature": "on", "variants": ["disabled"]}, True),
        ({"feature": "on", "variants": ["v"]}, False),
        ({"feature": "off"}, False),
        ({"feature": "off", "enabled": False}, True),
        ({"feature": "off", "variants": ["disabled"]}, False),
        ({"feature": "varied"}, True),
        ({"feature": "varied", "variants": ["v", "w"]}, True),
        ({"feature": "varied", "variants": ["disabled"]}, False),
        ({"feature": "child"}, False),
        ({"feature": "f"}, False),
        ({"feature": "nope"}, False),
    ],
)
def test_dependencies(dependency: dict[str, Any], *, expected: bool) -> None:
    """A parent is on, or off, or has a variant; and has no parents itself."""
    found = imported(*PARENTS, feature(dependencies=[dependency]))
    assert is_enabled(ask(found)) is expected


def variant(
    name: str, kind: str = "", value: str = "", **fields: Any
) -> dict[str, Any]:
    """Return a variant."""
    payload = {"payload": {"type": kind, "value": value}} if kind else {}
    return {"name": name, "weight": 1, **payload, **fields}


@pytest.mark.parametrize(
    ("variants", "kind", "value"),
    [
        ([], "boolean", True),
        ([variant("v")], "string", "v"),
        ([variant("v", "string", "x")], "string", "x"),
        ([variant("v", "csv", "x,y")], "string", "x,y"),
        ([variant("v", "number", "1.2")], "number", 1.2),
        ([variant("v", "number", "+1")], "number", 1),
        ([variant("v", "number", "one")], "string", "one"),
        ([variant("v", "number", "true")], "string", "true"),
        ([variant("v", "json", '{"a": [1]}')], "json", {"a": [1]}),
        ([variant("v", "json", "{")], "string", "{"),
        ([variant("v", "json", "7")], "string", "7"),
        ([variant("v", "json", "{}"), variant("w", weight=0)], "string", "{}"),
    ],
)
def test_payloads_become_values(
    variants: list[dict[str, Any]], kind: str, value: Any
) -> None:
    """Of the one type that fits them all; text does when no other fits."""
    found = imported(feature(variants=variants))
    assert found.definitions.flags[0].type == kind
    evaluation = ask(found)
    assert evaluation.value == value
    if variants:
        payload = variants[0].get("payload")
        assert variant_of(evaluation).get("payload") == payload


def test_names_of_ours_do_not_collide_with_theirs() -> None:
    """A variant called "off" is a variant like others."""
    found = imported(feature(variants=[variant("off"), variant("on"), variant("on-2")]))
    names = [one.name for one in found.definitions.flags[0].variants]
    assert names == ["off", "on", "on-2", "on-3", "off-2"]
    assert variant_of(ask(found, userId="ada"))["enabled"]


def test_one_name_with_two_payloads_is_two_variants() -> None:
    """Asked in their words it has its name, and the payload that was drawn."""
    one = feature(
        strategies=[
            {
                **strategy("userWithId", userIds="ada"),
                "variants": [variant("v", "string", "first")],
            }
        ],
        variants=[variant("v", "string", "second")],
    )
    one["strategies"].append(strategy())
    found = imported(one)
    first, second = (variant_of(ask(found, userId=user)) for user in ("ada", "bob"))
    assert (first["name"], second["name"]) == ("v", "v")
    assert (first["payload"]["value"], second["payload"]["value"]) == (
        "first",
        "second",
    )


def test_variants_without_a_weight_are_no_variants() -> None:
    """The feature is enabled; a weight below zero is none, and is reported."""
    one = feature(variants=[variant("v", weight=0), variant("w", weight=-1)])
    found = imported(one)
    assert variant_of(ask(found)) == {
        "name": "disabled",
        "enabled": False,
        "feature_enabled": True,
    }
    assert codes(found) == [("/features/0/variants/1/weight", "weight_negative")]


def test_pinned_people_get_their_variant() -> None:
    """Whatever the weights say."""
    # Two of one name and payload are one, which is drawn twice as often.
    pin = [{"contextName": "userId", "values": ["ada", None]}]
    one = feature(
        variants=[variant("v"), variant("v"), variant("w", weight=0, overrides=pin)]
    )
    found = imported(one)
    assert variant_of(ask(found, userId="ada"))["name"] == "w"
    assert variant_of(ask(found, userId="bob"))["name"] == "v"


def test_ids_of_strategies_are_kept_where_they_can_be() -> None:
    """An answer says which rule decided, so each has its own."""
    ids = ("abc", "strategy-3", "default", None, "abc")
    strategies = [{"name": "default", "id": one} for one in ids]
    rules = imported(feature(strategies=strategies)).definitions.flags[0].rules
    assert [rule.id for rule in rules] == [
        "abc",
        "strategy-3",
        "default-again",
        "strategy-3-again",
        "abc-again",
    ]


def test_unknown_feature_is_not_enabled() -> None:
    """In their words as well."""
    evaluation = ask(imported(), "nope")
    assert variant_of(evaluation) == {
        "name": "disabled",
        "enabled": False,
        "feature_enabled": False,
    }


def test_changes_are_applied_in_order() -> None:
    """A hydration begins anew, kinds that nobody knows change nothing."""
    segment = {"id": 1, "constraints": [in_list("userId", "ada")]}
    needing = feature("b", strategies=[strategy(segments=[1])])
    events = [
        {"type": "feature-updated", "feature": feature("old")},
        {
            "type": "hydration",
            "features": [feature("a"), needing],
            "segments": [segment],
        },
        {"type": "segment-updated", "segment": {**segment, "id": 2}},
        {"type": "segment-removed", "segmentId": 2},
        {"type": "feature-updated", "feature": {"name": "c", "enabled": False}},
        {"type": "feature-updated", "feature": feature("c")},
        {"type": "feature-removed", "featureName": "a"},
        {"type": "weather-changed"},
    ]
    found = import_state({"events": events})
    assert [flag.name for flag in found.definitions.flags] == ["b", "c"]
    assert len(found.definitions.segments) == 1
    assert found.issues == ()
    assert is_enabled(ask(found, "b", userId="ada"))
    assert is_enabled(ask(found, "c"))


def test_what_cannot_be_read_is_left_out_and_reported() -> None:
    """One feature that is broken does not keep the others out."""
    document = {"features": [{"enabled": True}, feature("good"), 7], "segments": [{}]}
    found = import_state(document)
    assert [flag.name for flag in found.definitions.flags] == ["good"]
    assert codes(found) == [
        ("/features/0", "unreadable"),
        ("/features/2", "unreadable"),
        ("/segments/0", "unreadable"),
    ]
    assert import_state({"events": [7], "x": 1}).issues[0].place == "/events/0"
    assert import_state({}).definitions.flags == ()


@pytest.mark.parametrize("document", [b"[]", "{", b"\xff"])
def test_what_is_no_document_is_refused(document: bytes | str) -> None:
    """There is nothing in it to leave out."""
    with pytest.raises(DefinitionError):
        import_unleash(document)


def test_imported_flags_are_flags_like_others() -> None:
    """They can be exported, and imported again as ours."""
    state = {
        "features": [feature(strategies=[strategy("flexibleRollout", rollout="5")])]
    }
    found = import_unleash(json.dumps(state))
    assert load(dump(found.definitions)) == found.definitions


def test_properties_do_not_pass_for_fields() -> None:
    """And null is not there."""
    asked = {
        "userId": None,
        "properties": {"userId": "ada", "country": None, "plan": "pro"},
    }
    assert context_from(asked, now=NOON).attributes == {"plan": "pro"}
    named = context_from({"userId": "ada", "properties": None}, now=NOON)
    assert named.attributes == {"targetingKey": "ada"}
