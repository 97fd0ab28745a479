"""What requests say about who sent them."""

import pytest

from detection.engine import request_facts
from detection.engine.headers import normal_platform

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
    " (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


def test_a_browser_says_all_it_should() -> None:
    """Platform, language and fetch metadata are read, whatever the case of names."""
    facts = request_facts(
        {
            "USER-AGENT": CHROME,
            "Sec-CH-UA-Platform": '"Windows"',
            "Sec-CH-UA-Mobile": "?0",
            "accept-language": "de-CH,de;q=0.9",
            "Sec-Fetch-Mode": "cors",
        }
    )
    assert (facts.user_agent_platform, facts.hinted_platform) == ("windows", "windows")
    assert facts.hinted_mobile is False
    assert facts.accept_language == "de-ch"
    assert facts.has_accept_language
    assert facts.has_fetch_metadata
    assert facts.browser_family == "chrome"
    assert not facts.headless_agent
    assert facts.library_agent is facts.declared_agent is None


def test_nothing_said_is_nothing_known() -> None:
    """A request without headers gives no facts, and no error."""
    facts = request_facts({})
    assert facts.user_agent_platform is None
    assert facts.hinted_mobile is None
    assert not facts.has_accept_language


@pytest.mark.parametrize(
    ("agent", "library"),
    [
        ("python-requests/2.32.3", "python-requests"),
        ("curl/8.5.0", "curl"),
        ("axios/1.7.2", "axios"),
        ("Go-http-client/2.0", "go-http-client"),
        ("okhttp/4.12.0", "okhttp"),
        ("Java/17.0.1", "java"),
        (CHROME, None),
        (IPHONE, None),
        ("Mozilla/5.0 (compatible; curling club)", None),
    ],
)
def test_programs_are_told_from_browsers(agent: str, library: str | None) -> None:
    """A program writes its name where a browser writes Mozilla."""
    assert request_facts({"User-Agent": agent}).library_agent == library


@pytest.mark.parametrize(
    ("agent", "declared"),
    [
        (
            "Mozilla/5.0; compatible; ChatGPT-User/1.0; +https://openai.com",
            "ChatGPT-User",
        ),
        ("Mozilla/5.0 (compatible; GPTBot/1.2)", "GPTBot"),
        ("Claude-User/1.0", "Claude-User"),
        ("mozilla/5.0 (compatible; perplexitybot/1.0)", "PerplexityBot"),
        (CHROME, None),
    ],
)
def test_agents_that_say_so_are_named(agent: str, declared: str | None) -> None:
    """The name comes out as its maker spells it."""
    assert request_facts({"User-Agent": agent}).declared_agent == declared


@pytest.mark.parametrize("name", ["User-Agent", "Sec-CH-UA"])
def test_a_browser_without_a_window_is_known_by_either_header(name: str) -> None:
    """The user agent or the brands say it."""
    facts = request_facts({name: '"HeadlessChrome";v="126"'})
    assert facts.headless_agent


@pytest.mark.parametrize(
    ("agent", "platform", "browser"),
    [
        (IPHONE, "ios", "safari"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile", "android", "chrome"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/126", "chromeos", "chrome"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Firefox/127.0", "linux", "firefox"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Edg/126", "macos", "edge"),
    ],
)
def test_the_narrower_name_wins(agent: str, platform: str, browser: str) -> None:
    """Android says Linux too, an iPhone "like Mac OS X", and all of them Safari."""
    facts = request_facts({"User-Agent": agent})
    assert (facts.user_agent_platform, facts.browser_family) == (platform, browser)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("MacIntel", "macos"),
        ("Win32", "windows"),
        ("Linux x86_64", "linux"),
        ("Linux armv8l", "android"),
        ("Chrome OS", "chromeos"),
        ("iPhone", "ios"),
        ("Amiga", None),
        ("", None),
    ],
)
def test_platforms_have_one_word_each(said: str, meant: str | None) -> None:
    """Headers and pages name one system in several ways."""
    assert normal_platform(said) == meant


def test_a_header_of_a_megabyte_is_cut() -> None:
    """Nobody makes the server search through long headers."""
    assert (
        request_facts({"User-Agent": "x" * 1_000_000 + "GPTBot"}).declared_agent is None
    )
