"""What happened in each modality over time, counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from .axis import Axis

# Which events belong to which modality, in the order in which they are shown.
LANES: Final[Mapping[str, Sequence[str]]] = {
    "keyboard": ("keydown", "keyup", "input"),
    "pointer": ("mousemove",),
    "click": ("mousedown", "mouseup", "click"),
    "scroll": ("wheel", "scroll"),
    "touch": ("touchstart", "touchmove", "touchend"),
    "focus": ("focus", "blur", "visibility", "fieldfocus", "fieldblur"),
    "clipboard": ("paste", "copy", "cut", "drop"),
    "page": ("page", "question", "answer", "track"),
    "device": ("device", "network"),
}
LANE_OF: Final = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
# A bar is one part of this many: 4 pixels on a wide screen, 1.5 on a phone.
BARS: Final = 200
# A drawing is this wide and high, and is stretched to fit its place.
WIDTH: Final = 1000
HEIGHT: Final = 100
# The bar of a single event among thousands must still be seen.
LEAST_BAR: Final = 18


@dataclass(frozen=True, slots=True)
class Lane:
    """One modality: how much there was of it, when, and as a drawing.

    `outline` is the path of its bars in a field of 1000 by 100; a bar's height grows
    with the root of its count, so that a single press shows beside a thousand moves.
    """

    name: str
    count: int
    first_ms: float | None
    last_ms: float | None
    by_kind: Mapping[str, int]
    outline: str


def lanes(events: Iterable[tuple[float, str]], axis: Axis) -> Sequence[Lane]:
    """Return a lane for each modality from events, each a moment and a kind.

    Modalities of which nothing was seen are there too: that nothing was seen is what
    the reader wants to know.
    """
    moments: dict[str, list[float]] = {name: [] for name in LANES}
    kinds: dict[str, Counter[str]] = {name: Counter() for name in LANES}
    for at_ms, kind in events:
        name = LANE_OF[kind]
        moments[name].append(at_ms)
        kinds[name][kind] += 1
    return [_lane(name, moments[name], kinds[name], axis) for name in LANES]


def _lane(name: str, moments: list[float], kinds: Counter[str], axis: Axis) -> Lane:
    """Count a modality's events into bars."""
    # Without `percent`, whose rounding would take a third of the time.
    start, per_ms = axis.start_ms, BARS / axis.length_ms
    bars = Counter(min(int((at_ms - start) * per_ms), BARS - 1) for at_ms in moments)
    return Lane(
        name=name,
        count=len(moments),
        first_ms=min(moments, default=None),
        last_ms=max(moments, default=None),
        by_kind=dict(kinds.most_common()),
        outline=_outline(bars),
    )


def _outline(bars: Mapping[int, int]) -> str:
    """Return one path for all bars.

    >>> _outline({0: 4, 2: 1})
    'M0 100h5v-100h-5zM10 100h5v-59h-5z'
    """
    most = max(bars.values(), default=1)
    width = WIDTH // BARS
    path = []
    for place, count in sorted(bars.items()):
        height = round(LEAST_BAR + (HEIGHT - LEAST_BAR) * sqrt(count / most))
        path.append(f"M{place * width} {HEIGHT}h{width}v-{height}h-{width}z")
    return "".join(path)
