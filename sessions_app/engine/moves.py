"""What sessions would move from and to, if something else were recommended."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

# A block ends a respondent's survey: what concerns it is told first.
GRAVEST: Final = "block"


@dataclass(frozen=True, slots=True)
class Row:
    """One action: how many sessions got it, would get it, and would lose it."""

    action: str
    then: int
    now: int
    moved: int


@dataclass(frozen=True, slots=True)
class Move:
    """How many sessions would go from one action to another."""

    then: str
    now: str
    count: int


@dataclass(frozen=True, slots=True)
class Moves:
    """All of it; `moves` has blocks first, then what concerns most sessions."""

    rows: Sequence[Row]
    total: Row
    moves: Sequence[Move]


def moves_between(pairs: Iterable[tuple[str, str]], actions: Sequence[str]) -> Moves:
    """Count what each session got and would get.

    Examples
    --------
    >>> found = moves_between([("review", "block"), ("allow", "allow")], ["review"])
    >>> found.moves
    [Move(then='review', now='block', count=1)]
    """
    counts = Counter(pairs)
    moved = [Move(*pair, count) for pair, count in counts.items() if pair[0] != pair[1]]
    rows = [
        Row(
            action,
            sum(count for (then, _now), count in counts.items() if then == action),
            sum(count for (_then, now), count in counts.items() if now == action),
            sum(move.count for move in moved if move.then == action),
        )
        for action in actions
    ]
    sessions = counts.total()
    return Moves(
        rows,
        Row("", sessions, sessions, sum(move.count for move in moved)),
        sorted(
            moved,
            key=lambda one: (
                GRAVEST not in {one.then, one.now},
                -one.count,
                one.then,
                one.now,
            ),
        ),
    )
