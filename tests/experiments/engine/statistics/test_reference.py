"""Others' numbers: GrowthBook's engine, scipy, statsmodels, mpmath."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import stats_reference


@pytest.mark.shared
def test_every_reference_case_agrees(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the half that is shared; the command runs any file of that shape."""
    assert stats_reference.main([str(shared / "stats" / "cases.json"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["outcomes"] == {"agrees": 60}
    assert sum(len(case["compared"]) for case in said["cases"]) > 400


def case(**changes: Any) -> dict[str, Any]:
    """Return a case that agrees."""
    arm = {"n": 1000, "sum": 100}
    found = {
        "id": "a",
        "family": "proportion",
        "inputs": {"control": arm, "treatment": arm | {"sum": 120}, "alpha": 0.05},
        "expected": {"gbstats_main_8f1db44": {"absolute": {"expected": 0.02}}},
    }
    return found | changes


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "agrees"),
        (
            {"expected": {"gbstats_main_8f1db44": {"absolute": {"expected": 0.03}}}},
            "differs",
        ),
        ({"family": "astrology"}, "refuses"),
        ({"inputs": {}}, "refuses"),
    ],
)
def test_outcome_says_what_came(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    outcome: str,
) -> None:
    """And the exit code is for machines."""
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": [case(**changes)]}), encoding="utf-8")
    assert stats_reference.main([str(path)]) == (outcome != "agrees")
    assert capsys.readouterr().out.startswith(outcome)
