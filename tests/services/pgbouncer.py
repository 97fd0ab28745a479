"""A private PgBouncer for tests, in transaction pooling with a single connection."""

import signal
import socket
from pathlib import Path

from . import programs
from .folders import Folder
from .server import Server

CONFIGURATION = """\
[databases]
* = host={host} port={behind}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 1
query_wait_timeout = 10
ignore_startup_parameters = extra_float_digits
"""


class PgBouncer(Server):
    """A pooler whose clients all share one connection to a PostgreSQL."""

    name = "PgBouncer"
    stop_signal = signal.SIGINT

    def __init__(self, host: str, port: int, *users: str) -> None:
        """Take where PostgreSQL is, and who may log in there without a password."""
        super().__init__()
        self._host, self._behind, self._users = host, port, users
        self._program = programs.PGBOUNCER.obtain()

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return f"postgres://{self._users[0]}@127.0.0.1:{self.port}"

    def _prepare(self, folder: Folder) -> None:
        """Need nothing but its files, which name the port."""

    def _command(self, folder: Path, port: int) -> list[str | Path]:
        users = "".join(f'"{name}" ""\n' for name in self._users)
        (folder / "users.txt").write_text(users)
        (folder / "pgbouncer.ini").write_text(
            CONFIGURATION.format(
                host=self._host, behind=self._behind, port=port, folder=folder
            )
        )
        return [self._program, folder / "pgbouncer.ini"]

    def _answers(self, folder: Path, port: int, pid: int) -> bool:
        """Say whether somebody listens; a port that was taken ends the process."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def _furnish(self) -> None:
        """Need nothing."""
