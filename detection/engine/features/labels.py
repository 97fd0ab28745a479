"""Bounded sets of words that come out the same in whatever order words arrive."""

from collections.abc import Iterable, Sequence
from typing import Final

# Real browsers name one or two of each; a client that names more is inventing.
MOST_LABELS: Final = 6
LONGEST_LABEL: Final = 48


def with_labels(known: Sequence[str], new: Iterable[str]) -> list[str]:
    """Return both without doubles: the first few in the alphabet, cut to a length.

    Keeping the smallest, not the earliest, makes the result independent of order.

    Examples
    --------
    >>> with_labels(["b"], ["a", "b"])
    ['a', 'b']
    """
    words = {word[:LONGEST_LABEL] for word in new}
    words.update(known)
    return sorted(words)[:MOST_LABELS]
