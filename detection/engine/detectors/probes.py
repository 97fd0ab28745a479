"""Questions about what a driver leaves, and where a browser contradicts itself.

Beside each weight stands who trips it wrongly. All of a virtual desktop in a kiosk
with open developer tools weighs 1.46 together: below what makes a suspicion.
"""

from typing import Final

from ..headers import normal_platform
from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

PROTOCOL_LISTENER: Final = "device.protocol_listener"
DRIVER_CALLS: Final = "device.driver_calls"
TAMPERED: Final = "device.tampered"
WORKER_MISMATCH: Final = "device.worker_mismatch"
ENGINE_MISMATCH: Final = "device.engine_mismatch"
LANGUAGE_MISMATCH: Final = "device.language_mismatch"
ZONE_MISMATCH: Final = "device.zone_mismatch"
GRAPHICS_MISMATCH: Final = "device.graphics_mismatch"
NO_FRAME: Final = "device.no_frame"
INCOMPLETE: Final = "device.incomplete"

# Open developer tools listen as a driver does (research D4; tried on Chromium 156).
PROTOCOL_LISTENER_WEIGHT: Final = 0.8
# Nobody but Playwright, Puppeteer and their kin names functions so (D5).
DRIVER_CALLS_WEIGHT: Final = 5.0
# Only automation has a reason to hide that it is automated (D1, D2).
WEBDRIVER_HIDDEN_WEIGHT: Final = 2.5
# Extensions against fingerprinting replace the other answers too (D2).
TAMPERED_WEIGHT: Final = 1.0
# Who changes a page's name or system forgets its workers (D11). Desktop mode on an
# iPad changes the page alone (X7).
WORKER_WEIGHT: Final = 2.0
# Extensions change languages, zones and processors in the page alone.
WORKER_DETAILS_WEIGHT: Final = 0.8
# An engine prints its functions in its own way; phones' browsers borrow engines, so
# desktops only (D10).
ENGINE_WEIGHT: Final = 2.0
# Extensions that change one and forget the other (D12).
LANGUAGE_WEIGHT: Final = 0.8
# Extensions that move the zone and forget the clock (D13).
ZONE_WEIGHT: Final = 1.0
# Windows' graphics on a Mac: one of the two is invented (D9).
GRAPHICS_WEIGHT: Final = 1.2
# A window that fills its screen and has no bar: headless, or a kiosk, or full screen.
NO_FRAME_WEIGHT: Final = 0.8
# Every browser has these answers and our client tells all of them at once: another
# program wrote the report.
INCOMPLETE_WEIGHT: Final = 3.0

# An iPad that says it is a Mac, on the page or in the worker.
_APPLE: Final = frozenset({"ios", "macos"})
# What a worker and its page must agree on, whoever protects their privacy.
_IDENTITY: Final = frozenset({"user_agent", "platform"})
_EVAL_LENGTH: Final = {
    "chrome": 33,
    "edge": 33,
    "opera": 33,
    "firefox": 37,
    "safari": 37,
}
_DESKTOPS: Final = frozenset({"windows", "macos", "linux", "chromeos"})


def protocol_listener(features: SessionFeatures) -> Reading:
    """Fire when something listens to the console, as drivers do."""
    probes = features.totals.probes
    if probes.listeners_known == 0:
        return unknown(PROTOCOL_LISTENER)
    if probes.listeners:
        weight = PROTOCOL_LISTENER_WEIGHT
        return fired(PROTOCOL_LISTENER, weight, reports=probes.listeners)
    return clear(PROTOCOL_LISTENER)


def driver_calls(features: SessionFeatures) -> Reading:
    """Fire when a driver's own code was behind an event."""
    probes = features.totals.probes
    if probes.drivers:
        names = ", ".join(probes.drivers)
        return fired(DRIVER_CALLS, DRIVER_CALLS_WEIGHT, names=names)
    return clear(DRIVER_CALLS) if probes.asked else unknown(DRIVER_CALLS)


def tampered(features: SessionFeatures) -> Reading:
    """Fire when a script has replaced answers of the browser."""
    probes = features.totals.probes
    if probes.asked == 0:
        return unknown(TAMPERED)
    if probes.tampered:
        hidden = "webdriver" in probes.tampered
        weight = WEBDRIVER_HIDDEN_WEIGHT if hidden else TAMPERED_WEIGHT
        return fired(TAMPERED, weight, names=", ".join(probes.tampered))
    return clear(TAMPERED)


def worker_mismatch(features: SessionFeatures) -> Reading:
    """Fire when a worker describes another browser than its page."""
    totals = features.totals
    probes = totals.probes
    if probes.workers == 0:
        return unknown(WORKER_MISMATCH)
    differs = set(probes.worker_differs)
    worker = {normal_platform(name) for name in probes.worker_platforms}
    page = {normal_platform(name) for name in totals.device.platforms}
    if {*worker, *page} == _APPLE:
        differs -= _IDENTITY
    if not differs:
        return clear(WORKER_MISMATCH)
    weight = WORKER_WEIGHT if differs & _IDENTITY else WORKER_DETAILS_WEIGHT
    return fired(WORKER_MISMATCH, weight, names=", ".join(sorted(differs)))


def engine_mismatch(features: SessionFeatures) -> Reading:
    """Fire when a desktop's browser runs on another engine than its name has."""
    totals = features.totals
    network = totals.network
    expected = {_EVAL_LENGTH.get(name) for name in network.browsers}
    is_desktop = set(network.agent_platforms) <= _DESKTOPS and not totals.device.mobile
    found = totals.probes.eval_lengths
    if not found or not expected or None in expected or not is_desktop:
        return unknown(ENGINE_MISMATCH)
    if expected.isdisjoint(found):
        names = ", ".join(network.browsers)
        return fired(ENGINE_MISMATCH, ENGINE_WEIGHT, names=names, length=found[0])
    return clear(ENGINE_MISMATCH)


def language_mismatch(features: SessionFeatures) -> Reading:
    """Fire when the first language of the list is not the language."""
    probes = features.totals.probes
    if probes.languages_known == 0:
        return unknown(LANGUAGE_MISMATCH)
    if probes.language_contradicted == probes.languages_known:
        return fired(LANGUAGE_MISMATCH, LANGUAGE_WEIGHT)
    return clear(LANGUAGE_MISMATCH)


def zone_mismatch(features: SessionFeatures) -> Reading:
    """Fire when the clock is not the one of the time zone that is named."""
    probes = features.totals.probes
    if probes.zones_known == 0:
        return unknown(ZONE_MISMATCH)
    if probes.zone_contradicted == probes.zones_known:
        return fired(ZONE_MISMATCH, ZONE_WEIGHT)
    return clear(ZONE_MISMATCH)


def graphics_mismatch(features: SessionFeatures) -> Reading:
    """Fire when the graphics card cannot be in such a machine."""
    probes = features.totals.probes
    if probes.graphics_known == 0:
        return unknown(GRAPHICS_MISMATCH)
    if probes.graphics_elsewhere == probes.graphics_known:
        return fired(GRAPHICS_MISMATCH, GRAPHICS_WEIGHT)
    return clear(GRAPHICS_MISMATCH)


def no_frame(features: SessionFeatures) -> Reading:
    """Fire when a desktop's window is all page on each page."""
    probes = features.totals.probes
    if probes.frames_known == 0:
        return unknown(NO_FRAME)
    if probes.no_frame == probes.frames_known:
        return fired(NO_FRAME, NO_FRAME_WEIGHT, reports=probes.no_frame)
    return clear(NO_FRAME)


def incomplete(features: SessionFeatures) -> Reading:
    """Fire when no report on the browser is one that our client writes."""
    probes = features.totals.probes
    if probes.whole:
        return clear(INCOMPLETE)
    if probes.partial:
        return fired(INCOMPLETE, INCOMPLETE_WEIGHT, reports=probes.partial)
    return unknown(INCOMPLETE)


DETECTORS: Final = (
    Detector(PROTOCOL_LISTENER, 908, Family.DEVICE, protocol_listener),
    Detector(DRIVER_CALLS, 909, Family.DEVICE, driver_calls, dispositive=True),
    Detector(TAMPERED, 910, Family.DEVICE, tampered),
    Detector(WORKER_MISMATCH, 911, Family.DEVICE, worker_mismatch),
    Detector(ENGINE_MISMATCH, 912, Family.DEVICE, engine_mismatch),
    Detector(LANGUAGE_MISMATCH, 913, Family.DEVICE, language_mismatch),
    Detector(ZONE_MISMATCH, 914, Family.DEVICE, zone_mismatch),
    Detector(GRAPHICS_MISMATCH, 915, Family.DEVICE, graphics_mismatch),
    Detector(NO_FRAME, 916, Family.DEVICE, no_frame),
    Detector(INCOMPLETE, 917, Family.DEVICE, incomplete),
)
