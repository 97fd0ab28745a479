"""Where a browser contradicts itself, and what a driver leaves in it."""

from typing import Final

from msgspec import Struct, field

from ..events import Device
from ..headers import normal_platform
from .labels import with_labels

# A page has one user agent; a client that sends more is inventing.
_MOST_HASHES: Final = 4
# Graphics that exist on some systems only, by a word in the renderer's name.
_HOME_OF_GRAPHICS: Final = (
    ("direct3d", frozenset({"windows"})),
    ("apple", frozenset({"macos", "ios"})),
    ("metal", frozenset({"macos", "ios"})),
)


class ProbesTotals(Struct, array_like=True):
    """What the probes of a session found, page by page."""

    asked: int = 0
    tampered: list[str] = field(default_factory=list)
    listeners_known: int = 0
    listeners: int = 0
    drivers: list[str] = field(default_factory=list)
    workers: int = 0
    worker_differs: list[str] = field(default_factory=list)
    worker_platforms: list[str] = field(default_factory=list)
    agent_hashes: list[int] = field(default_factory=list)
    eval_lengths: list[int] = field(default_factory=list)
    languages_known: int = 0
    language_contradicted: int = 0
    zones_known: int = 0
    zone_contradicted: int = 0
    graphics_known: int = 0
    graphics_elsewhere: int = 0
    frames_known: int = 0
    no_frame: int = 0
    whole: int = 0
    partial: int = 0


class ProbesEdge(Struct, array_like=True):
    """Nothing a probe finds crosses a border."""


def read_probes(totals: ProbesTotals, _edge: ProbesEdge, event: Device) -> None:
    """Count what one report says."""
    _count_traces(totals, event)
    _count_worker(totals, event)
    _count_place(totals, event)
    _count_graphics(totals, event)
    _count_frame(totals, event)
    if event.webdriver is not None and event.platform:
        told = (event.agent_hash, event.eval_length, event.tampered, event.language)
        totals.whole += None not in told
        totals.partial += None in told
    if event.agent_hash is not None:
        totals.agent_hashes = _with_number(totals.agent_hashes, event.agent_hash)
    if event.eval_length is not None:
        totals.eval_lengths = _with_number(totals.eval_lengths, event.eval_length)


def join(_totals: ProbesTotals, left: ProbesEdge, _right: ProbesEdge) -> ProbesEdge:
    """Count nothing: nothing crosses the border."""
    return left


def _count_traces(totals: ProbesTotals, event: Device) -> None:
    """Count what was replaced, who listens, and whose code ran."""
    if event.tampered is not None:
        totals.asked += 1
        totals.tampered = with_labels(totals.tampered, event.tampered)
    if event.protocol_traces is None:
        return
    drivers = [name for name in event.protocol_traces if name != "console"]
    totals.drivers = with_labels(totals.drivers, drivers)
    if not drivers:
        totals.listeners_known += 1
        totals.listeners += "console" in event.protocol_traces


def _count_worker(totals: ProbesTotals, event: Device) -> None:
    """Count where a worker disagrees with its page."""
    if event.worker_differs is None:
        return
    totals.workers += 1
    totals.worker_differs = with_labels(totals.worker_differs, event.worker_differs)
    if event.worker_platform:
        names = [event.worker_platform]
        totals.worker_platforms = with_labels(totals.worker_platforms, names)


def _count_place(totals: ProbesTotals, event: Device) -> None:
    """Count languages and time zones that do not fit themselves."""
    if event.language and event.languages:
        totals.languages_known += 1
        totals.language_contradicted += event.language != event.languages[0]
    if event.timezone_offset_min is not None and event.zone_offset_min is not None:
        totals.zones_known += 1
        totals.zone_contradicted += event.timezone_offset_min != event.zone_offset_min


def _count_graphics(totals: ProbesTotals, event: Device) -> None:
    """Count graphics that the system named cannot have."""
    platform = normal_platform(event.platform or "")
    if not event.renderer or platform is None:
        return
    totals.graphics_known += 1
    name = event.renderer.lower()
    homes = (home for word, home in _HOME_OF_GRAPHICS if word in name)
    totals.graphics_elsewhere += any(platform not in home for home in homes)


def _count_frame(totals: ProbesTotals, event: Device) -> None:
    """Count windows of a desktop without a frame, a bar or an edge."""
    inner = (event.inner_width, event.inner_height)
    outer = (event.outer_width, event.outer_height)
    is_desktop = event.coarse_pointer is False and event.touch_points == 0
    if is_desktop and None not in inner and None not in outer:
        totals.frames_known += 1
        totals.no_frame += inner == outer


def _with_number(known: list[int], number: int) -> list[int]:
    """Add a number; the smallest are kept, so that order does not matter."""
    return sorted({*known, number})[:_MOST_HASHES]


READERS: Final = {Device: read_probes}
