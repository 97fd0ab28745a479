"""What the headers of a request say about who sent it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# A browser's header is below 500 characters; the rest of a longer one is not read.
LONGEST_HEADER: Final = 1_024

# Programs that fetch pages; each writes its name where a browser writes Mozilla.
_LIBRARIES: Final = (
    "python-requests", "python-urllib", "python-httpx", "aiohttp", "curl", "wget",
    "axios", "node-fetch", "undici", "got", "go-http-client", "okhttp", "scrapy",
    "java", "apache-httpclient", "libwww-perl", "postmanruntime", "insomnia",
    "guzzlehttp", "ruby", "dart", "httpie", "k6", "phantomjs",
)  # fmt: skip

# Agents that say what they are (research N3): a matter of policy, not of guilt.
_DECLARED: Final = (
    "GPTBot", "ChatGPT-User", "ChatGPT-Agent", "OAI-SearchBot", "ClaudeBot",
    "Claude-User", "Claude-SearchBot", "anthropic-ai", "PerplexityBot",
    "Perplexity-User", "Google-Extended", "Googlebot", "GoogleOther",
    "Google-NotebookLM", "Gemini-Deep-Research", "bingbot", "Bytespider", "Amazonbot",
    "Applebot", "meta-externalagent", "meta-externalfetcher", "FacebookBot",
    "MistralAI-User", "DuckAssistBot", "YouBot", "cohere-ai", "Diffbot", "CCBot",
    "YandexBot", "Baiduspider", "Manus-User", "NovaAct",
)  # fmt: skip

_LIBRARY: Final = re.compile(
    r"^\s*(" + "|".join(re.escape(name) for name in _LIBRARIES) + r")(?=[/ ;(-]|$)",
    re.IGNORECASE,
)
_DECLARED_AGENT: Final = re.compile(
    r"(?<![\w-])(" + "|".join(re.escape(name) for name in _DECLARED) + r")(?![\w])",
    re.IGNORECASE,
)
_SPELLING: Final = {name.lower(): name for name in _DECLARED}

# Order matters: Android and Chrome OS say Linux or X11 too, iPhones "like Mac OS X".
_PLATFORMS: Final = (
    ("android", "android"),
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("ipod", "ios"),
    ("cros ", "chromeos"),
    ("windows", "windows"),
    ("macintosh", "macos"),
    ("mac os x", "macos"),
    ("linux", "linux"),
)

# Order matters: all of them say Chrome or Safari too.
_BROWSERS: Final = (
    ("edg", "edge"),
    ("opr/", "opera"),
    ("samsungbrowser", "samsung"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("crios", "chrome"),
    ("chrom", "chrome"),
    ("safari", "safari"),
)

_FETCH_METADATA: Final = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")
_LANGUAGE: Final = re.compile(r"^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)")


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a server saw in one request's headers; None is "not said"."""

    user_agent_platform: str | None = None
    hinted_platform: str | None = None
    hinted_mobile: bool | None = None
    accept_language: str | None = None
    has_accept_language: bool = False
    has_fetch_metadata: bool = False
    headless_agent: bool = False
    library_agent: str | None = None
    declared_agent: str | None = None
    browser_family: str | None = None


def request_facts(headers: Mapping[str, str]) -> RequestFacts:
    """Read a request's headers; names may be in any case.

    Examples
    --------
    >>> request_facts({"User-Agent": "curl/8.5.0"}).library_agent
    'curl'
    """
    known = {name.lower(): text[:LONGEST_HEADER] for name, text in headers.items()}
    agent = known.get("user-agent", "")
    hints = known.get("sec-ch-ua", "")
    language = _LANGUAGE.match(known.get("accept-language", ""))
    return RequestFacts(
        user_agent_platform=_first(_PLATFORMS, agent),
        hinted_platform=normal_platform(known.get("sec-ch-ua-platform", "")),
        hinted_mobile={"?1": True, "?0": False}.get(known.get("sec-ch-ua-mobile", "")),
        accept_language=language[1].lower() if language else None,
        has_accept_language=bool(known.get("accept-language", "").strip()),
        has_fetch_metadata=any(name in known for name in _FETCH_METADATA),
        headless_agent="headless" in f"{agent} {hints}".lower(),
        library_agent=_library(agent),
        declared_agent=_declared(agent),
        browser_family=_first(_BROWSERS, agent),
    )


def normal_platform(name: str) -> str | None:
    """Return one word for what browsers call a platform, None for the unknown.

    Examples
    --------
    >>> (
    ...     normal_platform('"macOS"'),
    ...     normal_platform("MacIntel"),
    ...     normal_platform("Win32"),
    ... )
    ('macos', 'macos', 'windows')
    """
    word = name.strip('" ').lower()
    for start, platform in _PLATFORM_WORDS:
        if word.startswith(start):
            return platform
    return None


_PLATFORM_WORDS: Final = (
    ("android", "android"),
    ("linux arm", "android"),
    ("linux aarch64", "android"),
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("ipod", "ios"),
    ("ios", "ios"),
    ("mac", "macos"),
    ("win", "windows"),
    ("chrome os", "chromeos"),
    ("chromium os", "chromeos"),
    ("cros", "chromeos"),
    ("linux", "linux"),
)


def _first(words: tuple[tuple[str, str], ...], text: str) -> str | None:
    """Return the meaning of the first word that the text holds."""
    lowered = text.lower()
    return next((meaning for word, meaning in words if word in lowered), None)


def _library(agent: str) -> str | None:
    """Return the name of the program that an agent says it is."""
    match = _LIBRARY.match(agent)
    return match[1].lower() if match else None


def _declared(agent: str) -> str | None:
    """Return the name of the AI agent or crawler that an agent says it is."""
    match = _DECLARED_AGENT.search(agent)
    return _SPELLING[match[1].lower()] if match else None
