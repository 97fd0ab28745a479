"""What was written is what is read, and what cannot be read says where."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from flags.engine import (
    DefinitionError,
    Definitions,
    Flag,
    Rule,
    Segment,
    Variant,
    dump,
    load,
)
from flags.engine.exchange import read

from .definitions_strategy import definitions


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(definitions)
def test_export_and_import_is_the_identity(given_ones: Definitions) -> None:
    """Faults and all: 1.0 stays 1.0, and a moment stays a moment."""
    again = read(dump(given_ones))
    assert again == given_ones
    assert dump(again) == dump(given_ones)


def test_kinds_of_numbers_are_kept() -> None:
    """A client that wants a float gets no whole number."""
    variants = (Variant(name="a", value=1.0), Variant(name="b", value=1))
    flag = Flag(name="f", type="number", variants=variants)
    again = load(dump(Definitions(flags=(flag,)))).flags[0]
    assert [type(variant.value) for variant in again.variants] == [float, int]


def document(**fields: Any) -> str:
    """Return an export with one flag."""
    flag = {"name": "f", **fields}
    return json.dumps({"format": "bonafide.flags/1", "flags": [flag]})


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("{", "", "unreadable"),
        ("[]", "", "unreadable"),
        ("{}", "", "unreadable"),
        ('{"format": "bonafide.flags/2"}', "/format", "unreadable"),
        (document(enabled="yes"), "/flags/0/enabled", "unreadable"),
        (document(colour="red"), "/flags/0", "unreadable"),
        (
            document(rules=[{"id": "r", "serve": "on", "rollout": {"percent": "1"}}]),
            "/flags/0/rules/0/rollout/percent",
            "unreadable",
        ),
        (
            document(windows=[{"starts": "2026-01-01T00:00:00"}]),
            "/flags/0/windows/0/starts",
            "unreadable",
        ),
        (document(default="x"), "/flags/0/default", "variant_unknown"),
    ],
)
def test_what_is_wrong_says_where(text: str, place: str, code: str) -> None:
    """As a JSON pointer, for shape and for sense alike."""
    with pytest.raises(DefinitionError) as caught:
        load(text)
    assert [(issue.place, issue.code) for issue in caught.value.issues] == [
        (place, code)
    ]
    assert code in str(caught.value)


def test_import_may_refer_to_what_is_there() -> None:
    """An organization's export names segments of the installation."""
    rule = Rule(id="r", serve="on", segments=("s",))
    own = Definitions(flags=(Flag(name="f", rules=(rule,)),))
    base = Definitions(segments=(Segment(name="s"),))
    assert load(dump(own), base) == own
    with pytest.raises(DefinitionError):
        load(dump(own))
