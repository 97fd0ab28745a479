"""A whole installation as production has it, each process of its own and killable."""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from common.encryption.keys import new_field_key
from tests.services.postgres import APP_ROLE, SETTINGS, Postgres
from tests.services.processes import die_with_parent, free_port, wait_until
from tests.services.redis import Redis

ROOT: Final = Path(__file__).resolve().parents[2]
CONFIG: Final = ROOT / "deploy" / "gunicorn.conf.py"
# Commits reach the disk before they are acknowledged, as in production.
DURABLE: Final = SETTINGS | {"fsync": "on", "full_page_writes": "on"}
START_LIMIT_S: Final = 120.0
CELERY: Final = (sys.executable, "-m", "celery", "--app=config")


class Installation:
    """PostgreSQL, Redis, gunicorn, a worker, the timetable, on ports of their own."""

    def __init__(self, folder: Path, hook: str, **settings: str) -> None:
        """Take where logs go, whom webhooks tell, and settings beside the usual."""
        self.folder, self.hook = folder, hook
        self.postgres, self.redis = Postgres(settings=DURABLE), Redis()
        self.port = free_port()
        self.starts = 0
        self.kills: dict[str, int] = {}
        self.planted: dict[str, str] = {}
        self._settings = settings
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopped: set[str] = set()

    def __enter__(self) -> Self:
        self.postgres.start()
        self.redis.start()
        try:
            self._prepare()
            self.mend()
            self.wait_until_it_serves()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in [*self._running]:
            self.stop(name, signal.SIGKILL)
        self.redis.stop()
        self.postgres.stop()

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told; they log in as who sees no rows by itself."""
        url = self.postgres.url.replace("//bonafide@", f"//{APP_ROLE}@")
        return self._owner | {"DATABASE_URL": url, "DATABASE_LOGIN": "app"}

    def _prepare(self) -> None:
        self._owner = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DATABASE_URL": self.postgres.url,
            "DATABASE_LOGIN": "owner",
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": secrets.token_hex(32),
            "KEY_PEPPER": secrets.token_hex(32),
            "FIELD_KEYS": new_field_key(),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "false",
            "RATELIMIT_ENABLE": "false",
            "WEBHOOK_ALLOW_HTTP": "true",
            "WEBHOOK_NETWORKS": "127.0.0.1/32",
            "WEBHOOK_PORTS": self.hook.rpartition(":")[2].partition("/")[0],
            "LOG_LEVEL": "WARNING",
            "REMAP_SIGTERM": "SIGQUIT",
            **self._settings,
        }
        self._do("manage.py", "migrate", "--verbosity=0")
        self.planted = json.loads(self._do("-m", "tests.chaos.seed", self.hook))

    def _do(self, *command: str) -> bytes:
        """Run something as the owner of the tables; return what it said."""
        return subprocess.check_output(
            [sys.executable, *command], cwd=ROOT, env=self._owner
        )

    def command(self, name: str) -> Sequence[str]:
        """Return how a process is started, as docker-compose.yml does."""
        bind = f"127.0.0.1:{self.port}"
        timetable = str(self.folder / "celerybeat-schedule")
        return {
            "web": (
                *(sys.executable, "-m", "gunicorn", "--config", str(CONFIG)),
                *("--bind", bind, "--workers", "2", "config.wsgi"),
            ),
            "worker": (
                *(*CELERY, "worker", "--concurrency=2", "--loglevel=WARNING"),
                *("--queues=celery,webhooks", "--without-gossip", "--without-mingle"),
            ),
            "beat": (*CELERY, "beat", "--loglevel=WARNING", "--schedule", timetable),
        }[name]

    def mend(self) -> None:
        """Start what is not running, as whoever keeps containers does."""
        for name in ("web", "worker", "beat"):
            running = self._running.get(name)
            if name in self._stopped or (running and running.poll() is None):
                continue
            self.starts += 1
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    self.command(name),
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - in the main thread
                )

    def stop(self, name: str, how: signal.Signals) -> None:
        """End a process with all that it started; it stays away until `again`."""
        self._stopped.add(name)
        process = self._running.pop(name, None)
        if process is None:
            return
        if how is signal.SIGKILL:
            _signal(lambda: os.killpg(process.pid, how))
        else:
            process.send_signal(how)
        process.wait(timeout=START_LIMIT_S)

    def again(self, name: str) -> None:
        """Let a process that was stopped run again."""
        self._stopped.discard(name)
        self.mend()

    def kill_one(self, chance: random.Random) -> str:
        """Kill some process without a warning; return which kind it was."""
        name = chance.choice(["web", "web", "worker", "worker", "beat"])
        process = self._running[name]
        children = _children(process.pid)
        kind = name
        if children and chance.random() < 0.6:
            kind = f"{name}'s child"
            pid = chance.choice(children)
            _signal(lambda: os.kill(pid, signal.SIGKILL))
        else:
            _signal(lambda: os.killpg(process.pid, signal.SIGKILL))
            process.wait()
        self.kills[kind] = self.kills.get(kind, 0) + 1
        return kind

    def sweep(self) -> None:
        """Let the outbox's time pass, and somebody look what is due."""
        self.sql("UPDATE common_outboxrow SET send_at = now() WHERE done_at IS NULL")
        self.sql(
            "UPDATE integrations_webhookendpoint SET open_until = NULL, failures = 0"
        )
        self.sql(
            "UPDATE integrations_webhookdelivery SET next_at = now(),"
            " handed_until = NULL, sending_until = NULL WHERE state = 'waiting'"
        )
        for task in ("outbox.sweep", "webhooks.sweep"):
            subprocess.run(
                [*CELERY, "call", task],
                cwd=ROOT,
                env=self.environment,
                check=False,
                capture_output=True,
            )

    def sql(self, statement: str) -> list[list[str]]:
        """Ask the database as its superuser, who sees everything."""
        text = self.postgres.sql(statement, database="bonafide")
        return [line.split("|") for line in text.splitlines()]

    def wait_until_it_serves(self) -> None:
        """Return once the web answers that it may be sent work.

        Raises
        ------
        TimeoutError
            It did not within two minutes; the message ends with its log.
        """
        from .visitors import ask  # noqa: PLC0415 - they know the installation

        def serves() -> bool:
            self.mend()
            return ask(self.port, "GET", "/healthz/ready").status == 200

        if not wait_until(serves, limit_s=START_LIMIT_S):
            log = (self.folder / "web.log").read_text()[-2_000:]
            message = f"It does not serve. Its log ends:\n{log}"
            raise TimeoutError(message)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(one) for one in found.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _signal(send: Callable[[], None]) -> None:
    """Send a signal to somebody who may be gone by now."""
    try:
        send()
    except ProcessLookupError:
        return
