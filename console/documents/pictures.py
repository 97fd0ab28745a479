"""The pictures of a session, with places as text: SVG knows no decimal comma."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from common.formats import DASH, likelihood, number
from detection.facade import (
    BOT_FROM,
    SUSPICIOUS_FROM,
    VERDICTS,
    AnyEvent,
    DetectionResult,
)
from sessions_app.facade import BatchPart

from ..engine.axis import Axis, axis_over
from ..engine.course import Step, course
from ..engine.lanes import lanes
from ..engine.trail import Point, Trail, trail
from ..texts import KINDS, LANES
from .words import Text, clock

# Heights in pixels of what stands above each other in the picture.
COURSE_PX: Final = 120
LANE_PX: Final = 36
LABEL_PX: Final = 14
AXIS_PX: Final = 22
ABOVE_PX: Final = 10

VERDICT_NAMES: Final[Mapping[str, Text]] = dict(VERDICTS)


@dataclass(frozen=True, slots=True)
class ShownTick:
    """A mark on the axis."""

    x: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ShownLane:
    """A modality: its bars, and its line in the table."""

    name: Text
    count: str
    has_any: bool
    outline: str
    label_y: int
    bars_y: int
    first: str
    last: str
    kinds: str


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A point on the course of the verdict."""

    x: str
    y: str
    verdict: str
    title: str


@dataclass(frozen=True, slots=True)
class ShownGap:
    """A stretch of which batches never came."""

    x: str
    width: str
    title: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The course of the verdict, and under it what happened."""

    height: int
    course_height: int
    course_top: int
    ticks: Sequence[ShownTick]
    lanes: Sequence[ShownLane]
    gaps: Sequence[ShownGap]
    line: str
    marks: Sequence[ShownMark]
    bot_y: str
    suspicious_y: str
    axis_y: int


def timeline(
    part: BatchPart, results: Mapping[int, DetectionResult]
) -> Timeline | None:
    """Return the picture of a part of a session; None if nothing happened in it."""
    events = [event for some in part.events.values() for event in some]
    axis = axis_over(event.t for event in events)
    if axis is None:
        return None
    kinds = ((event.t, kind_of(event)) for event in events)
    shown = [
        ShownLane(
            name=LANES[lane.name],
            count=number(lane.count),
            has_any=lane.count > 0,
            outline=lane.outline,
            label_y=_lane_y(place) + LABEL_PX - 3,
            bars_y=_lane_y(place) + LABEL_PX,
            first=clock(lane.first_ms, tenths=True),
            last=clock(lane.last_ms, tenths=True),
            kinds=", ".join(
                f"{KINDS[kind]}: {number(count)}"
                for kind, count in lane.by_kind.items()
            ),
        )
        for place, lane in enumerate(lanes(kinds, axis))
    ]
    drawn = course(steps_of(part, results), axis)
    axis_y = _lane_y(len(shown)) + 4
    return Timeline(
        height=axis_y + AXIS_PX,
        course_height=COURSE_PX,
        course_top=ABOVE_PX,
        ticks=_ticks(axis),
        lanes=shown,
        gaps=_gaps(part, axis),
        line=drawn.line,
        marks=[
            ShownMark(
                x=f"{mark.x_percent}%",
                y=f"{ABOVE_PX + COURSE_PX * mark.y_percent / 100:.1f}",
                verdict=mark.step.verdict,
                title=f"{clock(mark.step.at_ms)} · "
                f"{VERDICT_NAMES[mark.step.verdict]} · "
                f"{likelihood(mark.step.probability)}",
            )
            for mark in drawn.marks
        ],
        bot_y=f"{ABOVE_PX + COURSE_PX * (1 - BOT_FROM):.1f}",
        suspicious_y=f"{ABOVE_PX + COURSE_PX * (1 - SUSPICIOUS_FROM):.1f}",
        axis_y=axis_y,
    )


def steps_of(part: BatchPart, results: Mapping[int, DetectionResult]) -> list[Step]:
    """Return what was said after each batch, at the time of its last event."""
    steps: list[Step] = []
    at_ms = 0.0
    for batch in part.batches:
        result = results.get(batch.seq)
        # A batch that came late was judged late; time does not run backwards here.
        at_ms = max(at_ms, batch.last_ms if batch.last_ms is not None else at_ms)
        if result is not None:
            steps.append(Step(batch.seq, at_ms, result.verdict, result.bot_probability))
    return steps


def _lane_y(place: int) -> int:
    return ABOVE_PX + COURSE_PX + 12 + place * LANE_PX


def _ticks(axis: Axis) -> Sequence[ShownTick]:
    """Return the axis's marks; the outermost labels stay inside of the picture."""
    return [
        ShownTick(
            x=f"{tick.percent}%",
            label=clock(tick.at_ms),
            anchor="start"
            if tick.percent < 3  # noqa: PLR2004 - half of a label's width
            else "end"
            if tick.percent > 97  # noqa: PLR2004 - the same
            else "middle",
        )
        for tick in axis.ticks()
    ]


def _gaps(part: BatchPart, axis: Axis) -> Sequence[ShownGap]:
    """Return the stretches between batches that are not neighbours."""
    found = []
    for before, after in zip(part.batches, part.batches[1:], strict=False):
        if after.seq == before.seq + 1:
            continue
        left = axis.percent(before.last_ms or axis.start_ms)
        right = axis.percent(after.first_ms or axis.end_ms)
        missing = missing_between(before.seq, after.seq)
        found.append(ShownGap(f"{left}%", f"{max(right - left, 0.3):.2f}%", missing))
    return found


def missing_between(before: int, after: int) -> str:
    """Return the numbers between two, as `4`, or the first and the last of several."""
    first, last = before + 1, after - 1
    return str(first) if first == last else f"{first}{DASH}{last}"


@dataclass(frozen=True, slots=True)
class ShownPress:
    """Where something was pressed."""

    x: str
    y: str
    at: str
    is_script: bool
    title: str


@dataclass(frozen=True, slots=True)
class ShownTrail:
    """The way of the pointer over the page."""

    drawn: Trail
    view_box: str
    dot: str
    cross: str
    presses: Sequence[ShownPress]
    points: str
    length: str
    jumps: str
    thinned: str


def pointer_trail(
    events: Iterable[AnyEvent], window: tuple[float, float] | None
) -> ShownTrail | None:
    """Return where pointers and fingers went; None if there were none."""
    points = sorted(_points(events), key=lambda point: point.at_ms)
    drawn = trail(points, window)
    if drawn is None:
        return None
    frame = drawn.frame
    return ShownTrail(
        drawn=drawn,
        view_box=f"{frame.left:g} {frame.top:g} {frame.width:g} {frame.height:g}",
        dot=f"{drawn.dot_px:g}",
        cross=f"{2 * drawn.dot_px:g}",
        presses=[
            ShownPress(
                x=f"{press.x:g}",
                y=f"{press.y:g}",
                at=clock(press.at_ms, tenths=True),
                is_script=press.trusted is False,
                title=f"{clock(press.at_ms, tenths=True)} · "
                f"{press.x:.0f}, {press.y:.0f}",
            )
            for press in drawn.presses
        ],
        points=number(drawn.point_count),
        length=number(drawn.length_px, 0),
        jumps=number(drawn.jump_count),
        thinned=number(drawn.every) if drawn.every > 1 else "",
    )


_PLACES: Final = {
    "mousemove": False,
    "mousedown": True,
    "touchstart": True,
    "touchmove": False,
}


def _points(events: Iterable[AnyEvent]) -> Iterable[Point]:
    """Yield where a pointer or a finger was."""
    for event in events:
        kind = kind_of(event)
        if kind in _PLACES:
            yield Point(
                at_ms=event.t,
                x=getattr(event, "x", 0.0),
                y=getattr(event, "y", 0.0),
                is_press=_PLACES[kind],
                has_landed=kind == "touchstart",
                trusted=getattr(event, "trusted", None),
            )


def kind_of(event: AnyEvent) -> str:
    """Return an event's type as it stands on the wire."""
    return str(event.__struct_config__.tag)
