"""Sources that can be taken away: Redis, and a database that is told what to say."""

import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from django.db import OperationalError

from flags.engine import Context, Definitions, Flag, Override, Variant
from flags.serving.content import INSTALLATION, Content
from flags.serving.last_known import LastKnown
from flags.serving.loader import Loader
from flags.serving.sources import Sources

NOBODY_LISTENS: Final = "redis://127.0.0.1:1/0"
NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
ORGANIZATION: Final = UUID("01930000-0000-7000-8000-000000000001")
needs_redis = pytest.mark.skipif("REDIS_URL" not in os.environ, reason="needs a Redis")


def content(version: int, default: str = "on", *overrides: Override) -> Content:
    """Return content of one flag whose description says its version."""
    flag = Flag(name="page", default=default, off="off", version=version)
    return Content(version, Definitions(flags=(flag,), overrides=overrides))


def large(flags: int, overrides: int) -> Content:
    """Return as much as an owner may have."""
    variants = tuple(Variant(name=f"v{i}", value=f"value {i}") for i in range(3))
    return Content(
        7,
        Definitions(
            flags=tuple(
                Flag(name=f"flag-{i}", type="string", variants=variants, default="v0")
                for i in range(flags)
            ),
            overrides=tuple(
                Override(flag=f"flag-{i % flags}", variant="v1", user=f"{i:064x}")
                for i in range(overrides)
            ),
        ),
    )


@dataclass
class Database:
    """Stands where the product's reads stand; can be away, and counts what is asked."""

    contents: dict[UUID, Content] = field(default_factory=dict)
    is_away: bool = False
    asked: int = 0
    hangs: threading.Event | None = None

    def changed_since(self, version: int) -> Mapping[UUID, int]:
        """Answer as `database.changed_since`."""
        self._ask()
        return {o: c.version for o, c in self.contents.items() if c.version > version}

    def content_of(self, owner: UUID) -> Content:
        """Answer as `database.content_of`."""
        self._ask()
        return self.contents.get(owner, Content(0, Definitions()))

    def _ask(self) -> None:
        self.asked += 1
        if self.hangs is not None:
            self.hangs.wait(30)
        if self.is_away:
            raise OperationalError


@dataclass
class World:
    """What loaders are made of, and what they have in common."""

    redis_url: str
    folder: Path
    database: Database = field(default_factory=Database)
    loaders: list[Loader] = field(default_factory=list)

    def loader(self, *, redis: str | None = None, files: bool = True) -> Loader:
        """Return a process's loader."""
        url = self.redis_url if redis is None else redis
        known = LastKnown(self.folder) if files else None
        made = Loader(Sources(url), known)
        self.loaders.append(made)
        return made

    def put(self, version: int, default: str = "on", owner: UUID = INSTALLATION) -> Any:
        """Commit a change, and let nobody know of it yet."""
        self.database.contents[owner] = content(version, default)
        return self.database.contents[owner]

    def announce(self, owner: UUID = INSTALLATION) -> None:
        """Do what a writer's process does after its commit."""
        sources = Sources(self.redis_url)
        sources.keep(owner, self.database.contents[owner], announce=True)
        sources.close()


@contextmanager
def silent_port() -> Iterator[str]:
    """Offer a Redis that takes connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def ask(loader: Loader, owner: UUID = INSTALLATION, user: str = "") -> Any:
    """Return what the page's flag says."""
    context = Context({"targetingKey": user} if user else {}, NOW)
    return loader.served(owner).snapshot.evaluate("page", context)


def version(loader: Loader, owner: UUID = INSTALLATION) -> int:
    """Return what is served to an owner, as the version of its flag."""
    return int(ask(loader, owner).version)


def eventually(holds: Any) -> bool:
    """Say whether something holds within a while."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.01)
    return False
