"""What a User-Agent header says: browser, version, system, or an agent's own name."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from .platforms import platform_of_agent

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

_COMMENT: Final = re.compile(r"\([^()]*\)")
_PRODUCT: Final = re.compile(r"([A-Za-z][\w.-]*)/")
# What the four large browsers write of themselves. Any other name is a browser in an
# application or one that builds upon them, and those send fewer headers (BotD 185).
_PLAIN: Final = frozenset({
    "Mozilla", "AppleWebKit", "Gecko", "Chrome", "HeadlessChrome", "Chromium", "Safari",
    "Version", "Mobile", "Firefox", "Edg", "EdgA", "OPR",
})  # fmt: skip
_WEBVIEW: Final = re.compile(r";\s*wv\)")

_CHROMIUM: Final = re.compile(r"Chrom(?:e|ium)/(\d{1,4})")
_FIREFOX: Final = re.compile(r"Firefox/(\d{1,4})")
_SAFARI: Final = re.compile(
    r"Version/(\d{1,3})\.(\d{1,3})[\d.]* (?:Mobile/\w+ )?Safari/"
)

# First releases with fetch metadata: Chrome 80 has all three headers, Firefox 90,
# Safari 16.4; client hints by default: Chrome 89, one more for the slow roll-out
# (MDN's browser-compat-data, read in August 2026).
_METADATA_CHROMIUM: Final = 80
_METADATA_FIREFOX: Final = 90
_METADATA_SAFARI: Final = (16, 4)
_HINTS_CHROMIUM: Final = 90

# Browsers that send client hints; on phones many others give themselves out as Chrome.
_HINTING: Final = frozenset({"chrome", "edge", "opera"})
_DESKTOPS: Final = frozenset({"windows", "macos", "linux", "chromeos"})
_APPLE: Final = frozenset({"macos", "ios"})

# A session repeats its header with each request, and many sessions share one.
_REMEMBERED: Final = 2_048

_FNV_START: Final = 0x811C9DC5
_FNV_PRIME: Final = 0x01000193


@dataclass(frozen=True, slots=True)
class UserAgent:
    """What one User-Agent says; None is "not said".

    `is_plain` is one of the large browsers and nothing beside it; `hash32` is the
    32-bit FNV-1a of the text, None where page and header may spell it differently.
    """

    family: str | None = None
    platform: str | None = None
    chromium: int | None = None
    firefox: int | None = None
    safari: tuple[int, int] | None = None
    is_mobile: bool = False
    is_plain: bool = False
    is_headless: bool = False
    library: str | None = None
    declared: str | None = None
    hash32: int | None = None

    @property
    def sends_fetch_metadata(self) -> bool:
        """Say whether this browser names the purpose of each request."""
        if not self.is_plain:
            return False
        if self.chromium is not None:
            return self.chromium >= _METADATA_CHROMIUM and self.platform != "ios"
        if self.firefox is not None:
            return self.firefox >= _METADATA_FIREFOX
        return (
            self.safari is not None
            and self.safari >= _METADATA_SAFARI
            and self.platform in _APPLE
        )

    @property
    def sends_client_hints(self) -> bool:
        """Say whether this browser names its brands in headers of their own."""
        return (
            self.is_plain
            and self.family in _HINTING
            and self.platform in _DESKTOPS
            and self.chromium is not None
            and self.chromium >= _HINTS_CHROMIUM
        )


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> UserAgent:
    lowered = text.lower()
    chromium, firefox = _CHROMIUM.search(text), _FIREFOX.search(text)
    safari = None if chromium else _SAFARI.search(text)
    products = set(_PRODUCT.findall(_COMMENT.sub("", text)))
    library, declared = _LIBRARY.match(text), _DECLARED_AGENT.search(text)
    return UserAgent(
        family=next((name for word, name in _BROWSERS if word in lowered), None),
        platform=platform_of_agent(lowered),
        chromium=int(chromium[1]) if chromium else None,
        firefox=int(firefox[1]) if firefox else None,
        safari=(int(safari[1]), int(safari[2])) if safari else None,
        is_mobile="mobile" in lowered,
        is_plain=products <= _PLAIN and not _WEBVIEW.search(text),
        is_headless="headless" in lowered,
        library=library[1].lower() if library else None,
        declared=_SPELLING[declared[1].lower()] if declared else None,
        hash32=fnv1a32(text.encode()) if text and text.isascii() else None,
    )


def read_user_agent(text: str) -> UserAgent:
    """Return what a User-Agent header says; of a long one, what its beginning says.

    Examples
    --------
    >>> read_user_agent("curl/8.5.0").library
    'curl'
    """
    if len(text) > LONGEST_HEADER:
        return replace(_read(text[:LONGEST_HEADER]), is_plain=False, hash32=None)
    return _read(text)


def fnv1a32(data: bytes) -> int:
    """Return the 32-bit FNV-1a hash, as the browser's client computes it.

    References
    ----------
    IETF draft-eastlake-fnv, section 5.

    Examples
    --------
    >>> hex(fnv1a32(b"a"))
    '0xe40c292c'
    """
    found = _FNV_START
    for byte in data:
        found = ((found ^ byte) * _FNV_PRIME) & 0xFFFFFFFF
    return found
