"""The way of a pointer or a finger over the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Final

# A hand that moves is reported at least ten times a second; after a pause of this
# long the pointer was put down, and where it is next it has not been drawn to.
PAUSE_MS: Final = 400
# A longer step than this between two reports is a jump: a fast hand makes 200 px.
JUMP_PX: Final = 250
# A picture of more points says no more, and weighs megabytes.
MOST_POINTS: Final = 4_000
# From pale, early, to dark, late.
SHADES: Final = 6
# What is around the outermost points, as a share of the picture.
MARGIN: Final = 0.03


@dataclass(frozen=True, slots=True)
class Point:
    """Where the pointer was; `is_press` when it came down there.

    A finger that lands comes out of the air: nothing leads there, and it did not jump.
    """

    at_ms: float
    x: float
    y: float
    is_press: bool = False
    has_landed: bool = False
    trusted: bool | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the picture shows, in the page's pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """Points that were drawn in one go, in one shade of time."""

    shade: int
    path: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The picture: strokes, jumps between them, presses, and its sums.

    `every` says that only each so-manieth point was drawn.
    """

    frame: Frame
    strokes: Sequence[Stroke]
    jumps: str
    presses: Sequence[Point]
    point_count: int
    jump_count: int
    length_px: float
    every: int

    @property
    def dot_px(self) -> float:
        """Return the radius of a press, so that it looks the same in any picture."""
        return round(max(self.frame.width, self.frame.height) / 130, 1)


def trail(points: Sequence[Point], window: tuple[float, float] | None) -> Trail | None:
    """Draw points that are in order of time; None if there are none.

    `window` is the page's inner size, if it is known: then a corner that was never
    visited is seen to be empty.
    """
    if not points:
        return None
    every = -(-len(points) // MOST_POINTS)
    drawn = [p for place, p in enumerate(points) if place % every == 0 or p.is_press]
    strokes, jumps = _strokes(drawn, every)
    steps = [
        hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(points) if not b.has_landed
    ]
    return Trail(
        frame=_frame(drawn, window),
        strokes=strokes,
        jumps="".join(f"M{a.x:g} {a.y:g}L{b.x:g} {b.y:g}" for a, b in jumps),
        presses=[p for p in points if p.is_press],
        point_count=len(points),
        jump_count=sum(step > JUMP_PX for step in steps),
        length_px=sum(steps),
        every=every,
    )


def _jumps(a: Point, b: Point, every: int = 1) -> bool:
    """Say whether a pointer was at `b` without having gone there from `a`."""
    return hypot(b.x - a.x, b.y - a.y) > JUMP_PX * every


def _strokes(
    points: Sequence[Point], every: int
) -> tuple[list[Stroke], list[tuple[Point, Point]]]:
    """Cut the way where the pointer rested, jumped, or grew a shade older."""
    start, length = points[0].at_ms, max(points[-1].at_ms - points[0].at_ms, 1.0)
    strokes: list[tuple[int, list[Point]]] = []
    jumps: list[tuple[Point, Point]] = []
    before: Point | None = None
    for point in points:
        shade = min(int(SHADES * (point.at_ms - start) / length), SHADES - 1)
        if before is None or point.has_landed:
            strokes.append((shade, [point]))
        elif _jumps(before, point, every):
            jumps.append((before, point))
            strokes.append((shade, [point]))
        elif point.at_ms - before.at_ms > PAUSE_MS * every or shade != strokes[-1][0]:
            strokes.append((shade, [before, point]))
        else:
            strokes[-1][1].append(point)
        before = point
    return [Stroke(shade, _path(way)) for shade, way in strokes if len(way) > 1], jumps


def _path(points: Sequence[Point]) -> str:
    """Return an SVG path through points, rounded to whole pixels."""
    first, *rest = [f"{round(p.x)} {round(p.y)}" for p in points]
    return f"M{first}" + "".join(f"L{place}" for place in rest)


def _frame(points: Sequence[Point], window: tuple[float, float] | None) -> Frame:
    """Return the least picture that holds the window and all points."""
    width, height = window or (0.0, 0.0)
    xs = [p.x for p in points] + ([0.0, width] if window else [])
    ys = [p.y for p in points] + ([0.0, height] if window else [])
    across, down = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    edge = MARGIN * max(across, down)
    return Frame(
        left=round(min(xs) - edge),
        top=round(min(ys) - edge),
        width=round(across + 2 * edge),
        height=round(down + 2 * edge),
    )
