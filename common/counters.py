"""What happened in this process, counted: the seam that metrics are read from."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Final

_lock: Final = Lock()
_counts: Final[Counter[str]] = Counter()


def add(name: str, amount: int = 1) -> None:
    """Count something; names are `subject.finding` and few."""
    # Without a lock two threads could read the same number.
    with _lock:
        _counts[name] += amount


def read() -> Mapping[str, int]:
    """Return the counts since this process began."""
    with _lock:
        return dict(_counts)
