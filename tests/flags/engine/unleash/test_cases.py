"""Unleash's own cases, where they are at hand."""

import json
from pathlib import Path

import pytest

from benchmarks import unleash_cases


@pytest.mark.shared
def test_every_case_of_the_specification_passes(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the product's own import and its public evaluator."""
    folder = shared / "flags" / "unleash-client-specification"
    assert unleash_cases.main([str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] > 100
    assert report["failures"] == []


def specification(folder: Path, *, expected: bool) -> None:
    """Write a specification with one feature that is on."""
    feature = {"name": "f", "enabled": True, "strategies": [{"name": "default"}]}
    case = {
        "description": "f is on",
        "context": {},
        "toggleName": "f",
        "expectedResult": expected,
    }
    document = {"state": {"features": [feature]}, "tests": [case]}
    (folder / "01-one.json").write_text(json.dumps(document))


def test_a_case_that_fails_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the exit code says that there is one."""
    specification(tmp_path, expected=False)
    (tmp_path / "index.json").write_text('["01-one.json", "02-missing.json"]')
    assert unleash_cases.main([str(tmp_path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["passed"], report["failed"]) == (0, 1)
    assert report["failures"] == [
        {
            "file": "01-one.json",
            "description": "f is on",
            "expected": False,
            "actual": True,
        }
    ]
    unleash_cases.main([str(tmp_path)])
    assert "0 passed, 1 failed" in capsys.readouterr().out


def test_a_folder_without_an_index_is_read_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One without a case does not pass."""
    assert unleash_cases.main([str(tmp_path)]) == 1
    specification(tmp_path, expected=True)
    assert unleash_cases.main([str(tmp_path)]) == 0
    assert "1 passed, 0 failed" in capsys.readouterr().out
