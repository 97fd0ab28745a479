"""Whatever is said in whatever order, no process shows older flags after newer ones."""

from collections.abc import Mapping
from unittest.mock import patch
from uuid import UUID

from hypothesis import given, settings, strategies as st

from flags.serving import database as product
from flags.serving.content import INSTALLATION, encode
from flags.serving.loader import Loader
from flags.serving.sources import Sources

from .world import Database, content

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.integers(1, 9)),
        st.tuples(st.just("announce"), st.integers(1, 9)),
        st.tuples(st.just("set back"), st.integers(1, 9)),
        st.tuples(st.just("forget"), st.just(0)),
        st.tuples(st.just("look"), st.integers(0, 1)),
        st.tuples(st.just("look at database"), st.integers(0, 1)),
    ),
    max_size=40,
)


class Shelf:
    """A Redis whose contents come and go, and whose versions can be anything."""

    def __init__(self) -> None:
        self.version = 0
        self.kept: dict[int, bytes] = {}

    def changed_since(self, version: int) -> Mapping[UUID, int]:
        """Answer as the real one: also with what is older."""
        return {INSTALLATION: self.version} if self.version else {}

    def get(self, _owner: UUID, version: int) -> bytes | None:
        """Answer as the real one."""
        return self.kept.get(version)

    def put(self, _owner: UUID, version: int, data: bytes) -> None:
        """Answer as the real one."""
        self.kept[version] = data

    def announce(self, _owner: UUID, version: int) -> None:
        """Answer as the real one."""
        self.version = max(self.version, version)

    def close(self) -> None:
        """Answer as the real one."""


def process(shelf: Shelf) -> Loader:
    """Return a process that asks this Redis."""
    sources = Sources("redis://127.0.0.1:1/0")
    sources._shelf = shelf  # type: ignore[assignment] # it stands in for it
    return Loader(sources, None)


@given(steps=STEPS)
@settings(max_examples=300)
def test_nothing_goes_back(steps: list[tuple[str, int]]) -> None:
    """Commits, lost and late words, a Redis and a database that were set back."""
    database, shelf = Database(), Shelf()
    processes = [process(shelf), process(shelf)]
    shown: list[list[int]] = [[], []]
    with (
        patch.object(product, "changed_since", database.changed_since),
        patch.object(product, "content_of", database.content_of),
    ):
        for what, number in steps:
            if what in {"commit", "set back"}:
                old = database.contents.get(INSTALLATION)
                base = old.version if old and what == "commit" else 0
                database.contents[INSTALLATION] = content(base + number)
            elif what == "announce":
                shelf.kept[number] = encode(content(number))
                shelf.announce(INSTALLATION, number)
            elif what == "forget":
                shelf.version, shelf.kept = 0, {}
            else:
                if what == "look at database":
                    processes[number]._sources.look_at_database()
                processes[number].look()
            for each, versions in zip(processes, shown, strict=True):
                state = each._state
                versions.append(state.base.version if state else 0)
    for versions in shown:
        assert versions == sorted(versions)
