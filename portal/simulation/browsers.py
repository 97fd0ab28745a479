"""Browsers: what they say in each request, and what their pages are told.

Names and sizes are those of common machines. Versions are those of this project's
tests; nobody's fingerprint is copied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

CHROME: Final = "156"
_WEBKIT: Final = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_BLINK: Final = "AppleWebKit/537.36 (KHTML, like Gecko)"
_FETCH: Final = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
}
# How a language is asked for, and the clock of where it is spoken, in minutes.
LOCALES: Final = (
    (("en-US", "en"), "America/New_York", -300),
    (("en-GB", "en"), "Europe/London", 0),
    (("de-DE", "de", "en-US", "en"), "Europe/Berlin", 60),
    (("fr-FR", "fr", "en-US", "en"), "Europe/Paris", 60),
    (("es-ES", "es"), "Europe/Madrid", 60),
)
# FNV-1a, as the client takes it of its own name (sdk/browser/src/probes/machine.ts).
_FNV_START: Final = 0x811C9DC5
_FNV_PRIME: Final = 0x01000193


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser on a machine; `width` and `height` are the page's window."""

    agent: str
    width: int
    height: int
    # What a page's probes find beside the sizes, the languages and the clock.
    found: Mapping[str, Any]
    hints: Mapping[str, str] = field(default_factory=dict)
    # Pixels of a desktop browser's own bars, of a phone's none.
    bars: int = 0
    screen: tuple[int, int] = (1920, 1080)
    renderer: str | None = None
    has_network: bool = False
    locale: tuple[tuple[str, ...], str, int] = LOCALES[0]

    @property
    def headers(self) -> dict[str, str]:
        """Return what each of its requests says."""
        first, *others = self.locale[0]
        weighed = [f"{name};q={0.9 - 0.1 * n:.1f}" for n, name in enumerate(others)]
        return {
            "User-Agent": self.agent,
            "Accept-Language": ",".join([first, *weighed]),
            **_FETCH,
            **self.hints,
        }

    def report(self) -> dict[str, Any]:
        """Return what a page's probes find at once."""
        languages, zone, offset = self.locale
        return {
            "webdriver": False,
            "driver_globals": [],
            "headless_marks": [],
            "tampered": [],
            "protocol_traces": [],
            "screen_width": self.screen[0],
            "screen_height": self.screen[1],
            "inner_width": self.width,
            "inner_height": self.height,
            "outer_width": self.width,
            "outer_height": self.height + self.bars,
            "language": languages[0],
            "languages": list(languages),
            "timezone": zone,
            "timezone_offset_min": offset,
            "zone_offset_min": offset,
            "reduced_motion": False,
            "dark": False,
            "focused": True,
            "agent_hash": fnv1a(self.agent),
            **self.found,
        }


def fnv1a(text: str) -> int:
    """Return the 32-bit FNV-1a hash of a text's UTF-8 bytes."""
    value = _FNV_START
    for byte in text.encode():
        value = (value ^ byte) * _FNV_PRIME & 0xFFFF_FFFF
    return value


def somewhere(browser: Browser, chance: Random) -> Browser:
    """Return the browser as somebody has it: their language, their window."""
    wide, high = chance.uniform(0.8, 1.0), chance.uniform(0.85, 1.0)
    is_desktop = browser.bars > 0
    return replace(
        browser,
        locale=chance.choice(LOCALES),
        width=round(browser.width * wide) if is_desktop else browser.width,
        height=round(browser.height * high) if is_desktop else browser.height,
    )


def _hints(platform: str, brand: str, *, mobile: bool = False) -> dict[str, str]:
    """Return client hints as Chromium sends them."""
    names = (("Not)A;Brand", "8"), ("Chromium", CHROME), (brand, CHROME))
    return {
        "Sec-CH-UA": ", ".join(f'"{name}";v="{number}"' for name, number in names),
        "Sec-CH-UA-Mobile": "?1" if mobile else "?0",
        "Sec-CH-UA-Platform": f'"{platform}"',
    }


def _found(platform: str, engine: int, **more: Any) -> dict[str, Any]:
    """Return what all desktops' pages are told."""
    desktop = {
        "platform": platform,
        "eval_length": engine,
        "pixel_ratio": 1.0,
        "cores": 8,
        "touch_points": 0,
        "coarse_pointer": False,
        "hover": True,
    }
    return {**desktop, **more}


def _chromium(system: str, platform: str, hint: str, brand: str, agent: str) -> Browser:
    """Return a desktop's Chromium."""
    brands = ["Not)A;Brand", "Chromium", brand]
    return Browser(
        f"Mozilla/5.0 ({system}) {_BLINK} Chrome/{CHROME}.0.0.0 Safari/537.36{agent}",
        1905,
        945,
        _found(platform, 33, memory_gb=8.0, brands=brands, mobile=False),
        hints=_hints(hint, brand),
        bars=135,
        renderer="ANGLE (Intel, Intel(R) UHD Graphics 630)",
        has_network=True,
    )


_WINDOWS: Final = ("Windows NT 10.0; Win64; x64", "Win32", "Windows")
_MAC: Final = ("Macintosh; Intel Mac OS X 10_15_7", "MacIntel", "macOS")
_LINUX: Final = ("X11; Linux x86_64", "Linux x86_64", "Linux")
_FINGERS: Final = {"touch_points": 5, "coarse_pointer": True, "hover": False}

WINDOWS_CHROME: Final = _chromium(*_WINDOWS, "Google Chrome", "")
WINDOWS_EDGE: Final = _chromium(*_WINDOWS, "Microsoft Edge", f" Edg/{CHROME}.0.0.0")
MAC_CHROME: Final = replace(
    _chromium(*_MAC, "Google Chrome", ""),
    renderer="ANGLE (Apple, ANGLE Metal Renderer: Apple M2)",
    screen=(1728, 1117),
    width=1728,
    height=980,
)
MAC_SAFARI: Final = Browser(
    f"Mozilla/5.0 ({_MAC[0]}) {_WEBKIT} Version/26.0 Safari/605.1.15",
    1728,
    990,
    _found("MacIntel", 37, pixel_ratio=2.0),
    bars=87,
    screen=(1728, 1117),
    renderer="Apple GPU",
)
LINUX_FIREFOX: Final = Browser(
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    1905,
    955,
    _found("Linux x86_64", 37),
    bars=125,
    renderer="Radeon R9 200 Series",
)
DESKTOPS: Final = (
    WINDOWS_CHROME,
    WINDOWS_EDGE,
    MAC_CHROME,
    MAC_SAFARI,
    LINUX_FIREFOX,
)

ANDROID: Final = Browser(
    f"Mozilla/5.0 (Linux; Android 10; K) {_BLINK} Chrome/{CHROME}.0.0.0 Mobile"
    " Safari/537.36",
    412,
    750,
    _found(
        "Linux armv81",
        33,
        pixel_ratio=2.6,
        brands=["Chromium", "Google Chrome"],
        mobile=True,
        **_FINGERS,
    ),
    hints=_hints("Android", "Google Chrome", mobile=True),
    screen=(412, 915),
    renderer="Adreno (TM) 740",
    has_network=True,
)
IPHONE: Final = Browser(
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_WEBKIT} Version/26.0"
    " Mobile/15E148 Safari/604.1",
    393,
    660,
    _found("iPhone", 37, pixel_ratio=3.0, **_FINGERS),
    screen=(393, 852),
    renderer="Apple GPU",
)
IPAD: Final = Browser(
    f"Mozilla/5.0 ({_MAC[0]}) {_WEBKIT} Version/26.0 Safari/605.1.15",
    820,
    1060,
    _found("MacIntel", 37, pixel_ratio=2.0, **_FINGERS),
    screen=(820, 1180),
    renderer="Apple GPU",
)

PEOPLES: Final = (*DESKTOPS, ANDROID, IPHONE, IPAD)

# A browser without a window, as drivers start it when nobody says otherwise.
HEADLESS: Final = Browser(
    f"Mozilla/5.0 ({_LINUX[0]}) {_BLINK} HeadlessChrome/{CHROME}.0.0.0 Safari/537.36",
    1280,
    720,
    _found(
        "Linux x86_64",
        33,
        webdriver=True,
        headless_marks=["ua", "brands_headless"],
        driver_globals=["cdc_"],
        protocol_traces=["console"],
        brands=["Not)A;Brand", "HeadlessChrome", "Chromium"],
        mobile=False,
    ),
    hints=_hints("Linux", "HeadlessChrome"),
    screen=(1280, 720),
    renderer="ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader)",
)
