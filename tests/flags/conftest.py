"""What tests of flags share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flags.serving import database as product

from .world import NOBODY_LISTENS, World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An installation whose sources can be taken away."""
    url = os.environ.get("REDIS_URL", NOBODY_LISTENS).rpartition("/")[0]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    made = World(f"{url}/{worker}", tmp_path / "flags")
    monkeypatch.setattr(product, "changed_since", made.database.changed_since)
    monkeypatch.setattr(product, "content_of", made.database.content_of)
    yield made
    for each in made.loaders:
        each.stop()
