"""What the browser said about itself and its connection, in words."""

from collections.abc import Sequence
from itertools import chain

from django.utils.translation import gettext as _

from common.formats import number
from detection.facade import AnyEvent, Device, Network

from .words import TIMES, Fact, yes_or_no


def device_of(events: Sequence[AnyEvent]) -> Device | None:
    """Return the last report that the browser made about itself."""
    return next((e for e in reversed(events) if isinstance(e, Device)), None)


def window_of(device: Device | None) -> tuple[float, float] | None:
    """Return the size of the page's window, if it was told."""
    if device is None or not device.inner_width or not device.inner_height:
        return None
    return device.inner_width, device.inner_height


def facts_of(events: Sequence[AnyEvent]) -> Sequence[Fact]:
    """Return what was told, without what was not."""
    device = device_of(events)
    network = next((e for e in reversed(events) if isinstance(e, Network)), None)
    facts = chain(
        _automation(device) if device else (),
        _machine(device) if device else (),
        _place(device) if device else (),
        _connection(network) if network else (),
    )
    return [fact for fact in facts if fact.value]


def _automation(device: Device) -> Sequence[Fact]:
    """Return what speaks for a program, found or not."""
    return [
        Fact(_("Says that a program drives it"), _asked(device.webdriver)),
        Fact(_("Marks of automation tools"), _words(device.driver_globals)),
        Fact(_("Signs of a missing window"), _words(device.headless_marks)),
        Fact(_("Answers that a script replaced"), _words(device.tampered)),
        Fact(_("Traces of a debugger"), _words(device.protocol_traces)),
        Fact(_("Page and worker differ in"), _words(device.worker_differs)),
    ]


def _machine(device: Device) -> Sequence[Fact]:
    memory = device.memory_gb
    return [
        Fact(_("Browser"), _words(device.brands)),
        Fact(_("System"), device.platform or ""),
        Fact(_("Phone or tablet"), _asked(device.mobile)),
        Fact(_("Screen"), _size(device.screen_width, device.screen_height)),
        Fact(_("Window"), _size(device.outer_width, device.outer_height)),
        Fact(_("Page in the window"), _size(device.inner_width, device.inner_height)),
        Fact(_("Pixels of the screen per pixel"), _number(device.pixel_ratio)),
        Fact(_("Graphics"), device.renderer or ""),
        Fact(_("Processor cores"), _number(device.cores)),
        Fact(
            _("Memory"),
            _("%(number)s GB") % {"number": number(memory)} if memory else "",
        ),
        Fact(_("Fingers that the screen can tell apart"), _number(device.touch_points)),
        Fact(_("Pointer is a finger"), _asked(device.coarse_pointer)),
    ]


def _place(device: Device) -> Sequence[Fact]:
    """Return language, time and taste."""
    languages = device.languages or ([device.language] if device.language else None)
    return [
        Fact(_("Languages"), _words(languages)),
        Fact(_("Time zone"), _zone(device)),
        Fact(_("Prefers less movement"), _asked(device.reduced_motion)),
        Fact(_("Prefers dark pages"), _asked(device.dark)),
    ]


def _connection(network: Network) -> Sequence[Fact]:
    wait, speed = network.round_trip_ms, network.downlink_mbps
    return [
        Fact(_("Connection"), network.connection or ""),
        Fact(
            _("Round trip"),
            _("%(number)s ms") % {"number": number(wait)} if wait is not None else "",
        ),
        Fact(
            _("Speed"),
            _("%(number)s Mbit/s") % {"number": number(speed)} if speed else "",
        ),
    ]


def _asked(value: bool | None) -> str:  # noqa: FBT001 - an answer, not a switch
    return "" if value is None else yes_or_no(value=value)


def _words(labels: Sequence[str] | None) -> str:
    """Return names; that there are none is an answer, that nobody asked is not."""
    if labels is None:
        return ""
    return ", ".join(labels) or _("None")


def _number(value: float | None) -> str:
    return "" if value is None else number(value)


def _size(width: float | None, height: float | None) -> str:
    if width is None or height is None:
        return ""
    return f"{number(width)} {TIMES} {number(height)}"


def _zone(device: Device) -> str:
    """Return the zone's name and how far it is from UTC, as far as they are known."""
    parts = [device.timezone] if device.timezone else []
    offset = device.timezone_offset_min
    if offset is not None:
        # As JavaScript counts: minutes that UTC is ahead.
        sign = "-" if offset > 0 else "+"
        parts.append(f"UTC{sign}{abs(offset) // 60}:{abs(offset) % 60:02}")
    return ", ".join(parts)
