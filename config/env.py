"""Settings from the environment, each read once and checked at once.

A value that cannot be used stops the program with one sentence that names the
variable, so that a typing error is found at the start and not at night.
Secrets may also lie in a file: `NAME_FILE` instead of `NAME`.
"""

import os
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str | None = None) -> str:
    """Return a variable's value; without a default it must be set."""
    value = os.environ.get(name)
    if value:
        return value
    if default is None:
        msg = f"{name} is not set."
        raise ImproperlyConfigured(msg)
    return default


def secret(name: str, default: str | None = None) -> str:
    """Return a secret from `NAME`, or from the file that `NAME_FILE` names."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return text(name, default)
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        msg = f"{name}_FILE cannot be read: {error.strerror}."
        raise ImproperlyConfigured(msg) from None
    if not value:
        msg = f"{name}_FILE names an empty file."
        raise ImproperlyConfigured(msg)
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a switch: 1/0, true/false, yes/no, on/off and nothing else."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        msg = f"{name} must be on or off, not {value!r}."
        raise ImproperlyConfigured(msg)
    return value in TRUE


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number between `least` and `most`."""
    value = os.environ.get(name, "").strip()
    try:
        number = int(value) if value else default
    except ValueError:
        msg = f"{name} must be a whole number, not {value!r}."
        raise ImproperlyConfigured(msg) from None
    if not least <= number <= most:
        msg = f"{name} must lie between {least} and {most}, not at {number}."
        raise ImproperlyConfigured(msg)
    return number


def words(
    name: str, default: Sequence[str] = (), *, allowed: Sequence[str] = ()
) -> list[str]:
    """Return a list separated by commas; `allowed` names the words that may stand."""
    found = [word.strip() for word in os.environ.get(name, "").split(",")]
    chosen = [word for word in found if word] or list(default)
    strange = sorted(set(chosen) - set(allowed)) if allowed else []
    if strange:
        msg = (
            f"{name} does not know {', '.join(strange)}; it knows {', '.join(allowed)}."
        )
        raise ImproperlyConfigured(msg)
    return chosen


def integers(name: str, *, least: int, most: int) -> list[int]:
    """Return whole numbers separated by commas, each between `least` and `most`."""
    found = words(name)
    for word in found:
        if not word.isdecimal() or not least <= int(word) <= most:
            msg = f"{name} holds numbers from {least} to {most}, not {word!r}."
            raise ImproperlyConfigured(msg)
    return [int(word) for word in found]


def networks(name: str) -> list[str]:
    """Return networks separated by commas."""
    found = words(name)
    for word in found:
        try:
            ip_network(word)
        except ValueError:
            msg = f"{name} holds networks such as 10.1.0.0/16, not {word!r}."
            raise ImproperlyConfigured(msg) from None
    return found


def numbers(
    name: str, defaults: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """Return a table of whole numbers; the variable changes some: `row.column=5,…`."""
    found = {row: dict(columns) for row, columns in defaults.items()}
    for change in words(name):
        place, _equals, value = change.partition("=")
        row, _dot, column = place.strip().partition(".")
        if column not in found.get(row, ()) or not value.strip().isdecimal():
            msg = f"{name} does not know {change!r}; it wants, say, {_example(found)}."
            raise ImproperlyConfigured(msg)
        found[row][column] = int(value)
    return found


def _example(table: Mapping[str, Mapping[str, int]]) -> str:
    row, columns = next(iter(table.items()))
    column, value = next(iter(columns.items()))
    return f"{row}.{column}={value}"


def folder(name: str, default: Path) -> Path:
    """Return a folder, made if it does not exist yet."""
    path = Path(os.environ.get(name) or default).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{name}: {path} cannot be made: {error.strerror}."
        raise ImproperlyConfigured(msg) from None
    return path


# A host that swallows packets must become a 503, not a thread that hangs.
POSTGRESQL: Final = {"connect_timeout": 5}
# The intake's statements are planned once a connection: a tenth of its time. No number
# of times makes another statement one of them (common/postgresql). Poolers must know of
# it: PgBouncer does since 1.21 (max_prepared_statements).
PREPARED: Final = {"server_side_binding": True, "prepare_threshold": 2**31}


def database(name: str, default: str | None = None) -> dict[str, Any]:
    """Return Django's description of the PostgreSQL database behind a URL."""
    url = secret(name, default)
    found: dict[str, Any] = {}
    if url.startswith(("postgres://", "postgresql://")):
        try:
            found = _env.db_url_config(url)
        except ValueError:
            # A port that is no number, say: the sentence below tells what is wanted.
            found = {}
    if not found.get("NAME"):
        msg = f"{name} must look like postgres://user:password@host:5432/name."
        raise ImproperlyConfigured(msg)
    # What the address says of the connection (`?sslmode=…`) comes last and wins.
    options = POSTGRESQL | (
        PREPARED if flag("PREPARED_STATEMENTS", default=True) else {}
    )
    return found | {
        "ENGINE": "common.postgresql",
        "OPTIONS": options | found.get("OPTIONS", {}),
    }


def redis_url(name: str) -> str:
    """Return the address of a Redis server."""
    url = secret(name)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        msg = f"{name} must look like redis://host:6379/0."
        raise ImproperlyConfigured(msg)
    return url
