"""A private PostgreSQL server for tests."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from . import programs
from .folders import Folder
from .processes import ServiceError, end, spawn
from .server import Server

SCHEMES: Final = ("postgres://", "postgresql://")

# Measured at 0.4 s; a machine can be very busy.
INITDB_LIMIT_S: Final = 120

SQL_LIMIT_S: Final = 30

CONNECT_LIMIT_S: Final = 5

# Syncing to the disk costs a third of the time of a test run, and this data is
# thrown away. Commits still wait for their write: tests that kill the server
# count afterwards, and only a crash of the whole machine could cost them one.
SETTINGS: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}

# What a benchmark of writes needs: commits cost what they cost in production.
DURABLE: Final = SETTINGS | {
    "fsync": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
}

# The superuser can run programs. Only those who can enter the folder of the
# socket become it; the port is open to everyone on the machine.
ACCESS: Final = """\
local  all  all                      trust
host   all  postgres  127.0.0.1/32   reject
host   all  all       127.0.0.1/32   trust
"""

APP_ROLE: Final = "bonafide_app"
OPS_ROLE: Final = "bonafide_ops"
# Tests create their own databases, and look at all rows in them; what they test takes
# the role that row-level security binds.
FURNITURE: Final = (
    f"CREATE ROLE {OPS_ROLE} BYPASSRLS",
    f"CREATE ROLE {APP_ROLE} LOGIN NOINHERIT",
    f"GRANT {OPS_ROLE} TO {APP_ROLE}",
    "CREATE ROLE bonafide LOGIN CREATEDB BYPASSRLS",
    f"GRANT {OPS_ROLE}, {APP_ROLE} TO bonafide",
    "CREATE DATABASE bonafide OWNER bonafide",
)

# macOS has no C.UTF-8.
LOCALE: Final = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


class Postgres(Server):
    """PostgreSQL with an empty database `bonafide` and its owner of that name."""

    name = "PostgreSQL"
    # "Fast": disconnects clients, then stops. SIGTERM would wait for them.
    stop_signal = signal.SIGINT

    def __init__(
        self, binaries: Path | None = None, *, settings: Mapping[str, str] = SETTINGS
    ) -> None:
        """Take the folder with `initdb`, `postgres` and `psql`, or find it."""
        super().__init__()
        self._settings = settings
        self._binaries = binaries or programs.POSTGRES.obtain()

    @property
    def url(self) -> str:
        """Where the role `bonafide` connects to."""
        return f"postgres://bonafide@127.0.0.1:{self.port}/bonafide"

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Run statements as the superuser; return the rows as text.

        Raises
        ------
        ServiceError
            The server refused one; the message has its words.
        """
        choices = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        where = ["-h", str(self.folder), "-p", str(self.port), "-U", "postgres"]
        what = [part for each in statements for part in ("-c", each)]
        done = subprocess.run(
            [self._binaries / "psql", *choices, *where, "-d", database, *what],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SQL_LIMIT_S,
            check=False,
        )
        if done.returncode:
            message = f"PostgreSQL refused: {done.stderr.strip()}"
            raise ServiceError(message)
        return done.stdout.strip()

    def _prepare(self, folder: Folder) -> None:
        """Make a new cluster; without syncing, this is 0.4 s."""
        data = folder.path / "data"
        choices = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        process = spawn(
            [self._binaries / "initdb", "-D", data, *choices, f"--locale={LOCALE}"],
            folder=folder.path,
            log=folder.log,
            death_signal=signal.SIGKILL,
            keep_open=[folder.lock],
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(INITDB_LIMIT_S)
        end(process, signal.SIGKILL, limit_s=INITDB_LIMIT_S)
        if process.returncode:
            self._fail("could not make its data folder", folder)
        (data / "pg_hba.conf").write_text(ACCESS)

    def _command(self, folder: Path, port: int) -> list[str | Path]:
        settings = {
            **self._settings,
            "port": str(port),
            "unix_socket_directories": str(folder),
        }
        chosen = [part for at in settings.items() for part in ("-c", "=".join(at))]
        return [self._binaries / "postgres", "-D", folder / "data", *chosen]

    def _answers(self, folder: Path, port: int, pid: int) -> bool:
        """Read the server's own word, as pg_ctl does: it needs no connection."""
        try:
            lines = (folder / "data" / "postmaster.pid").read_text().split()
        except FileNotFoundError:
            return False
        return lines[:1] == [str(pid)] and lines[-1:] == ["ready"]

    def _furnish(self) -> None:
        self.sql(*FURNITURE)


def given_url() -> str | None:
    """Return the address in `DATABASE_URL` if it is PostgreSQL's and answers.

    Raises
    ------
    ServiceError
        Nobody answers there.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(SCHEMES):
        return None
    try:
        _connect(url)
    except (OSError, ValueError) as error:
        message = f"DATABASE_URL is set, but its PostgreSQL does not answer: {error}"
        raise ServiceError(message) from error
    return url


def _connect(url: str) -> None:
    """Log in if a driver is installed, else see whether anyone listens."""
    try:
        import psycopg  # noqa: PLC0415 - works without it as well
    except ImportError:
        at = urlsplit(url)
        # A socket's folder may stand in the query: nothing to try then.
        if at.hostname:
            address = (at.hostname, at.port or 5432)
            socket.create_connection(address, CONNECT_LIMIT_S).close()
        return
    try:
        psycopg.connect(url, connect_timeout=CONNECT_LIMIT_S).close()
    except psycopg.Error as error:
        raise OSError(str(error).strip()) from error
