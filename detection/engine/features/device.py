"""What the browser says about itself and its machine."""

from typing import Final

from msgspec import Struct, field

from ..events import Device
from .labels import with_labels

# Sizes that automation opens when nobody asks for one: Playwright's and
# Puppeteer's (research D7).
_DEFAULT_SIZES: Final = frozenset({(1280.0, 720.0), (800.0, 600.0)})

# Renderers without a graphics card (research D8).
_SOFTWARE: Final = ("swiftshader", "llvmpipe", "softpipe", "offscreen", "basic render")


class DeviceTotals(Struct, array_like=True):
    """Counts over the device events of a session; one is sent a page."""

    reports: int = 0
    webdriver: int = 0
    webdriver_known: int = 0
    driver_globals: list[str] = field(default_factory=list)
    headless_marks: list[str] = field(default_factory=list)
    globals_known: int = 0
    outer_known: int = 0
    outer_zero: int = 0
    size_known: int = 0
    default_size: int = 0
    renderer_known: int = 0
    software_renderer: int = 0
    brands_known: int = 0
    headless_brand: int = 0
    languages_known: int = 0
    no_languages: int = 0
    languages: list[str] = field(default_factory=list)
    platforms: list[str] = field(default_factory=list)
    most_touch_points: int | None = None
    mobile: int = 0
    coarse_pointer: int = 0
    reduced_motion: int = 0
    focus_known: int = 0
    focused: int = 0


class DeviceEdge(Struct, array_like=True):
    """Nothing about a device crosses a border."""


def read_device(totals: DeviceTotals, _edge: DeviceEdge, event: Device) -> None:
    """Count what one report says."""
    totals.reports += 1
    _count_probes(totals, event)
    _count_window(totals, event)
    _count_browser(totals, event)
    _count_hardware(totals, event)


def join(_totals: DeviceTotals, left: DeviceEdge, _right: DeviceEdge) -> DeviceEdge:
    """Count nothing: nothing crosses the border."""
    return left


def _count_probes(totals: DeviceTotals, event: Device) -> None:
    """Count what automation leaves behind."""
    totals.webdriver_known += event.webdriver is not None
    totals.webdriver += event.webdriver is True
    if event.driver_globals is not None:
        totals.globals_known += 1
        totals.driver_globals = with_labels(totals.driver_globals, event.driver_globals)
    if event.headless_marks is not None:
        totals.headless_marks = with_labels(totals.headless_marks, event.headless_marks)


def _count_window(totals: DeviceTotals, event: Device) -> None:
    """Count the window's sizes and whether it has the keyboard."""
    # A tab in the background has no outer size; only a focused one must have it.
    outer = (event.outer_width, event.outer_height)
    if None not in outer and event.focused is not False:
        totals.outer_known += 1
        totals.outer_zero += outer == (0, 0)
    if event.inner_width is not None and event.inner_height is not None:
        totals.size_known += 1
        size = (event.inner_width, event.inner_height)
        totals.default_size += size in _DEFAULT_SIZES
    if event.focused is not None:
        totals.focus_known += 1
        totals.focused += event.focused


def _count_browser(totals: DeviceTotals, event: Device) -> None:
    """Count the browser's names and languages."""
    if event.brands is not None:
        totals.brands_known += 1
        totals.headless_brand += any(
            "headless" in name.lower() for name in event.brands
        )
    if event.languages is not None:
        totals.languages_known += 1
        totals.no_languages += not event.languages
        totals.languages = with_labels(totals.languages, event.languages)
    if event.platform:
        totals.platforms = with_labels(totals.platforms, [event.platform])
    totals.mobile += event.mobile is True


def _count_hardware(totals: DeviceTotals, event: Device) -> None:
    """Count graphics, touch and preferences."""
    if event.renderer:
        totals.renderer_known += 1
        name = event.renderer.lower()
        totals.software_renderer += any(word in name for word in _SOFTWARE)
    if event.touch_points is not None:
        known = totals.most_touch_points
        points = event.touch_points
        totals.most_touch_points = points if known is None else max(known, points)
    totals.coarse_pointer += event.coarse_pointer is True
    totals.reduced_motion += event.reduced_motion is True


READERS: Final = {Device: read_device}
