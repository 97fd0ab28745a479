"""Settings stop on a bad value and name it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.embedded import kept_secret

ROOT = Path(__file__).resolve().parent.parent.parent


def refuse(match: str) -> "pytest.RaisesExc[ImproperlyConfigured]":
    """Expect a refusal that names something."""
    return pytest.raises(ImproperlyConfigured, match=match)


def test_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set, defaulted, or missing and named."""
    monkeypatch.setenv("A", "x")
    assert env.text("A") == "x"
    assert env.text("B", "y") == "y"
    with refuse("B is not set"):
        env.text("B")


def test_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NAME_FILE wins; a file that is missing or empty is named."""
    path = tmp_path / "secret"
    path.write_text("s3cret\n")
    monkeypatch.setenv("A_FILE", str(path))
    assert env.secret("A") == "s3cret"
    path.write_text("\n")
    with refuse("A_FILE names an empty file"):
        env.secret("A")
    monkeypatch.setenv("A_FILE", str(tmp_path / "none"))
    with refuse("A_FILE cannot be read"):
        env.secret("A")


@pytest.mark.parametrize(("text", "value"), [("on", True), ("0", False), ("", True)])
def test_flag(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:  # noqa: FBT001 - a case
    """The usual words, and the default for none."""
    monkeypatch.setenv("A", text)
    assert env.flag("A", default=True) is value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (lambda: env.flag("A", default=True), "perhaps"),
        (lambda: env.integer("A", 1, least=0, most=9), "many"),
        (lambda: env.integer("A", 1, least=0, most=9), "10"),
        (lambda: env.words("A", allowed=["x"]), "x,y"),
        (lambda: env.database("A"), "nonsense"),
        (lambda: env.database("A"), "postgres://host"),
        (lambda: env.redis_url("A"), "http://host"),
        (lambda: env.folder("A", Path("x")), "/proc/nowhere/at/all"),
    ],
)
def test_nonsense_is_named(
    monkeypatch: pytest.MonkeyPatch, read: "object", text: str
) -> None:
    """Each reader says which variable it was."""
    monkeypatch.setenv("A", text)
    with refuse("^A"):
        read()  # type: ignore[operator] # a case's reader


def test_good_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And takes what is right."""
    monkeypatch.setenv("A", "x, y")
    assert env.words("A") == ["x", "y"]
    assert env.words("B", ["z"]) == ["z"]
    monkeypatch.setenv("A", "7")
    assert env.integer("A", 1, least=0, most=9) == 7
    monkeypatch.setenv("A", str(tmp_path / "new"))
    assert env.folder("A", Path("x")).is_dir()
    monkeypatch.setenv("A", "redis://h/0")
    assert env.redis_url("A") == "redis://h/0"


def test_address_of_a_database_may_say_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says wins; what it leaves out is ours."""
    monkeypatch.setenv("A", "postgres://u:p@h/d?sslmode=require&connect_timeout=9")
    options = env.database("A")["OPTIONS"]
    assert (options["sslmode"], int(options["connect_timeout"])) == ("require", 9)
    assert options["server_side_binding"]
    monkeypatch.setenv("PREPARED_STATEMENTS", "off")
    assert "server_side_binding" not in env.database("A")["OPTIONS"]


def test_kept_secret_is_made_once(tmp_path: Path) -> None:
    """Two starts agree, and only the owner can read it."""
    path = tmp_path / "key"
    first = kept_secret(path)
    assert kept_secret(path) == first
    assert len(first) >= 50
    assert path.stat().st_mode & 0o077 == 0


def test_emptied_secret_is_not_replaced(tmp_path: Path) -> None:
    """A new one would make every key invalid, silently."""
    path = tmp_path / "key"
    path.touch()
    with refuse("is empty"):
        kept_secret(path)


def test_starters_at_the_same_time_agree(tmp_path: Path) -> None:
    """The file appears whole or not at all."""
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _n: kept_secret(tmp_path / "key"), range(32)))
    assert len(found) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["key"]


def test_numbers_of_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some are changed, the others stay; what is not in the table is refused."""
    table = {"open": {"secret": 5, "address": 3}}
    assert env.numbers("A", table) == table
    monkeypatch.setenv("A", "open.secret=7, open.address = 0")
    assert env.numbers("A", table) == {"open": {"secret": 7, "address": 0}}
    assert table["open"]["secret"] == 5
    for wrong in ("open.secret", "open.secret=-1", "shut.secret=1", "open.key=1", "x"):
        monkeypatch.setenv("A", wrong)
        with refuse(f"A does not know '{wrong}'; it wants, say, open.secret=5"):
            env.numbers("A", table)


def test_bad_setting_stops_the_program_in_a_sentence() -> None:
    """No traceback: the variable and what it should be."""
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ
        | {
            "TRUSTED_PROXIES": "some",
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.strip().endswith("must be a whole number, not 'some'.")
    assert "Traceback" not in run.stderr
