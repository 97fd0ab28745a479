"""Flags while Redis and the database are killed: nobody waits, nothing goes back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.installation import ROOT, Installation
from tests.chaos.listening import Listener

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        "DATABASE_URL" not in os.environ,
        reason="It starts servers of its own: `make test` has them.",
    ),
]
# What the issue of flags asks for: a change is everywhere within so long.
SOON_S = 1.5
# On a machine that runs three other tests.
PATIENT_S = 30.0
MOST_MS = 50


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    """A database and a Redis; nothing is served."""
    with Installation(tmp_path, "http://127.0.0.1:9/hook") as running:
        yield running


def put(here: Installation, variant: str) -> None:
    """Change the flag, in a process of its own."""
    command = [sys.executable, "-m", "tests.chaos.flagging", "page", variant]
    subprocess.check_call(command, cwd=ROOT, env=here.environment)


def test_flags_while_everything_around_them_breaks(
    here: Installation, tmp_path: Path
) -> None:
    """Redis, the database, both, a start in the dark, and back again."""
    folder = tmp_path / "flags"
    put(here, "on")
    with Listener(here, "page", folder) as one, Listener(here, "page", folder) as two:
        for each in (one, two):
            assert each.hears(lambda word: word[1] is True, PATIENT_S)
        put(here, "off")
        for each in (one, two):
            assert each.hears(lambda word: word[:2] == (2, False), PATIENT_S)
        here.redis.kill()
        put(here, "on")
        for each in (one, two):
            assert each.hears(lambda word: word[:2] == (3, True), PATIENT_S)
        here.postgres.kill()
        assert one.goes_on()
        assert one.heard[-1][:2] == (3, True)
        with Listener(here, "page", folder) as cold:
            assert cold.hears(lambda word: word[1:3] == (True, "file"), PATIENT_S)
            with Listener(here, "page", tmp_path / "empty") as blind:
                assert blind.goes_on()
                assert blind.heard[-1][2] == "nothing"
                here.postgres.start()
                here.redis.start()
                put(here, "off")
                for each in (one, two, cold, blind):
                    assert each.hears(lambda word: word[:2] == (4, False), PATIENT_S)
    for each in (one, two, cold, blind):
        versions = [word[0] for word in each.heard]
        assert versions == sorted(versions)
        took = sorted(word[3] for word in each.heard)
        # The longest may be the machine's; of a hundred, ninety-nine are ours.
        assert took[int(len(took) * 0.99)] < MOST_MS
