"""Export and erasure from the command line."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sessions_app.facade import Survey
from sessions_app.models import Erasure, Session
from sessions_app.services.opening import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_sessions(survey: Survey) -> None:
    for _ in range(2):
        open_session(
            organization_id=survey.organization_id,
            survey_id=survey.id,
            respondent_id="r-1",
        )


def run(command: str, *args: str, **named: Any) -> str:
    """Run a command about somebody of ours; return what it said."""
    out = StringIO()
    call_command(command, "--organization", "Ours", *args, stdout=out, **named)
    return out.getvalue()


def test_export_goes_into_a_new_file(tmp_path: Path) -> None:
    """One that is there already is left alone."""
    file = tmp_path / "r-1.json"
    said = run("export_respondent", "--respondent", "r-1", "--output", str(file))
    assert "bytes" in said
    assert len(json.loads(file.read_bytes())["sessions"]) == 2
    with pytest.raises(CommandError, match="nothing was written"):
        run("export_respondent", "--respondent", "r-1", "--output", str(file))


def test_export_to_the_screen(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """As JSON alone, for a pipe."""
    run("export_respondent", "--session", str(Session.objects.first()))
    assert len(json.loads(capfdbinary.readouterr().out)["sessions"]) == 2


def test_erasing_asks_first() -> None:
    """Without --yes it tells, and changes nothing."""
    said = run("erase_respondent", "--respondent", "r-1")
    assert "Sessions to be erased: 2." in said
    assert Session.objects.count() == 2
    said = run("erase_respondent", "--respondent", "r-1", "--yes")
    assert str(Erasure.objects.get().id) in said
    assert not Session.objects.exists()


@pytest.mark.parametrize("command", ["export_respondent", "erase_respondent"])
def test_unknown_is_told(command: str) -> None:
    """In a line, without a traceback."""
    with pytest.raises(CommandError, match="Nothing is known"):
        run(command, "--respondent", "nobody")
    with pytest.raises(CommandError, match="no organization"):
        call_command(command, "--organization", "Nobody", "--respondent", "r-1")
    with pytest.raises(CommandError, match="required"):
        run(command)
