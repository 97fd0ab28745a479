"""Keeps a process's flags fresh, in a thread of its own: nobody else ever waits."""

import threading
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final
from uuid import UUID

import structlog
from django.db import Error as DatabaseFailure, connection

from common import counters

from ..engine import Definitions
from .content import INSTALLATION, Content
from .last_known import LastKnown
from .sources import EVERY_S, AwayError, Sources
from .state import Served, State, nothing, serve_base, serve_own

log = structlog.get_logger(__name__)

# How long a first evaluation waits; all that an evaluation can ever take is 50 ms.
PATIENCE_S: Final = 0.04
# How many organizations' flags a process keeps; the others are read when asked for.
MOST_OWNERS: Final = 500
NOTHING: Final = Content(0, Definitions())
FAILED: Final = "flags.refresh_failed"

counters.know(FAILED, "Refreshes of flags that failed; what was known is served on.")


class Loader:
    """One process's state, and the thread that replaces it.

    Inline there is no thread: what was `poke`d is read when it is next asked for, which
    tests need that share a transaction.
    """

    def __init__(
        self,
        sources: Sources,
        files: LastKnown | None,
        *,
        inline: bool = False,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self._sources, self._files, self._inline = sources, files, inline
        self._after = after
        self._state: State | None = None
        # Owners that were asked for and are not there yet, and since when.
        self._wanted: dict[UUID, float] = {}
        self.heard_at = 0.0
        self._due = False
        self._reset()

    def _reset(self) -> None:
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._looked = threading.Condition()
        self._looks = 0
        self._started_at = 0.0
        self._stopping = False

    def state(self) -> State:
        """Return what is served now; waits at the start alone, and not for long."""
        if self._inline:
            if self._due:
                self._due = False
                self.look()
            elif self._state is None:
                self.forget()
        else:
            if self._thread is None:
                self._start()
            if not self._looks:
                self._wait_since(self._started_at)
        return self._state or self._coded

    def served(self, owner: UUID) -> Served:
        """Return an owner's flags: the installation's while they are not there yet."""
        state = self.state()
        found = state.served(owner)
        if found is not None:
            return found
        since = self._wanted.setdefault(owner, time.monotonic())
        if self._inline:
            self.look()
        else:
            self._wait_since(since)
        state = self.state()
        return state.served(owner) or state.base

    def poke(self) -> None:
        """Look at once: something changed."""
        self._due = True
        self._sources.look_at_database()
        self._wake.set()

    def publish(self, owner: UUID, read: Callable[[], Content]) -> None:
        """Tell all processes, this one first, that an owner changed."""
        if self._sources.has_redis:
            self._sources.keep(owner, read(), announce=True)
        self.poke()

    def expect(self) -> None:
        """Read anew what a transaction has changed that is not committed: inline."""
        if self._inline:
            self.poke()

    def forget(self) -> None:
        """Serve what the code declares, as if nobody had ever stored a flag."""
        base = serve_base(NOTHING)
        self._state = State(base, {}, {INSTALLATION: NOTHING}, {}, "store")
        self._wanted.clear()

    def age_s(self) -> float | None:
        """Return how long ago a source answered; None if none ever did."""
        return time.monotonic() - self.heard_at if self.heard_at else None

    def forked(self) -> None:
        """Begin anew in a child: threads and connections are the parent's."""
        self._sources.close()
        self._reset()

    def stop(self) -> None:
        """End the thread, for tests and for the end of a process."""
        thread, self._stopping = self._thread, True
        self._wake.set()
        if thread is not None:
            thread.join(5)
        self._reset()

    def look(self) -> None:
        """Ask once, and serve what is newer; whatever fails, the old state stays."""
        try:
            if self._state is None and self._files is not None:
                self._from_files(self._files)
            self._refresh()
            self.heard_at = time.monotonic()
        except AwayError:
            self._from_wanted_files()
        except DatabaseFailure as error:
            log.warning("flags.database_away", error=type(error).__name__)
            self._from_wanted_files()
        # A crash here must not end the thread, nor reach whoever asks for a flag.
        except Exception:
            counters.add(FAILED)
            log.exception("flags.refresh_failed")

    def _refresh(self) -> None:
        state = self._state or nothing()
        seen = max(state.versions.values(), default=0) if _is_fresh(state) else 0
        changed = self._sources.changed_since(seen)
        versions = {**(state.versions if _is_fresh(state) else {})}
        for owner, version in changed.items():
            versions[owner] = max(version, versions.get(owner, 0))
        # A list at once: others add to it meanwhile.
        wanted = list(self._wanted)
        needed = {INSTALLATION, *state.contents, *wanted} & versions.keys()
        contents = dict(state.contents)
        for owner in needed:
            known = contents.get(owner)
            if known is None or known.version < versions[owner]:
                found = self._sources.content_of(owner, versions[owner])
                if known is not None and found.version < known.version:
                    # A database that was set back; what is newer is served on.
                    continue
                contents[owner] = found
                if self._files is not None:
                    self._files.write(owner, found)
        if INSTALLATION not in contents and self._files is not None:
            # So that a start in the dark knows organizations' flags without any base.
            self._files.write(INSTALLATION, NOTHING)
        self._replace(state, contents, versions, "store")

    def _replace(
        self,
        state: State,
        contents: Mapping[UUID, Content],
        versions: Mapping[UUID, int],
        source: str,
    ) -> None:
        """Compile what is different, and serve all of it at once."""
        base_content = contents.get(INSTALLATION) or NOTHING
        is_same = (
            state.source != "nothing" and base_content.version == state.base.version
        )
        base = state.base if is_same else serve_base(base_content)
        kept = list(contents.items())[-MOST_OWNERS:]
        own = {
            owner: state.own[owner]
            if is_same and content is state.contents.get(owner)
            else serve_own(owner, content, base)
            for owner, content in kept
            if owner != INSTALLATION
        }
        kept_contents = {o: contents[o] for o in own}
        kept_contents[INSTALLATION] = base_content
        for owner in own:
            self._wanted.pop(owner, None)
        self._state = State(base, own, kept_contents, dict(versions), source)  # type: ignore[arg-type] # one of the three

    def _from_files(self, files: LastKnown) -> None:
        known = files.read(INSTALLATION)
        if known is not None:
            self._replace(nothing(), {INSTALLATION: known}, {}, "file")

    def _from_wanted_files(self) -> None:
        """Take from files what organizations had, while nobody else can say it."""
        state = self._state
        if self._files is None or state is None or _is_fresh(state):
            return
        found = {one: self._files.read(one) for one in list(self._wanted)}
        contents = {o: content for o, content in found.items() if content is not None}
        if contents:
            self._replace(state, {**state.contents, **contents}, {}, "file")

    @cached_property
    def _coded(self) -> State:
        return nothing()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._started_at = time.monotonic()
                self._thread = threading.Thread(
                    target=self._run, name="flags", daemon=True
                )
                self._thread.start()

    def _wait_since(self, moment: float) -> None:
        """Wait for a look, but no longer than patience lasts from a moment on.

        So that of many evaluations in an outage only the first ones wait.
        """
        rest = moment + PATIENCE_S - time.monotonic()
        if rest > 0:
            with self._looked:
                before = self._looks
                self._wake.set()
                self._looked.wait_for(lambda: self._looks > before, rest)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            connection.close_if_unusable_or_obsolete()
            self.look()
            with self._looked:
                self._looks += 1
                self._looked.notify_all()
            self._do_the_rest()
            if self._sources.has_redis:
                # Asked twice a minute: not worth a connection that waits.
                connection.close()
            self._wake.wait(EVERY_S)

    def _do_the_rest(self) -> None:
        """Do what else the process has to do once a second; the thread outlives it."""
        try:
            self._after()
        # Whatever it is: the next second's flags matter more.
        except Exception:
            counters.add(FAILED)
            log.exception("flags.after_refresh_failed")


def _is_fresh(state: State) -> bool:
    return state.source == "store"
