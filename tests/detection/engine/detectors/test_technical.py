"""Questions about the device and the requests."""

from typing import Any

import pytest

from detection.engine import Outcome, Reading, RequestFacts, SessionState
from detection.engine.events import Device
from detection.engine.registry import BY_CODE, DETECTORS

BROWSER = RequestFacts(
    user_agent_platform="macos",
    accept_language="en",
    has_accept_language=True,
    has_fetch_metadata=True,
    browser_family="safari",
)


def read(
    code: str, device: dict[str, Any] | None, facts: RequestFacts | None
) -> Reading:
    """Return what a detector says of a device and a request."""
    state = SessionState.new()
    if device is not None:
        state.absorb(0, [Device(t=0, **device)])
    if facts is not None:
        state.absorb_request(facts)
    return BY_CODE[code].ask(state.features())


@pytest.mark.parametrize(
    ("code", "device"),
    [
        ("device.webdriver", {"webdriver": True}),
        ("device.driver_globals", {"driver_globals": ["cdc_"]}),
        ("device.headless", {"brands": ["HeadlessChrome"]}),
        ("device.headless", {"headless_marks": ["no_chrome"]}),
        ("device.no_window", {"outer_width": 0, "outer_height": 0, "focused": True}),
        ("device.software_renderer", {"renderer": "Google SwiftShader"}),
        ("device.default_size", {"inner_width": 1280, "inner_height": 720}),
        ("device.no_languages", {"languages": []}),
    ],
)
def test_automated_devices_fire(code: str, device: dict[str, Any]) -> None:
    """What a driven browser says of itself is seen."""
    assert read(code, device, None).outcome is Outcome.FIRED


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("network.headless_agent", RequestFacts(headless_agent=True)),
        ("network.library_agent", RequestFacts(library_agent="curl")),
        ("network.declared_agent", RequestFacts(declared_agent="GPTBot")),
        ("network.no_language", RequestFacts()),
    ],
)
def test_requests_of_programs_fire(code: str, facts: RequestFacts) -> None:
    """What a program says of itself is seen."""
    assert read(code, None, facts).outcome is Outcome.FIRED


def test_headers_of_another_system_fire() -> None:
    """A Linux machine that claims Windows contradicts itself."""
    facts = RequestFacts(hinted_platform="windows")
    reading = read("network.platform_mismatch", {"platform": "Linux x86_64"}, facts)
    assert reading.outcome is Outcome.FIRED
    assert reading.evidence == {"headers": "windows", "page": "linux"}


@pytest.mark.parametrize(
    ("said", "page"),
    [
        ("macos", "MacIntel"),
        ("ios", "MacIntel"),
        ("macos", "iPad"),
        ("android", "Linux armv81"),
        ("android", "Linux x86_64"),
        ("chromeos", "Linux x86_64"),
        ("windows", "Win32"),
    ],
)
def test_honest_pairs_of_systems_are_clear(said: str, page: str) -> None:
    """An iPad says that it is a Mac, and Chrome OS that it is Linux."""
    facts = RequestFacts(user_agent_platform=said)
    reading = read("network.platform_mismatch", {"platform": page}, facts)
    assert reading.outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    "device",
    [
        {"webdriver": False, "driver_globals": [], "brands": ["Chromium"]},
        {"outer_width": 0, "outer_height": 0, "focused": False},
        {"inner_width": 1281, "inner_height": 720, "languages": ["de"]},
        {"renderer": "Apple M2", "platform": "MacIntel", "touch_points": 5},
        {"cores": 1, "memory_gb": 0.25, "reduced_motion": True, "mobile": True},
        {},
    ],
)
def test_devices_of_people_are_left_alone(device: dict[str, Any]) -> None:
    """Background tabs, old and small machines pass every question."""
    fired = [
        one.code
        for one in DETECTORS
        if read(one.code, device, BROWSER).outcome is Outcome.FIRED
    ]
    assert fired == []


@pytest.mark.parametrize(
    "code", [code for code in BY_CODE if code.startswith(("device.", "network."))]
)
def test_nothing_said_is_unknown(code: str) -> None:
    """A session without a device event and a request says nothing."""
    assert read(code, None, None).outcome is Outcome.UNKNOWN
