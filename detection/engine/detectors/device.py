"""Questions about what the browser says of itself.

Not asked, because people fail them: the number of plugins, a round trip of 0, the
permission for notifications (research, finding 10).
"""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

WEBDRIVER: Final = "device.webdriver"
DRIVER_GLOBALS: Final = "device.driver_globals"
HEADLESS: Final = "device.headless"
NO_WINDOW: Final = "device.no_window"
SOFTWARE_RENDERER: Final = "device.software_renderer"
DEFAULT_SIZE: Final = "device.default_size"
NO_LANGUAGES: Final = "device.no_languages"

# The browser itself says that it is driven (research D1).
WEBDRIVER_WEIGHT: Final = 5.0
# Names that drivers leave in the page (D3).
DRIVER_GLOBALS_WEIGHT: Final = 5.0
# A browser without a window names itself so (D6).
HEADLESS_WEIGHT: Final = 4.0
# A focused window has an outside (F4).
NO_WINDOW_WEIGHT: Final = 2.5
# Company desktops in data centres draw in software as well (D8).
SOFTWARE_RENDERER_WEIGHT: Final = 0.8
# Old laptops have 1280x720 as well (D7).
DEFAULT_SIZE_WEIGHT: Final = 0.5
NO_LANGUAGES_WEIGHT: Final = 1.5


def webdriver(features: SessionFeatures) -> Reading:
    """Fire when the browser says that a program drives it."""
    device = features.totals.device
    if device.webdriver_known == 0:
        return unknown(WEBDRIVER)
    if device.webdriver:
        return fired(WEBDRIVER, WEBDRIVER_WEIGHT, reports=device.webdriver)
    return clear(WEBDRIVER)


def driver_globals(features: SessionFeatures) -> Reading:
    """Fire when a driver has left its names in the page."""
    device = features.totals.device
    if device.globals_known == 0:
        return unknown(DRIVER_GLOBALS)
    if device.driver_globals:
        names = ", ".join(device.driver_globals)
        return fired(DRIVER_GLOBALS, DRIVER_GLOBALS_WEIGHT, names=names)
    return clear(DRIVER_GLOBALS)


def headless(features: SessionFeatures) -> Reading:
    """Fire when the browser says that it runs without a window."""
    device = features.totals.device
    if device.reports == 0:
        return unknown(HEADLESS)
    if device.headless_brand or device.headless_marks:
        marks = ", ".join(device.headless_marks)
        return fired(HEADLESS, HEADLESS_WEIGHT, marks=marks)
    return clear(HEADLESS)


def no_window(features: SessionFeatures) -> Reading:
    """Fire when a focused window has no size."""
    device = features.totals.device
    if device.outer_known == 0:
        return unknown(NO_WINDOW)
    if device.outer_zero == device.outer_known:
        return fired(NO_WINDOW, NO_WINDOW_WEIGHT, reports=device.outer_zero)
    return clear(NO_WINDOW)


def software_renderer(features: SessionFeatures) -> Reading:
    """Fire when no graphics card draws the page."""
    device = features.totals.device
    if device.renderer_known == 0:
        return unknown(SOFTWARE_RENDERER)
    if device.software_renderer:
        return fired(SOFTWARE_RENDERER, SOFTWARE_RENDERER_WEIGHT)
    return clear(SOFTWARE_RENDERER)


def default_size(features: SessionFeatures) -> Reading:
    """Fire when the page has exactly the size that automation opens."""
    device = features.totals.device
    if device.size_known == 0:
        return unknown(DEFAULT_SIZE)
    if device.default_size == device.size_known:
        return fired(DEFAULT_SIZE, DEFAULT_SIZE_WEIGHT)
    return clear(DEFAULT_SIZE)


def no_languages(features: SessionFeatures) -> Reading:
    """Fire when the browser speaks no language."""
    device = features.totals.device
    if device.languages_known == 0:
        return unknown(NO_LANGUAGES)
    if device.no_languages == device.languages_known:
        return fired(NO_LANGUAGES, NO_LANGUAGES_WEIGHT)
    return clear(NO_LANGUAGES)


DETECTORS: Final = (
    Detector(WEBDRIVER, 901, Family.DEVICE, webdriver, dispositive=True),
    Detector(DRIVER_GLOBALS, 902, Family.DEVICE, driver_globals, dispositive=True),
    Detector(HEADLESS, 903, Family.DEVICE, headless),
    Detector(NO_WINDOW, 904, Family.DEVICE, no_window),
    Detector(SOFTWARE_RENDERER, 905, Family.DEVICE, software_renderer),
    Detector(DEFAULT_SIZE, 906, Family.DEVICE, default_size),
    Detector(NO_LANGUAGES, 907, Family.DEVICE, no_languages),
)
