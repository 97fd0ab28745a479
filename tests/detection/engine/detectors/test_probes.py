"""Questions about contradictions, and the people who must not fail them."""

from typing import Any

import pytest

from detection.engine import Outcome, Reading, RequestFacts, SessionState, judge
from detection.engine.events import Device
from detection.engine.registry import BY_CODE

# What an ordinary browser on a laptop answers.
LAPTOP: dict[str, Any] = {
    "webdriver": False,
    "driver_globals": [],
    "headless_marks": [],
    "tampered": [],
    "protocol_traces": [],
    "platform": "Win32",
    "renderer": "ANGLE (Intel, Intel(R) UHD Graphics Direct3D11 vs_5_0 ps_5_0)",
    "language": "de",
    "languages": ["de", "en"],
    "timezone": "Europe/Berlin",
    "timezone_offset_min": 120,
    "zone_offset_min": 120,
    "inner_width": 1536,
    "inner_height": 730,
    "outer_width": 1536,
    "outer_height": 864,
    "coarse_pointer": False,
    "touch_points": 0,
    "eval_length": 33,
    "agent_hash": 4_711,
}
CHROME = RequestFacts(
    user_agent_platform="windows",
    accept_language="de",
    has_accept_language=True,
    has_fetch_metadata=True,
    browser_family="chrome",
)
CODES = [code for code, one in BY_CODE.items() if 908 <= one.number <= 917]


def read(
    code: str, *reports: dict[str, Any], facts: RequestFacts | None = None
) -> Reading:
    """Return what a detector says of reports, one batch each."""
    state = SessionState.new()
    for seq, report in enumerate(reports):
        state.absorb(seq, [Device(t=0, **report)])
    if facts is not None:
        state.absorb_request(facts)
    return BY_CODE[code].ask(state.features())


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("device.protocol_listener", {"protocol_traces": ["console"]}),
        ("device.driver_calls", {"protocol_traces": ["UtilityScript"]}),
        ("device.tampered", {"tampered": ["platform"]}),
        ("device.worker_mismatch", {"worker_differs": ["user_agent"]}),
        ("device.engine_mismatch", {"eval_length": 37}),
        ("device.language_mismatch", {"language": "fr"}),
        ("device.zone_mismatch", {"timezone_offset_min": -300}),
        ("device.graphics_mismatch", {"renderer": "Apple GPU"}),
        ("device.graphics_mismatch", {"platform": "MacIntel"}),
        ("device.no_frame", {"outer_height": 730}),
        ("device.incomplete", {"eval_length": None}),
    ],
)
def test_contradictions_fire(code: str, change: dict[str, Any]) -> None:
    """Each is one change away from a laptop that says nothing wrong."""
    assert read(code, LAPTOP | change, facts=CHROME).outcome is Outcome.FIRED
    usual = LAPTOP | {"worker_differs": [], "worker_platform": "Win32"}
    assert read(code, usual, facts=CHROME).outcome is Outcome.CLEAR


@pytest.mark.parametrize("code", CODES)
def test_silence_is_unknown(code: str) -> None:
    """A browser that was not asked has said nothing."""
    assert read(code, {}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("code", "person"),
    [
        # Tor Browser and others that hide where a person is.
        (
            "device.zone_mismatch",
            {"timezone": "UTC", "timezone_offset_min": 0, "zone_offset_min": 0},
        ),
        # An iPad that asks for the desktop's page: its worker is honest (X7).
        (
            "device.worker_mismatch",
            {
                "platform": "MacIntel",
                "worker_differs": ["user_agent", "platform"],
                "worker_platform": "iPad",
            },
        ),
        # A Mac's graphics on a Mac, and a phone's window that has no frame.
        ("device.graphics_mismatch", {"platform": "MacIntel", "renderer": "Apple M2"}),
    ],
)
def test_people_are_clear(code: str, person: dict[str, Any]) -> None:
    """What looks like a contradiction and is none."""
    assert read(code, LAPTOP | person).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    ("code", "person"),
    [
        ("device.zone_mismatch", {"zone_offset_min": None}),
        ("device.no_frame", {"outer_height": 730, "touch_points": 5}),
        ("device.no_frame", {"outer_height": 730, "coarse_pointer": True}),
        ("device.graphics_mismatch", {"platform": "PlayStation"}),
    ],
)
def test_what_does_not_apply_is_unknown(code: str, person: dict[str, Any]) -> None:
    """Phones have no frames; nobody knows every zone and every machine."""
    assert read(code, LAPTOP | person).outcome is Outcome.UNKNOWN


def test_phones_may_borrow_an_engine() -> None:
    """Chrome on an iPhone is Safari inside."""
    facts = RequestFacts(user_agent_platform="ios", browser_family="chrome")
    reading = read("device.engine_mismatch", LAPTOP | {"eval_length": 37}, facts=facts)
    assert reading.outcome is Outcome.UNKNOWN


def test_hiding_automation_weighs_more_than_hiding_a_system() -> None:
    """Extensions replace the platform; nobody but a driver replaces `webdriver`."""
    hidden = read("device.tampered", {"tampered": ["webdriver"]})
    private = read("device.tampered", {"tampered": ["platform", "plugins"]})
    assert hidden.weight > private.weight


def test_details_of_workers_weigh_less() -> None:
    """Extensions that change languages and zones forget workers too."""
    detail = read("device.worker_mismatch", {"worker_differs": ["timezone"]})
    name = read("device.worker_mismatch", {"worker_differs": ["user_agent"]})
    assert detail.weight < name.weight


@pytest.mark.parametrize(
    ("page", "header", "outcome"),
    [
        (1, 2, Outcome.FIRED),
        (1, 1, Outcome.CLEAR),
        (None, 1, Outcome.UNKNOWN),
        (1, None, Outcome.UNKNOWN),
    ],
)
def test_page_and_header_name_one_browser(
    page: int | None, header: int | None, outcome: Outcome
) -> None:
    """Letter for letter, where both are known."""
    facts = RequestFacts(agent_hash=header)
    reading = read("network.agent_mismatch", {"agent_hash": page}, facts=facts)
    assert reading.outcome is outcome


def test_tor_browser_may_name_itself_twice() -> None:
    """Its headers say Windows on every system."""
    facts = RequestFacts(agent_hash=1, browser_family="firefox")
    reading = read("network.agent_mismatch", {"agent_hash": 2}, facts=facts)
    assert reading.outcome is Outcome.UNKNOWN


def test_later_reports_add_what_came_later() -> None:
    """A worker answers after the page, and a driver shows itself when it acts."""
    later = {"protocol_traces": ["pptr"]}
    assert read("device.driver_calls", LAPTOP, later).outcome is Outcome.FIRED
    quiet = read("device.protocol_listener", LAPTOP, later)
    assert quiet.outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    "person",
    [
        # A virtual desktop in a kiosk, with developer tools open.
        {
            "protocol_traces": ["console"],
            "renderer": "llvmpipe (LLVM 15.0.7, 256 bits)",
            "inner_width": 1280,
            "inner_height": 720,
            "outer_width": 1280,
            "outer_height": 720,
            "platform": "Linux x86_64",
        },
        # An extension that hides the system, badly.
        {
            "tampered": ["platform", "hardwareConcurrency"],
            "worker_differs": ["cores", "timezone"],
        },
    ],
)
def test_odd_machines_of_people_are_no_suspicion(person: dict[str, Any]) -> None:
    """However many weak hints of one kind come together."""
    state = SessionState.new()
    state.absorb(0, [Device(t=0, **LAPTOP | person)])
    verdict = judge(state.features())
    assert verdict.kind == "undecided"
    assert verdict.reasons
