"""Where client hints and User-Agent contradict."""

from typing import Any

import pytest

from detection.engine.requests.hints import contradictions, read_hints
from detection.engine.requests.user_agents import read_user_agent

from ..visitors import CHROME, IPHONE, LINUX, MAC, MOBILE_CHROME, WEBKIT, WINDOWS, hints

ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0"


def points(agent: str, sent: dict[str, str]) -> tuple[str, ...]:
    """Return in which points hints contradict a User-Agent."""
    known = {name.lower(): text for name, text in sent.items()}
    return contradictions(read_hints(known), read_user_agent(agent))


@pytest.mark.parametrize(
    ("agent", "sent", "expected"),
    [
        (FIREFOX, hints("Windows", "Google Chrome"), ("brand",)),
        (
            f"{MAC} {WEBKIT} Version/17.5 Safari/605.1.15",
            hints("macOS", "Google Chrome"),
            ("brand",),
        ),
        (
            f"{WINDOWS} {CHROME}",
            hints("Windows", "Google Chrome", version=120),
            ("version",),
        ),
        (f"{WINDOWS} {CHROME}", hints("Linux", "Google Chrome"), ("platform",)),
        (
            f"{ANDROID} {MOBILE_CHROME}",
            hints("Windows", "Google Chrome"),
            ("mobile", "platform"),
        ),
        (
            IPHONE.headers["User-Agent"],
            hints("Windows", "Google Chrome"),
            ("brand", "mobile", "platform"),
        ),
    ],
)
def test_exchanged_agents_contradict_their_hints(
    agent: str, sent: dict[str, str], expected: tuple[str, ...]
) -> None:
    """An option changed the one and not the other."""
    assert points(agent, sent) == expected


@pytest.mark.parametrize(
    ("agent", "sent"),
    [
        (f"{WINDOWS} {CHROME}", hints("Windows", "Google Chrome")),
        (f"{WINDOWS} {CHROME} Edg/138.0.0.0", hints("Windows", "Microsoft Edge")),
        (f"{LINUX} {CHROME}", hints("Android", "Google Chrome", mobile="?1")),
        (f"{LINUX} {CHROME}", hints("Linux", "Google Chrome")),
        (f"{MAC} {CHROME}", hints("Android", "Google Chrome", mobile="?1")),
        (f"{ANDROID} {CHROME}", hints("Android", "Google Chrome")),
        (f"{ANDROID} {MOBILE_CHROME}", hints("Android", "Google Chrome")),
        (f"{LINUX} {CHROME}", hints("Chrome OS", "Google Chrome")),
        (
            f"{WINDOWS} {CHROME.replace('138', '99')}",
            hints("Windows", "Google Chrome", version=110),
        ),
        (FIREFOX, {}),
        ("curl/8.5.0", hints("Windows", "Google Chrome")),
    ],
)
def test_honest_browsers_do_not_contradict(agent: str, sent: dict[str, str]) -> None:
    """Brands that build upon one another, phones on the desktop's page, tablets."""
    assert points(agent, sent) == ()


@pytest.mark.parametrize(
    "text", ['"Chromium"', "Chromium;v=138", '"\\"";v="1"', '"A";v="x"', "?" * 900]
)
def test_broken_hints_are_no_hints(text: str) -> None:
    """They say nothing rather than something wrong."""
    assert read_hints({"sec-ch-ua": text}).brands == {}


@pytest.mark.parametrize(("brand", "reduces"), [("Brave", True), ("Opera", False)])
def test_browsers_that_cut_languages_are_known(brand: str, *, reduces: bool) -> None:
    """By their brand."""
    sent: dict[str, Any] = {
        name.lower(): text for name, text in hints("macOS", brand).items()
    }
    assert read_hints(sent).reduces_languages is reduces
