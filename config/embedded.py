"""Parts of the embedded default, which `make run` and half of the tests use."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

IN_PROCESS: Final = "django.core.cache.backends.locmem.LocMemCache"
CACHES_IN_PROCESS: Final[dict[str, Any]] = {"default": {"BACKEND": IN_PROCESS}}


def sqlite_in(path: Path | str) -> dict[str, Any]:
    """Return a database that many threads can write to at once.

    With deferred transactions 60 % of concurrent writes fail, with immediate ones
    none (8 connections, read-update-insert). An acknowledged batch is on the disk:
    synchronous FULL costs a fifth of the inserts, NORMAL loses them with the power.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL",
        },
    }


def _random() -> str:
    return secrets.token_urlsafe(48)


def kept_secret(path: Path, make: Callable[[], str] = _random) -> str:
    """Return the secret in a file; make both at the first start.

    The file appears whole or not at all, so that processes that start together agree.

    Raises
    ------
    ImproperlyConfigured
        The file is empty: someone emptied it, or the disk was full.
    """
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(make())
        # Unlike a rename this fails if another process was first.
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        Path(name).unlink()
    value = path.read_text(encoding="utf-8").strip()
    if not value:
        msg = f"{path} is empty. Restore it; a new one makes all keys invalid."
        raise ImproperlyConfigured(msg)
    return value
