"""Plans over HTTP: how long a lift takes, and which lift so long shows."""

from typing import Any

import pytest

from tests.conftest import Caller
from tests.experiments.api import test_experiments

# Its fixture: a server that may do everything with experiments.
editor = test_experiments.editor

pytestmark = pytest.mark.django_db


def test_plan_is_solved_both_ways(editor: Caller) -> None:
    """How long a lift takes; which lift so long shows."""
    there = editor.post(
        "experiments/plan", {"baseline": 0.6, "lift": 0.1, "units_per_day": 100}
    ).json()
    assert there["units"] == 2 * there["units_per_arm"]
    assert there["days"] == -(-there["units"] // 100)
    back = editor.post(
        "experiments/plan",
        {"baseline": 0.6, "days": there["days"], "units_per_day": 100},
    ).json()
    assert back["lift"] == pytest.approx(0.1, rel=0.03)


@pytest.mark.parametrize(
    "body",
    [
        {"baseline": 0.6},
        {"baseline": 0.6, "lift": 0},
        {"baseline": 0.6, "lift": 0.9},
        {"baseline": 3.0, "lift": 0.1},
        {"baseline": 0.5, "days": 1, "units_per_day": 0.5},
        {"baseline": "x", "lift": 0.1},
    ],
)
def test_impossible_plan_is_refused_in_words(
    editor: Caller, body: dict[str, Any]
) -> None:
    """With the field that it is about."""
    answer = editor.post("experiments/plan", body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]
