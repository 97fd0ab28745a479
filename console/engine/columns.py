"""Columns of stacked counts, and a line of shares, as places in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

# Of a column's place; the rest is the gap to the next one.
FILLED = 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a column; places are text, since SVG knows no decimal comma."""

    kind: str
    x: str
    y: str
    width: str
    height: str


def bars(
    columns: Sequence[Sequence[int]], kinds: Sequence[str], width: int, height: int
) -> Sequence[Bar]:
    """Return the parts of all columns, the first kind at the bottom.

    The highest column fills the height; empty parts are left out.

    Examples
    --------
    >>> [(bar.y, bar.height) for bar in bars([[1, 3]], ["a", "b"], 10, 100)]
    [('75.0', '25.0'), ('0.0', '75.0')]
    """
    most = max(map(sum, columns), default=0)
    if not most:
        return []
    place = width / len(columns)
    found = []
    for index, counts in enumerate(columns):
        below = 0
        for kind, count in zip(kinds, counts, strict=True):
            if count:
                below += count
                found.append(
                    Bar(
                        kind,
                        f"{(index + (1 - FILLED) / 2) * place:.1f}",
                        f"{height * (1 - below / most):.1f}",
                        f"{FILLED * place:.1f}",
                        f"{height * count / most:.1f}",
                    )
                )
    return found


def line(shares: Sequence[float | None], width: int, height: int) -> str:
    """Return an SVG path through shares of one; it breaks where there is none.

    Examples
    --------
    >>> line([0.0, 1.0, None, 0.5], 40, 10)
    'M5.0 10.0L15.0 0.0M35.0 5.0h0.1'
    """
    place = width / max(1, len(shares))
    parts: list[str] = []
    for index, share in enumerate(shares):
        if share is None:
            continue
        follows = index > 0 and shares[index - 1] is not None
        parts.append(
            f"{'L' if follows else 'M'}{(index + 0.5) * place:.1f}"
            f" {height * (1 - share):.1f}"
        )
        is_alone = not follows and (
            index + 1 == len(shares) or shares[index + 1] is None
        )
        if is_alone:
            # A path without a length is not drawn.
            parts.append("h0.1")
    return "".join(parts)
