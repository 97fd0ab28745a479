"""What every request reads and hardly anyone changes: kept in the process."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

# A change is in force everywhere after this time; the question costs one small query.
EVERY_S: Final = 30.0


class Refreshed(Generic[Value]):
    """A value that is read again when its version has changed.

    The version is asked for at most every `every_s` seconds, by whoever comes first;
    the others go on with the value that is there.

    Raises
    ------
    Exception
        What `version` and `read` raise; the next caller tries again.
    """

    def __init__(
        self,
        *,
        version: Callable[[], Hashable],
        read: Callable[[], Value],
        every_s: float = EVERY_S,
    ) -> None:
        self._version = version
        self._read = read
        self._every_s = every_s
        self._lock = Lock()
        self._held: tuple[Hashable, Value] | None = None
        self._asked_at = 0.0

    def __call__(self) -> Value:
        """Return the value, not much older than `every_s`."""
        held = self._held
        if held is not None and time.monotonic() - self._asked_at < self._every_s:
            return held[1]
        # Whoever has something to go on with does not wait.
        if not self._lock.acquire(blocking=held is None) and held is not None:
            return held[1]
        try:
            return self._looked_at()
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Read anew at the next call, whatever the version."""
        self._held = None

    def _looked_at(self) -> Value:
        """Ask for the version, and read the value if it is another one."""
        held, now = self._held, time.monotonic()
        if held is not None and now - self._asked_at < self._every_s:
            return held[1]
        # The version first: a change in between is found the next time.
        version = self._version()
        if held is None or held[0] != version:
            held = (version, self._read())
        self._held, self._asked_at = held, now
        return held[1]
