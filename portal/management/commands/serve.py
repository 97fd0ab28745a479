"""Serve the embedded default: one process, ready to be tried."""

import os
import socket
from argparse import ArgumentParser
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from accounts.facade import create_operator
from common.timer import Timer
from integrations.facade import Couriers

from ...seeding import Seeding
from ...services import ensure_demo

OPERATOR: Final = "operator"
THREADS: Final = 8
MOST_PORT: Final = 65_535


class Command(BaseCommand):
    help = "Prepare the data folder and serve Bonafide from one process."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument(
            "--port", type=int, default=os.environ.get("PORT", "8000"), help="or PORT"
        )
        parser.add_argument(
            "--origin",
            action="append",
            default=[],
            metavar="URL",
            help="a further address that the demo is opened at, behind a proxy",
        )
        parser.add_argument(
            "--no-seed",
            action="store_true",
            help="make up no sessions; by default the first start does, for something"
            " to look at",
        )

    def handle(self, *args: object, **options: Any) -> None:
        host, port = options["host"], options["port"]
        _refuse_unusable(host, port)
        call_command("migrate", verbosity=0, interactive=False)
        here = f"http://localhost:{port}"
        origins = [here, f"http://127.0.0.1:{port}", *options["origin"]]
        ensure_demo(*origins)
        self._welcome(here, create_operator(username=OPERATOR))
        # The server's worker is a fork: a connection must not be shared with it.
        connections.close_all()
        seeding = None if options["no_seed"] else Seeding(_within(host, port))
        _Server(_address(host, port), seeding).run()

    def _welcome(self, here: str, password: str | None) -> None:
        lines = [
            "",
            f"  Bonafide is served at {here}",
            "",
            f"    Demo survey    {here}/demo/",
            f"    Admin console  {here}/admin/   as {OPERATOR}",
            f"    API            {here}/api/docs",
            "    Sessions       a few are made up on the first start: tag `synthetic`",
            f"    Data           {settings.DATABASES['default']['NAME']}",
            "",
        ]
        if password:
            lines[-1:] = [
                "",
                f"  The operator's password, shown this once: {password}",
                "  (`manage.py changepassword operator` sets another.)",
                "",
            ]
        self.stdout.write("\n".join([*lines, "  Ctrl-C ends it.", ""]))
        self.stdout.flush()


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn publishes no types
    """Gunicorn with one process of several threads, and the timer beside them."""

    def __init__(self, address: str, seeding: Seeding | None) -> None:
        self._address = address
        self._seeding = seeding
        self._timer = Timer(settings.CELERY_BEAT_SCHEDULE)
        self._couriers = Couriers()
        super().__init__()

    def load_config(self) -> None:
        """Set what this server needs; everything else is gunicorn's own default."""
        self.cfg.set("bind", self._address)
        self.cfg.set("workers", 1)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", THREADS)
        self.cfg.set("graceful_timeout", 5)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)  # noqa: FBT003 - gunicorn's signature
        self.cfg.set("post_worker_init", lambda _worker: self._begin())
        self.cfg.set("worker_exit", lambda _server, _worker: self._end())

    def load(self) -> Any:
        """Return the application."""
        return get_wsgi_application()

    def _begin(self) -> None:
        """Start what runs beside the requests."""
        self._couriers.start()
        self._timer.start()
        if self._seeding is not None:
            self._seeding.start()

    def _end(self) -> None:
        """End it, the seeding first: it speaks to this server."""
        if self._seeding is not None:
            self._seeding.stop()
        self._timer.stop()
        self._couriers.stop()


def _address(host: str, port: int) -> str:
    """Return an address as gunicorn and URLs write it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _within(host: str, port: int) -> str:
    """Return where this machine itself reaches the server."""
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound  # nosec B104
    return f"http://{_address(loopback.get(host, host), port)}"


def _refuse_unusable(host: str, port: int) -> None:
    """Say at once when there is no such port or it is taken."""
    if not 1 <= port <= MOST_PORT:
        msg = f"A port lies between 1 and {MOST_PORT}, not at {port}."
        raise CommandError(msg)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            msg = (
                f"Port {port} cannot be used: {error.strerror}. Choose another: "
                "PORT=8001 make run"
            )
            raise CommandError(msg) from None
