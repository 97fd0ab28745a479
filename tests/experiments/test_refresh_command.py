"""The command that counts: to its end, killed on the way, and again."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from experiments.models import Experiment, ExperimentMoments, ExperimentUnitValue
from tests.experiments.services.test_counting import METRICS, fill, numbers, same
from tests.experiments.world import run

ROOT = Path(__file__).resolve().parent.parent.parent


def long_ago(organization: Organization, units: int) -> Experiment:
    """Return an experiment that has run for three weeks."""
    row = run(organization.id, metrics=METRICS)
    Experiment.objects.filter(id=row.id).update(
        started_at=timezone.now() - timedelta(days=22)
    )
    fill(row, units)
    return row


def called(*arguments: str) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("refresh_experiments", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_all_that_run_are_counted(organization: Organization) -> None:
    """Each with its days; a second time there is nothing to do."""
    assert called() == "No experiment runs.\n"
    long_ago(organization, 20)
    assert called().startswith("Ours: wording: 23 days") or "24 days" in called()
    assert "wording: " in called("--experiment", "wording")


@pytest.mark.django_db
def test_counting_again_gives_the_same(organization: Organization) -> None:
    """From the events alone."""
    row = long_ago(organization, 30)
    called()
    before = numbers(row)
    called("--again")
    days = {one["day"] for one in before[:-1]} - {timezone.now().date()}
    again = [one for one in numbers(row) if one["day"] in days]
    assert same(again, [one for one in before if one["day"] in days])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["--organization", "--experiment"])
def test_what_there_is_not_is_said(organization: Organization, name: str) -> None:
    """In a sentence."""
    with pytest.raises(CommandError, match=r"There is no|no such"):
        called(name, "nothing")


@pytest.mark.chaos
@pytest.mark.skipif(connection.vendor != "postgresql", reason="Killed on PostgreSQL.")
@pytest.mark.django_db(transaction=True)
def test_killed_on_the_way_the_next_one_gives_the_same(
    organization: Organization,
) -> None:
    """Wherever it was: a day is whole, or was never begun."""
    row = long_ago(organization, 400)
    # All of them count up to the same moment.
    Experiment.objects.filter(id=row.id).update(
        started_at=timezone.now() - timedelta(days=22), stopped_at=None
    )
    kills = 0
    for pause_s in (0.4, 0.5, 0.7, 0.9, 1.2):
        program = subprocess.Popen(
            [sys.executable, "manage.py", "refresh_experiments"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": _address()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for_a_day(row, pause_s)
        program.send_signal(signal.SIGKILL)
        kills += program.wait() == -signal.SIGKILL
    called()
    found = numbers(row)
    ExperimentMoments.objects.all().delete()
    ExperimentUnitValue.objects.all().delete()
    Experiment.objects.update(counted_until=None)
    called()
    today = timezone.now().date()
    assert kills > 0
    assert same(
        [one for one in numbers(row) if one["day"] < today],
        [one for one in found if one["day"] < today],
    )


def _wait_for_a_day(row: Experiment, pause_s: float) -> None:
    """Wait until a day more was written, and a little longer."""
    before = Experiment.objects.get(id=row.id).counted_until
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if Experiment.objects.get(id=row.id).counted_until != before:
            break
        time.sleep(0.01)
    time.sleep(pause_s / 10)


def _address() -> str:
    """Return the address of the test's own database."""
    found = connection.settings_dict
    return (
        f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
        f"/{found['NAME']}"
    )
