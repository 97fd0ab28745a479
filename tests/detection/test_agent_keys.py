"""Keys of agents: read from a directory, stored, loaded by a command."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from common.errors import ConflictError, InvalidInputError, NotFoundError
from detection.models import AgentKey
from detection.selectors.agents import held_keys
from detection.services import agents as services

from .lists import AGENT, OTHER, PRIVATE, directory, jwk_of, load_keys, rsa_key

pytestmark = pytest.mark.django_db


def run(*args: object) -> tuple[str, str]:
    """Return what the command prints, and what it warns of."""
    out, errors = StringIO(), StringIO()
    call_command("load_agent_keys", *map(str, args), stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A directory that was downloaded."""
    path = tmp_path / "directory.json"
    path.write_text(directory(PRIVATE, kid="first", exp=1_900_000_000))
    return path


def test_loaded_keys_are_held(published: Path) -> None:
    """By their fingerprint, with their agent and their time."""
    assert run(published, f"--agent={AGENT}")[0] == "1 keys were loaded.\n"
    held_keys.forget()
    (held,) = held_keys().values()
    assert held.agent == AGENT
    assert held.key == PRIVATE.public_key()
    assert held.not_after
    assert held.not_after.year == 2030


def test_nothing_private_is_kept(published: Path) -> None:
    """Only the members that the fingerprint is made of."""
    run(published, f"--agent={AGENT}")
    row = AgentKey.objects.get()
    assert row.members == jwk_of(PRIVATE)
    assert str(row) == f"{AGENT} {row.thumbprint[:12]}"


def test_new_directory_takes_the_place_of_the_old(published: Path) -> None:
    """A key that is not published any more is not believed any more."""
    run(published, f"--agent={AGENT}")
    published.write_text(directory(OTHER))
    run(published, f"--agent={AGENT}")
    held_keys.forget()
    assert [held.key for held in held_keys().values()] == [OTHER.public_key()]


def test_agents_do_not_disturb_each_other() -> None:
    """Each has its own."""
    load_keys(PRIVATE)
    load_keys(OTHER, agent="better.example")
    assert AgentKey.objects.count() == 2


def test_key_belongs_to_one_agent() -> None:
    """Otherwise a check would not say who it was; nothing is lost by trying."""
    load_keys(PRIVATE)
    load_keys(OTHER, agent="better.example")
    with pytest.raises(ConflictError):
        load_keys(PRIVATE, agent="better.example")
    assert set(AgentKey.objects.values_list("agent", flat=True)) == {
        AGENT,
        "better.example",
    }


def test_keys_of_other_kinds_are_told(published: Path) -> None:
    """And those that can be used are loaded."""
    key: dict[str, Any] = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}
    published.write_text(
        directory(PRIVATE, rsa_key()).replace("]", f", {key}]".replace("'", '"'))
    )
    out, errors = run(published, f"--agent={AGENT}")
    assert out == "2 keys were loaded.\n"
    assert "key 3 is of a kind" in errors


@pytest.mark.parametrize("end", ["soon", True, 1e300, -1e300])
def test_times_out_of_reach_are_told(published: Path, end: object) -> None:
    """Such a key is not loaded."""
    published.write_text(directory(PRIVATE, exp=end))
    with pytest.raises(CommandError, match="no key"):
        run(published, f"--agent={AGENT}")


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        ("not a host", "{}"),
        ("", "{}"),
        (AGENT, "{"),
        (AGENT, "[]"),
        (AGENT, "{}"),
        (AGENT, '{"keys": [1]}'),
        (AGENT, '{"keys": [' + ",".join(["{}"] * 51) + "]}"),
        (AGENT, "[" * 100_000),
    ],
)
def test_other_files_are_no_directories(agent: str, text: str) -> None:
    """It is said in what way."""
    with pytest.raises(InvalidInputError):
        services.read_directory(agent=agent, text=text)


def test_keys_can_be_seen_and_forgotten(published: Path) -> None:
    """By the same command."""
    run(published, f"--agent={AGENT}")
    (line,) = run("--list")[0].splitlines()
    assert line.split("\t")[::2] == [AGENT, "2030-03-17"]
    assert run("--remove", f"--agent={AGENT}")[0] == "1 keys were forgotten.\n"
    assert run("--list")[0] == ""
    with pytest.raises(NotFoundError):
        services.remove_keys(agent=AGENT)


def test_dry_run_changes_nothing(published: Path) -> None:
    """It reads and counts."""
    out, _errors = run(published, f"--agent={AGENT}", "--dry-run")
    assert out == "1 keys could be loaded.\n"
    assert not AgentKey.objects.exists()


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ((), "whose keys"),
        ((f"--agent={AGENT}",), "Name the file"),
        ((f"--agent={AGENT}", "nowhere.json"), "cannot be read: No such file"),
        ((f"--agent={AGENT}", "--remove"), "No keys of this agent"),
    ],
)
def test_mistakes_at_the_terminal_are_answered(
    args: tuple[str, ...], reason: str
) -> None:
    """With what is missing."""
    with pytest.raises(CommandError, match=reason):
        run(*args)


def test_packed_file_is_refused(tmp_path: Path) -> None:
    """A directory is text."""
    path = tmp_path / "directory.gz"
    path.write_bytes(b"\x1f\x8b\x08\xff\xff")
    with pytest.raises(CommandError, match="no text"):
        run(path, f"--agent={AGENT}")
