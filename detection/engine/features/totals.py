"""All modalities side by side: their totals, their edges, and who reads which event."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec import Struct, field

from . import (
    answers,
    click,
    clipboard,
    device,
    entry,
    focus,
    keyboard,
    network,
    pointer,
    probes,
    scroll,
    smoothness,
    timing,
    touch,
)
from .answers import AnswersEdge, AnswersTotals
from .click import ClickEdge, ClickTotals
from .clipboard import ClipboardEdge, ClipboardTotals
from .device import DeviceEdge, DeviceTotals
from .entry import EntryEdge, EntryTotals
from .focus import FocusEdge, FocusTotals
from .keyboard import KeyboardEdge, KeyboardTotals
from .network import NetworkEdge, NetworkTotals
from .pointer import PointerEdge, PointerTotals
from .probes import ProbesEdge, ProbesTotals
from .scroll import ScrollEdge, ScrollTotals
from .smoothness import SmoothnessEdge, SmoothnessTotals
from .timing import TimingEdge, TimingTotals
from .touch import TouchEdge, TouchTotals


class Totals(Struct, array_like=True):
    """What a session adds up to, whatever the order of its batches."""

    keyboard: KeyboardTotals = field(default_factory=KeyboardTotals)
    entry: EntryTotals = field(default_factory=EntryTotals)
    pointer: PointerTotals = field(default_factory=PointerTotals)
    click: ClickTotals = field(default_factory=ClickTotals)
    scroll: ScrollTotals = field(default_factory=ScrollTotals)
    touch: TouchTotals = field(default_factory=TouchTotals)
    focus: FocusTotals = field(default_factory=FocusTotals)
    clipboard: ClipboardTotals = field(default_factory=ClipboardTotals)
    timing: TimingTotals = field(default_factory=TimingTotals)
    device: DeviceTotals = field(default_factory=DeviceTotals)
    network: NetworkTotals = field(default_factory=NetworkTotals)
    answers: AnswersTotals = field(default_factory=AnswersTotals)
    probes: ProbesTotals = field(default_factory=ProbesTotals)
    smoothness: SmoothnessTotals = field(default_factory=SmoothnessTotals)


class Edges(Struct, array_like=True):
    """What a run of batches must remember at its ends, one edge a modality."""

    keyboard: KeyboardEdge = field(default_factory=KeyboardEdge)
    entry: EntryEdge = field(default_factory=EntryEdge)
    pointer: PointerEdge = field(default_factory=PointerEdge)
    click: ClickEdge = field(default_factory=ClickEdge)
    scroll: ScrollEdge = field(default_factory=ScrollEdge)
    touch: TouchEdge = field(default_factory=TouchEdge)
    focus: FocusEdge = field(default_factory=FocusEdge)
    clipboard: ClipboardEdge = field(default_factory=ClipboardEdge)
    timing: TimingEdge = field(default_factory=TimingEdge)
    device: DeviceEdge = field(default_factory=DeviceEdge)
    network: NetworkEdge = field(default_factory=NetworkEdge)
    answers: AnswersEdge = field(default_factory=AnswersEdge)
    probes: ProbesEdge = field(default_factory=ProbesEdge)
    smoothness: SmoothnessEdge = field(default_factory=SmoothnessEdge)


# A reader takes its modality's totals and edge, and an event of a type it asked for.
Reader = Callable[[Any, Any, Any], None]

_MODULES: Final = {
    "keyboard": keyboard,
    "entry": entry,
    "pointer": pointer,
    "click": click,
    "scroll": scroll,
    "touch": touch,
    "focus": focus,
    "clipboard": clipboard,
    "timing": timing,
    "device": device,
    "network": network,
    "answers": answers,
    "probes": probes,
    "smoothness": smoothness,
}

# Takes several events of one type that came one after the other.
RowReader = Callable[[Any, Any, Sequence[Any]], None]


def _one_by_one(read: Reader) -> RowReader:
    """Return a reader of rows that takes one event after the other."""

    def read_row(totals: Any, edge: Any, row: Sequence[Any]) -> None:
        for event in row:
            read(totals, edge, event)

    return read_row


# Which modalities read an event, by the event's type. None sees what another one
# wrote, so each may read a whole row before the next one does.
_PLAN: dict[type, list[tuple[str, RowReader]]] = {}
for _name, _module in _MODULES.items():
    _readers: Mapping[Any, Reader] = getattr(_module, "READERS", {})
    _rows: Mapping[Any, RowReader] = getattr(_module, "ROWS", {})
    for _kind, _reader in _readers.items():
        _PLAN.setdefault(_kind, []).append((_name, _one_by_one(_reader)))
    for _kind, _row_reader in _rows.items():
        _PLAN.setdefault(_kind, []).append((_name, _row_reader))


def read(totals: Totals, edges: Edges, events: Iterable[Any]) -> None:
    """Let every modality read the events that it asked for."""
    for kind, some in groupby(events, type):
        plan = _PLAN.get(kind)
        if plan:
            row = list(some)
            for name, read_row in plan:
                read_row(getattr(totals, name), getattr(edges, name), row)


def join_edges(totals: Totals, left: Edges, right: Edges) -> Edges:
    """Count what crosses the border between two neighbouring runs."""
    joined = [
        module.join(getattr(totals, name), getattr(left, name), getattr(right, name))
        for name, module in _MODULES.items()
    ]
    return Edges(*joined)


def finish_edges(totals: Totals, edges: Edges) -> None:
    """Count what waits at a run's ends as if nothing were to come."""
    pointer.finish(totals.pointer, edges.pointer)
    entry.finish(totals.entry, edges.entry)
    click.finish(totals.click, edges.click)
    scroll.finish(totals.scroll, edges.scroll)
    touch.finish(totals.touch, edges.touch)
