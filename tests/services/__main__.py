"""Run a command with every server and program that the tests need."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from types import FrameType
from typing import Final

from . import postgres, programs, redis
from .folders import remove_leftovers
from .processes import ServiceError, die_with_parent, end
from .screen import Screen
from .server import Server

# What pytest may need to write its reports when it is interrupted.
INTERRUPT_LIMIT_S: Final = 20
TERMINATE_LIMIT_S: Final = 10

# As a shell says it: no such program, and "128 and the number of the signal".
NOT_FOUND: Final = 127
KILLED: Final = 128

ENDINGS: Final = (signal.SIGTERM, signal.SIGHUP)

Action = Callable[[int, FrameType | None], None] | signal.Handlers

EPILOG: Final = """\
PostgreSQL and Redis are the ones that DATABASE_URL and REDIS_URL name; without
these, private ones are started, and stopped when COMMAND ends. A program that is
missing is installed when this runs as root on Debian. The screen has no monitor;
it is a new one in any case, so that no window opens on yours. COMMAND finds its way
by DATABASE_URL, REDIS_URL, BONAFIDE_CHROMIUM, BONAFIDE_CHROMEDRIVER and DISPLAY. The
exit code is COMMAND's.
"""


def provide_postgres(stack: ExitStack) -> dict[str, str]:
    """Return the address of a PostgreSQL that runs as long as the stack.

    A server of ours has the roles that row-level security needs; what roles a given one
    has, whoever gives it says.
    """
    found = _serve("DATABASE_URL", postgres.given_url, postgres.Postgres, stack)
    if found["DATABASE_URL"] == os.environ.get("DATABASE_URL"):
        return found
    roles = {
        "DATABASE_APP_ROLE": postgres.APP_ROLE,
        "DATABASE_OPS_ROLE": postgres.OPS_ROLE,
    }
    return found | roles


def provide_redis(stack: ExitStack) -> dict[str, str]:
    """Return the address of a Redis that runs as long as the stack."""
    return _serve("REDIS_URL", redis.given_url, redis.Redis, stack)


def provide_chromium(_: ExitStack) -> dict[str, str]:
    """Return where a browser is."""
    found = programs.CHROMIUM.obtain()
    _say(f"Chromium: {found}")
    return {"BONAFIDE_CHROMIUM": str(found)}


def provide_node(_: ExitStack) -> dict[str, str]:
    """See to it that there is a Node.js."""
    _say(f"Node.js: {programs.NODE.obtain()}")
    return {}


def provide_chromedriver(_: ExitStack) -> dict[str, str]:
    """Return where Selenium's way to the browser is."""
    found = programs.CHROMEDRIVER.obtain()
    _say(f"ChromeDriver: {found}")
    return {"BONAFIDE_CHROMEDRIVER": str(found)}


def provide_screen(stack: ExitStack) -> dict[str, str]:
    """Return a screen that is there as long as the stack, and see to what uses it."""
    programs.XDOTOOL.obtain()
    programs.ACCESSIBILITY.obtain()
    screen = stack.enter_context(Screen())
    _say(f"{screen.name}: {screen.display}")
    return {"DISPLAY": screen.display}


SERVICES: Final = {
    "postgres": provide_postgres,
    "redis": provide_redis,
    "chromium": provide_chromium,
    "chromedriver": provide_chromedriver,
    "node": provide_node,
    "screen": provide_screen,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Provide what is asked for, run the command, return its exit code."""
    options = _parser().parse_args(arguments)
    for leftover in remove_leftovers():
        _say(f"removed {leftover}, left by a run that was killed")
    environment = dict(os.environ)
    with ExitStack() as stack:
        try:
            for service in options.services:
                environment |= SERVICES[service](stack)
            return run(options.command, environment)
        except ServiceError as error:
            _say(str(error))
            return os.EX_UNAVAILABLE
        except KeyboardInterrupt:
            return KILLED + signal.SIGINT
        finally:
            # A second Ctrl-C must not leave half of the servers behind.
            _on_signals(signal.SIG_IGN, signal.SIGINT, *ENDINGS)


def run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run the command to its end, which is also ours, and return its code."""
    try:
        child = subprocess.Popen(
            command,
            env=environment,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads
        )
    except OSError as error:
        _say(f"{command[0]} cannot be run: {error.strerror}")
        return NOT_FOUND
    try:
        code = child.wait()
    except BaseException as error:
        # A terminal sends Ctrl-C to the command as well: let it finish its work.
        if isinstance(error, KeyboardInterrupt):
            _wait(child, INTERRUPT_LIMIT_S)
        end(child, signal.SIGTERM, limit_s=TERMINATE_LIMIT_S)
        raise
    return code if code >= 0 else KILLED - code


def _serve(
    variable: str,
    given_url: Callable[[], str | None],
    kind: type[Server],
    stack: ExitStack,
) -> dict[str, str]:
    """Return the address that is given, or that of a new server."""
    if url := given_url():
        _say(f"{kind.name}: the one of {variable}")
        return {variable: url}
    server = stack.enter_context(kind())
    _say(f"{kind.name}: started on port {server.port}")
    return {variable: server.url}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.services",
        usage="%(prog)s [--with NAMES] -- COMMAND …",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--with",
        dest="services",
        metavar="NAMES",
        type=_names,
        default=list(SERVICES),
        help=f"what is needed, separated by commas; all by default: {_list()}",
    )
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    return parser


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in SERVICES]:
        message = f"{', '.join(unknown)}: choose from {_list()}"
        raise argparse.ArgumentTypeError(message)
    return names


def _list() -> str:
    return ", ".join(SERVICES)


def _wait(child: subprocess.Popen[bytes], limit_s: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        child.wait(limit_s)


def _leave(number: int, _: FrameType | None) -> None:
    """End the program in order, so that the servers are stopped."""
    raise SystemExit(KILLED + number)


def _on_signals(action: Action, *numbers: signal.Signals) -> None:
    for number in numbers:
        # `nohup` and its like ignore a hang-up for a reason.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, action)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a program for people


if __name__ == "__main__":
    _on_signals(_leave, *ENDINGS)
    sys.exit(main())
