"""Child processes that never outlive their parent, and their surroundings."""

import ctypes
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Below the range from which Linux (32768) and macOS (49152) take ports for
# outgoing connections: a client can never sit on the port of a server that a
# test has stopped, nor connect to itself while it knocks there.
PORTS: Final = range(20_000, 32_768)

# Two full servers would have to be in the way of each of these.
PORTS_TRIED: Final = 50

POLL_S: Final = 0.02

# The number of prctl's "signal me when my parent dies", from <linux/prctl.h>.
PR_SET_PDEATHSIG: Final = 1

# Loaded here because a child between fork and exec should not open libraries.
_LIBC: Final = ctypes.CDLL(None)


class ServiceError(RuntimeError):
    """Something the tests need is not there. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user that servers run as, where that is not oneself."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """Return whom servers run as; None means oneself.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    message = "Root may not run PostgreSQL: add a user named postgres or nobody."
    raise ServiceError(message)


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """Return a ``preexec_fn`` that asks for a signal when the parent is gone.

    The kernel watches the *thread* that starts the child, so start servers in
    a thread that stays, such as the main one. Only Linux knows this.
    """
    parent = os.getpid()

    def ask() -> None:
        if sys.platform != "linux":
            return
        _LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        # It may have died in the moment before the call; no signal comes then.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def spawn(
    command: Sequence[str | Path],
    *,
    folder: Path,
    log: Path,
    death_signal: signal.Signals,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a server in a folder, as the server account, writing to a log.

    It gets a session of its own: Ctrl-C in the terminal must reach the tests,
    which still need the servers to clean up.
    """
    account = server_account()
    try:
        with log.open("ab") as output:
            return subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                # A pipe would stay open behind the tests, and someone would wait.
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                pass_fds=keep_open,
                # After the change of user, which would clear the request.
                preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - no threads
            )
    except OSError as error:
        # Such as a TMPDIR that the server account cannot enter.
        message = f"{command[0]} cannot be started in {folder}: {error.strerror}."
        raise ServiceError(message) from error


def end(
    process: subprocess.Popen[bytes], how: signal.Signals, *, limit_s: float
) -> None:
    """Send a signal, wait for the end, and kill what does not end in time."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(limit_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(limit_s)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    for port in secrets.SystemRandom().sample(PORTS, PORTS_TRIED):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = "No port of 127.0.0.1 is free for a server."
    raise ServiceError(message)


def wait_until(ready: Callable[[], bool], *, limit_s: float) -> bool:
    """Ask until the answer is yes, and return it; no when time is up."""
    deadline = time.monotonic() + limit_s
    while not (answer := ready()) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return answer


def last_lines(log: Path, count: int = 20) -> str:
    """Return the end of a log, for people who must find out what went wrong."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-count:])


def _environment() -> dict[str, str]:
    """Return ours without what would redirect PostgreSQL or translate its log."""
    kept = {name: at for name, at in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
