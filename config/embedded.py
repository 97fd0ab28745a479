"""Parts of the embedded default, which `make run` and half of the tests use."""

import secrets
from pathlib import Path
from typing import Any, Final

CACHES_IN_PROCESS: Final = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}


def sqlite_in(path: Path | str) -> dict[str, Any]:
    """Return a database that many threads can write to at once.

    With deferred transactions 60 % of concurrent writes fail, with immediate ones
    none (8 connections, read-update-insert).
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL",
        },
    }


def kept_secret(path: Path) -> str:
    """Return the secret in a file; make both at the first start."""
    try:
        # "x" fails if another process was first, so all agree on one value.
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()
