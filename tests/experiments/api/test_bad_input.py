"""What nobody should send, and some do: a clear refusal, and nothing lost."""

import pytest

from accounts.models import Organization
from tests.conftest import Caller
from tests.experiments.api import test_experiments
from tests.experiments.world import run

# Its fixture: a server that may do everything with experiments.
editor = test_experiments.editor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "",
        "unit=%00",
        "unit=" + "a" * 201,
        'unit=a&attributes={"device":"\\ud800"}',
        'unit=a&attributes={"device":"\\u0000"}',
        'unit=a&attributes={"a":1,"a":2}',
        'unit=a&attributes={"a":NaN}',
        "unit=a&attributes=" + "[" * 900,
        "unit=a&attributes=7",
        "unit=a&expose=perhaps",
        "unit=a&colour=blue",
    ],
)
def test_question_that_cannot_be_is_refused(
    editor: Caller, organization: Organization, query: str
) -> None:
    """Attributes are JSON to the letter, as bodies are."""
    run(organization.id)
    answer = editor.get(f"experiments/wording/variant?{query}")
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"unit":"\\ud800","events":[{"name":"x"}]}',
        b'{"unit":"a","events":[]}',
        b'{"unit":"a","events":[{"name":"x","value":NaN}]}',
        b'{"unit":"a","events":[{"name":"x","value":1e999}]}',
        b'{"unit":"a","events":[{"name":"x","value":"3"}]}',
        b'{"unit":"a","events":' + b"[" * 5000,
        b"[]",
    ],
)
def test_body_that_cannot_be_is_refused(
    editor: Caller, organization: Organization, raw: bytes
) -> None:
    """And nothing of it is kept."""
    run(organization.id)
    answer = editor.post("experiments/wording/track", raw=raw)
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"baseline": 0.5, "lift": 1e-300}, "so small"),
        ({"baseline": 1e-300, "lift": 0.1}, "so small"),
        ({"baseline": 0.5, "lift": 0.1, "alpha": 0.5, "power": 0.5}, "Power"),
        ({"baseline": 0.6, "lift": 0.9}, "share"),
        ({"baseline": 0.999999, "days": 1, "units_per_day": 2}, "So few"),
    ],
)
def test_extreme_plan_is_refused_in_words(
    editor: Caller, body: dict[str, float], said: str
) -> None:
    """In the reader's language, and never by an overflow."""
    answer = editor.post("experiments/plan", body)
    assert answer.status_code == 400, answer.content
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("looking", ["group_sequential", "always_valid", "once"])
def test_extreme_plan_that_can_be_is_solved(editor: Caller, looking: str) -> None:
    """With more units than anybody has, and with hardly any."""
    for body in (
        {"baseline": 0.999999, "days": 3650, "units_per_day": 1e9},
        {"baseline": 5.0, "deviation": 1e-9, "lift": 0.1},
        {"baseline": 0.5, "lift": 0.5, "alpha": 0.49, "power": 0.5},
    ):
        answer = editor.post("experiments/plan", {**body, "looking": looking})
        assert answer.status_code == 200, answer.content
        assert answer.json()["units"] >= 2
