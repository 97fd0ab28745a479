"""Questions about requests: that they fire, and that little is unknown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from detection.engine import Arrival, Outcome, Reading, SessionState, request_facts
from detection.engine.events import Device
from detection.engine.registry import BY_CODE
from detection.engine.requests.addresses import AddressClass
from detection.engine.requests.agents import AgentIdentity

from ..visitors import (
    CHROME,
    CHROME_ON_WINDOWS,
    IPHONE,
    LINUX,
    OVER_TLS,
    Visitor,
    hints,
    of_class,
    with_agent,
    without,
)

SIGNED = {
    "Signature-Agent": '"https://agent.example"',
    "Signature-Input": 'sig=("@authority");tag="web-bot-auth"',
    "Signature": "sig=:AA==:",
}


def changed(**headers: str) -> Visitor:
    """Return Chrome on Windows with other headers."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return replace(CHROME_ON_WINDOWS, headers={**CHROME_ON_WINDOWS.headers, **named})


def ask(code: str, visitor: Visitor, requests: int = 6) -> Reading:
    """Return what a detector says of a visitor."""
    return BY_CODE[code].ask(visitor.state(requests).features())


def seen_from(*classes: AddressClass | None, **device: Any) -> SessionState:
    """Return a session with a request from an address of each class."""
    state = SessionState.new()
    for name in classes:
        arrival = replace(OVER_TLS, address_class=name)
        state.absorb_request(request_facts(CHROME_ON_WINDOWS.headers, arrival))
    if device:
        state.absorb(0, [Device(t=0, **device)])
    return state


def going_on(*agents: str) -> Reading:
    """Return what is said of a session whose User-Agent changes."""
    state = SessionState.new()
    for agent in agents:
        state.absorb_request(request_facts({"User-Agent": agent}, OVER_TLS))
    return BY_CODE["network.headers_changed"].ask(state.features())


FIRING = {
    "network.no_fetch_metadata": replace(
        CHROME_ON_WINDOWS, headers=without(CHROME_ON_WINDOWS, "Sec-Fetch")
    ),
    "network.no_hints": replace(
        CHROME_ON_WINDOWS, headers=without(CHROME_ON_WINDOWS, "Sec-CH")
    ),
    "network.hints_mismatch": changed(**hints("Linux", "Google Chrome", version=120)),
    "network.invalid_language": changed(Accept_Language="en-US;q=1.5"),
    "network.language_mismatch": changed(Accept_Language="zh-CN,zh;q=0.9"),
    "network.declared_agent": changed(User_Agent="Mozilla/5.0 (compatible; GPTBot/1)"),
    "network.datacenter": replace(
        CHROME_ON_WINDOWS, arrival=of_class(AddressClass.DATACENTER)
    ),
    "network.tor": replace(CHROME_ON_WINDOWS, arrival=of_class(AddressClass.TOR)),
    "network.vpn": replace(CHROME_ON_WINDOWS, arrival=of_class(AddressClass.VPN)),
    "network.proxy": replace(CHROME_ON_WINDOWS, arrival=of_class(AddressClass.PROXY)),
}


@pytest.mark.parametrize("code", FIRING)
def test_what_does_not_fit_is_seen(code: str) -> None:
    """Each detector has something that makes it fire, with evidence."""
    reading = ask(code, FIRING[code])
    assert reading.outcome is Outcome.FIRED
    assert reading.evidence


@pytest.mark.parametrize("code", [code for code in FIRING if "agent" not in code])
def test_the_usual_browser_is_clear(code: str) -> None:
    """The same questions, answered by an ordinary browser."""
    assert ask(code, CHROME_ON_WINDOWS).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    "code",
    [
        "network.no_fetch_metadata",
        "network.no_hints",
        "network.hints_mismatch",
        "network.invalid_language",
        "network.language_mismatch",
    ],
)
def test_one_request_says_nothing(code: str) -> None:
    """It may be a retry of something in between."""
    assert ask(code, FIRING[code], requests=1).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "code", ["network.datacenter", "network.tor", "network.vpn", "network.proxy"]
)
def test_without_a_list_no_address_is_judged(code: str) -> None:
    """None was loaded: that is not the same as being in none."""
    visitor = replace(CHROME_ON_WINDOWS, arrival=Arrival(is_https=True))
    assert ask(code, visitor).outcome is Outcome.UNKNOWN


def test_a_vpn_weighs_nothing() -> None:
    """It is told and not held against anyone."""
    assert ask("network.vpn", FIRING["network.vpn"]).weight == 0


def test_points_that_contradict_are_named() -> None:
    """The reader of a report can check them."""
    reading = ask("network.hints_mismatch", FIRING["network.hints_mismatch"])
    assert reading.evidence == {"requests": 6, "points": "platform, version"}


def test_header_that_comes_now_and_then_is_there() -> None:
    """Something in between loses it sometimes."""
    state = FIRING["network.no_fetch_metadata"].state()
    state.absorb_request(request_facts(CHROME_ON_WINDOWS.headers, OVER_TLS))
    reading = BY_CODE["network.no_fetch_metadata"].ask(state.features())
    assert reading.outcome is Outcome.CLEAR


WINDOWS_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0"
IPHONE_SAFARI = IPHONE.headers["User-Agent"]
MAC_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.5 Safari/605.1.15"
)
IPHONE_FIREFOX = IPHONE_SAFARI.replace("Version/17.5", "FxiOS/127.0")
WINDOWS_CHROME = CHROME_ON_WINDOWS.headers["User-Agent"]
LINUX_CHROME = f"{LINUX} {CHROME}"
ANDROID_CHROME = f"Mozilla/5.0 (Linux; Android 10; K) {CHROME}"


@pytest.mark.parametrize(
    "agents",
    [
        (WINDOWS_CHROME, WINDOWS_FIREFOX, WINDOWS_FIREFOX),
        (WINDOWS_CHROME, LINUX_CHROME, LINUX_CHROME),
        (IPHONE_SAFARI, WINDOWS_CHROME, WINDOWS_CHROME),
    ],
)
def test_another_browser_midway_is_seen(agents: tuple[str, ...]) -> None:
    """The page was opened by one program and is worked on by another."""
    assert going_on(*agents).outcome is Outcome.FIRED


@pytest.mark.parametrize(
    "agents",
    [
        (WINDOWS_CHROME, WINDOWS_CHROME.replace("138", "139"), WINDOWS_CHROME),
        (IPHONE_SAFARI, MAC_SAFARI, MAC_SAFARI),
        (IPHONE_FIREFOX, IPHONE_FIREFOX, MAC_SAFARI),
        (ANDROID_CHROME, LINUX_CHROME, LINUX_CHROME),
        (ANDROID_CHROME, WINDOWS_CHROME, WINDOWS_CHROME),
        (LINUX_CHROME, LINUX_CHROME.replace("X11; Linux", "X11; CrOS"), LINUX_CHROME),
    ],
)
def test_a_phone_that_asks_for_the_desktop_is_left_alone(
    agents: tuple[str, ...],
) -> None:
    """Nor does an update count, nor a tablet that changes its mind."""
    assert going_on(*agents).outcome is Outcome.CLEAR


def test_two_requests_are_no_change() -> None:
    """One of the two may have come from something that looks ahead."""
    assert going_on(WINDOWS_CHROME, WINDOWS_FIREFOX).outcome is Outcome.UNKNOWN


DATACENTER, VPN = AddressClass.DATACENTER, AddressClass.VPN


@pytest.mark.parametrize(
    ("classes", "outcome"),
    [
        ([None, None, DATACENTER, DATACENTER], Outcome.FIRED),
        ([AddressClass.MOBILE, None, DATACENTER, DATACENTER], Outcome.FIRED),
        ([None, None, None, DATACENTER], Outcome.CLEAR),
        ([None, None, VPN, VPN], Outcome.CLEAR),
        ([AddressClass.TOR, AddressClass.TOR, None, None], Outcome.CLEAR),
        ([AddressClass.MOBILE, None, AddressClass.MOBILE, None], Outcome.CLEAR),
        ([AddressClass.RELAY, AddressClass.RELAY, None, None], Outcome.CLEAR),
        ([DATACENTER, DATACENTER, DATACENTER, DATACENTER], Outcome.CLEAR),
        ([None, DATACENTER], Outcome.UNKNOWN),
    ],
)
def test_only_a_move_to_a_data_centre_is_a_change(
    classes: list[AddressClass | None], outcome: Outcome
) -> None:
    """Phones change their addresses all the time, and people switch a VPN on."""
    reading = BY_CODE["network.address_changed"].ask(seen_from(*classes).features())
    assert reading.outcome is outcome


RENTED: Mapping[str, Any] = {
    "platform": "Linux x86_64",
    "renderer": "ANGLE (Google, Vulkan, SwiftShader)",
    "inner_width": 1280,
    "inner_height": 720,
}


def test_every_sign_of_a_rented_machine_is_seen() -> None:
    """Software graphics, Linux, the usual size, in a data centre."""
    state = seen_from(DATACENTER, **RENTED)
    reading = BY_CODE["network.hosted_agent"].ask(state.features())
    assert reading.outcome is Outcome.FIRED


@pytest.mark.parametrize(
    ("name", "device"),
    [
        (None, {}),
        (VPN, {}),
        (DATACENTER, {"platform": "Win32"}),
        (DATACENTER, {"renderer": "Mesa Intel UHD"}),
        (DATACENTER, {"inner_width": 1281}),
    ],
)
def test_three_signs_of_a_rented_machine_are_not_enough(
    name: AddressClass | None, device: dict[str, Any]
) -> None:
    """Old laptops, virtual desktops and Linux at home each have some."""
    state = seen_from(name, **{**RENTED, **device})
    reading = BY_CODE["network.hosted_agent"].ask(state.features())
    assert reading.outcome is Outcome.CLEAR


@pytest.mark.parametrize("missing", ["platform", "renderer", "inner_width"])
def test_a_machine_that_says_little_is_unknown(missing: str) -> None:
    """A sign that nobody asked for is not absent."""
    device = {name: value for name, value in RENTED.items() if name != missing}
    state = seen_from(DATACENTER, **device)
    reading = BY_CODE["network.hosted_agent"].ask(state.features())
    assert reading.outcome is Outcome.UNKNOWN


def checked(*identities: AgentIdentity | None) -> SessionState:
    """Return a session of an agent that signs, and what became of checking it."""
    state = SessionState.new()
    for identity in identities:
        arrival = replace(OVER_TLS, identity=identity)
        headers = {**CHROME_ON_WINDOWS.headers, **SIGNED}
        state.absorb_request(request_facts(headers, arrival))
    return state


VERIFIED, SPOOFED = AgentIdentity.VERIFIED, AgentIdentity.SPOOFED


@pytest.mark.parametrize(
    ("identities", "told", "spoofed"),
    [
        ([VERIFIED, VERIFIED], "verified", Outcome.CLEAR),
        ([None, None], "signed", Outcome.UNKNOWN),
        ([SPOOFED], "spoofed", Outcome.FIRED),
        ([VERIFIED, SPOOFED], "spoofed, verified", Outcome.CLEAR),
    ],
)
def test_agents_that_sign_declare_themselves(
    identities: list[AgentIdentity | None], told: str, spoofed: Outcome
) -> None:
    """With the name of the signer, and what the check of it gave."""
    features = checked(*identities).features()
    declared = BY_CODE["network.declared_agent"].ask(features)
    assert declared.evidence == {"signers": "agent.example", "identity": told}
    assert BY_CODE["network.spoofed_agent"].ask(features).outcome is spoofed


def test_nobody_declares_by_being_a_browser() -> None:
    """No name, no signature."""
    reading = ask("network.declared_agent", CHROME_ON_WINDOWS)
    assert reading.outcome is Outcome.CLEAR


def test_a_phone_without_touch_is_none() -> None:
    """A small computer in a data centre that says Windows contradicts itself."""
    device = {"platform": "Linux aarch64", "touch_points": 0}
    visitor = with_agent(WINDOWS_CHROME, device=device)
    assert ask("network.platform_mismatch", visitor).outcome is Outcome.FIRED
