"""What a process serves at a moment: never changed, only replaced by what is newer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from uuid import UUID

from ..engine import Definitions, Snapshot, compile_snapshot
from ..identity import known_as
from ..registry import declared
from .content import INSTALLATION, Content

Found = TypeVar("Found")
# From nothing, from a file, or from Redis or the database.
Source = Literal["nothing", "file", "store"]


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """An owner's flags upon the installation's, compiled.

    `touched` are the flags that somebody stored or overrode: the others are as the
    code declares them.
    """

    owner: UUID
    version: int
    snapshot: Snapshot
    touched: frozenset[str]
    is_known: bool = True
    _derived: dict[Callable[["Served"], Any], Any] = field(default_factory=dict)

    def derived(self, make: Callable[["Served"], Found]) -> Found:
        """Return what follows from these flags alone, made once."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: Found = self._derived[make]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a process knows of all owners."""

    base: Served
    own: Mapping[UUID, Served]
    contents: Mapping[UUID, Content]
    # Which owners have anything of their own, and since when.
    versions: Mapping[UUID, int]
    source: Source

    def served(self, owner: UUID) -> Served | None:
        """Return an owner's flags; None if they have to be read first."""
        found = self.own.get(owner)
        if found is None and self.source == "store" and owner not in self.versions:
            # It never had any of its own.
            return self.base
        return found


def nothing() -> State:
    """Return what holds while nothing is known: what the code calls safe."""
    flags = tuple(one.safe_flag for one in declared().values())
    snapshot = compile_snapshot(Definitions(flags=flags))
    base = Served(INSTALLATION, 0, snapshot, frozenset(), is_known=False)
    return State(base, {}, {}, {}, "nothing")


def serve_base(content: Content) -> Served:
    """Compile the installation's flags, with those that only the code knows."""
    stored = content.definitions
    names = {flag.name for flag in stored.flags}
    coded = (one.flag for name, one in declared().items() if name not in names)
    whole = Definitions(
        flags=(*stored.flags, *coded),
        segments=stored.segments,
        overrides=stored.overrides,
    )
    snapshot = compile_snapshot(whole, version=content.version, known_as=known_as)
    return Served(INSTALLATION, content.version, snapshot, _touched(stored))


def serve_own(owner: UUID, content: Content, base: Served) -> Served:
    """Compile an organization's flags upon the installation's."""
    version = max(content.version, base.version)
    snapshot = compile_snapshot(
        content.definitions, version=version, base=base.snapshot, known_as=known_as
    )
    touched = base.touched | _touched(content.definitions)
    return Served(owner, version, snapshot, touched)


def _touched(definitions: Definitions) -> frozenset[str]:
    names = [one.name for one in definitions.flags]
    return frozenset([*names, *(one.flag for one in definitions.overrides)])
