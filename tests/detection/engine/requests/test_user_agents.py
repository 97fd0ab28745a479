"""What a User-Agent says, and which headers may be missed."""

import pytest
from hypothesis import given, strategies as st

from detection.engine.requests.user_agents import (
    LONGEST_HEADER,
    fnv1a32,
    read_user_agent,
)

from ..visitors import CHROME, IPHONE, LINUX, MAC, MOBILE_CHROME, WEBKIT, WINDOWS

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"


def chrome(version: int) -> str:
    """Return a release of Chrome on Windows."""
    return f"{WINDOWS} {CHROME.replace('138', str(version))}"


@pytest.mark.parametrize(
    ("agent", "sends"),
    [
        (chrome(138), True),
        (chrome(80), True),
        (chrome(79), False),
        (FIREFOX.format(90), True),
        (FIREFOX.format(89), False),
        (f"{MAC} {WEBKIT} Version/16.4 Safari/605.1.15", True),
        (f"{MAC} {WEBKIT} Version/16.3 Safari/605.1.15", False),
        (IPHONE.headers["User-Agent"], True),
        (f"{LINUX} {WEBKIT} Version/17.0 Safari/605.1.15", False),
        (f"{ANDROID} {MOBILE_CHROME}", True),
        (f"{ANDROID} Version/4.0 Mobile Safari/534.30", False),
        (f"{ANDROID[:-1]}; wv) {MOBILE_CHROME}", False),
        (f"{ANDROID} {MOBILE_CHROME} DuckDuckGo/5", False),
        ("curl/8.5.0", False),
        ("", False),
    ],
)
def test_old_and_other_browsers_owe_no_fetch_metadata(
    agent: str, *, sends: bool
) -> None:
    """Chrome has it from 80, Firefox from 90, Safari from 16.4."""
    assert read_user_agent(agent).sends_fetch_metadata is sends


@pytest.mark.parametrize(
    ("agent", "sends"),
    [
        (chrome(138), True),
        (chrome(90), True),
        (chrome(89), False),
        (f"{chrome(138)} Edg/138.0.0.0", True),
        (f"{chrome(138)} OPR/122.0.0.0", True),
        (f"{chrome(138)} Vivaldi/6.7", False),
        (f"{ANDROID} {MOBILE_CHROME}", False),
        (FIREFOX.format(127), False),
    ],
)
def test_only_plain_desktops_owe_client_hints(agent: str, *, sends: bool) -> None:
    """On phones many browsers give themselves out as Chrome."""
    assert read_user_agent(agent).sends_client_hints is sends


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)],
)
def test_hash_is_the_one_that_others_compute(text: str, expected: int) -> None:
    """The published test vectors of FNV-1a with 32 bits."""
    assert fnv1a32(text.encode()) == expected


@given(st.text(max_size=80))
def test_hash_is_of_the_whole_text(text: str) -> None:
    """Where page and header agree on the bytes; otherwise there is none."""
    known = text and text.isascii()
    assert read_user_agent(text).hash32 == (fnv1a32(text.encode()) if known else None)


def test_long_header_has_no_hash_and_owes_nothing() -> None:
    """What was cut off is not known."""
    agent = read_user_agent(chrome(138) + " " * LONGEST_HEADER)
    assert agent.hash32 is None
    assert agent.family == "chrome"
    assert not agent.sends_fetch_metadata
