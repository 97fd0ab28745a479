"""People with their browsers, as their requests and pages describe them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from detection.engine import Arrival, SessionState, request_facts
from detection.engine.events import Device
from detection.engine.requests.addresses import AddressClass

WINDOWS: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC: Final = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
LINUX: Final = "Mozilla/5.0 (X11; Linux x86_64)"
CHROME: Final = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
MOBILE_CHROME: Final = CHROME.replace("Safari/", "Mobile Safari/")
WEBKIT: Final = "AppleWebKit/605.1.15 (KHTML, like Gecko)"

FETCH: Final = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
}
ALL_LISTS: Final = frozenset(AddressClass)
OVER_TLS: Final = Arrival(is_https=True, is_trustworthy=True, lists=ALL_LISTS)
IN_THE_CLEAR: Final = replace(OVER_TLS, is_https=False, is_trustworthy=False)


def hints(platform: str, *brands: str, version: int = 138, mobile: str = "?0") -> Any:
    """Return client hints as Chromium sends them."""
    names = ["Not)A;Brand", "Chromium", *brands]
    versions = [8, *[version] * (len(names) - 1)]
    pairs = zip(names, versions, strict=True)
    return {
        "Sec-CH-UA": ", ".join(f'"{name}";v="{number}"' for name, number in pairs),
        "Sec-CH-UA-Mobile": mobile,
        "Sec-CH-UA-Platform": f'"{platform}"',
    }


@dataclass(frozen=True)
class Visitor:
    """Someone who sends requests: headers, the way they come, and the page's report.

    `seen` are the codes of what may honestly be noticed; they must not do harm.
    """

    headers: Mapping[str, str]
    device: Mapping[str, Any] = field(default_factory=dict)
    arrival: Arrival = OVER_TLS
    seen: frozenset[str] = frozenset()

    def state(self, requests: int = 6) -> SessionState:
        """Return the state after so many requests and one report of the device."""
        state = SessionState.new()
        facts = request_facts(self.headers, self.arrival)
        for _ in range(requests):
            state.absorb_request(facts)
        state.absorb(0, [Device(t=0, **self.device)])
        return state


def of_class(name: AddressClass) -> Arrival:
    """Return the way of a request from an address of a class."""
    return replace(OVER_TLS, address_class=name)


GERMAN: Final = {"Accept-Language": "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7"}
ENGLISH: Final = {"Accept-Language": "en-US,en;q=0.9"}
CHROME_ON_WINDOWS: Final = Visitor(
    {
        "User-Agent": f"{WINDOWS} {CHROME}",
        **hints("Windows", "Google Chrome"),
        **FETCH,
        **GERMAN,
    },
    {"platform": "Win32", "languages": ["de-DE", "de", "en-US", "en"]},
)
IPHONE: Final = Visitor(
    {
        "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
        f" {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1",
        **FETCH,
        "Accept-Language": "de-DE,de;q=0.9",
    },
    {"platform": "iPhone", "languages": ["de-DE"], "touch_points": 5},
)


def without(visitor: Visitor, *starts: str) -> Mapping[str, str]:
    """Return a visitor's headers but for those that begin so."""
    return {k: v for k, v in visitor.headers.items() if not k.startswith(starts)}


def with_agent(agent: str, **more: Any) -> Visitor:
    """Return someone with another browser that sends no hints."""
    headers = {**without(CHROME_ON_WINDOWS, "Sec-CH"), "User-Agent": agent}
    return replace(CHROME_ON_WINDOWS, headers=headers, **more)


PEOPLE: Final[Mapping[str, Visitor]] = {
    "Chrome on Windows": CHROME_ON_WINDOWS,
    "Safari on an iPhone": IPHONE,
    "VPN": replace(
        CHROME_ON_WINDOWS,
        arrival=of_class(AddressClass.VPN),
        seen=frozenset({"network.vpn"}),
    ),
    "privacy proxy without languages": replace(
        CHROME_ON_WINDOWS,
        headers=without(CHROME_ON_WINDOWS, "Accept-Language"),
        seen=frozenset({"network.no_language"}),
    ),
    "privacy setting that asks for English": replace(
        CHROME_ON_WINDOWS, headers={**CHROME_ON_WINDOWS.headers, **ENGLISH}
    ),
    "Private Relay": replace(IPHONE, arrival=of_class(AddressClass.RELAY)),
    "university": replace(IPHONE, arrival=of_class(AddressClass.EDUCATION)),
    "phone's own net": replace(IPHONE, arrival=of_class(AddressClass.MOBILE)),
    "iPad in desktop mode": with_agent(
        f"{MAC} {WEBKIT} Version/17.5 Safari/605.1.15",
        device={"platform": "MacIntel", "languages": ["de-DE"], "touch_points": 5},
    ),
    "phone asking for the desktop page": Visitor(
        {
            "User-Agent": f"{LINUX} {CHROME}",
            **hints("Linux", "Google Chrome"),
            **FETCH,
            **GERMAN,
        },
        {"platform": "Linux armv81", "languages": ["de-DE"], "touch_points": 5},
    ),
    "phone whose hints stay mobile": Visitor(
        {
            "User-Agent": f"{LINUX} {CHROME}",
            **hints("Android", "Google Chrome", mobile="?1"),
            **FETCH,
            **GERMAN,
        },
        {"platform": "Linux armv81", "languages": ["de-DE"], "touch_points": 5},
    ),
    "phone that asks as a Windows machine": with_agent(
        f"{WINDOWS} {MOBILE_CHROME.replace('Chrome/138', 'MiuiBrowser/14 Chrome/138')}",
        device={
            "platform": "Linux armv8l",
            "languages": ["de-DE"],
            "touch_points": 5,
            "coarse_pointer": True,
        },
    ),
    "company proxy": replace(
        CHROME_ON_WINDOWS,
        headers=without(CHROME_ON_WINDOWS, "Sec-"),
        arrival=of_class(AddressClass.COMPANY),
        seen=frozenset({"network.no_fetch_metadata", "network.no_hints"}),
    ),
    "old Firefox": with_agent(
        "Mozilla/5.0 (Windows NT 6.1; rv:78.0) Gecko/20100101 Firefox/78.0"
    ),
    "old Chrome": Visitor(
        {"User-Agent": f"{WINDOWS} {CHROME.replace('138', '74')}", **GERMAN},
        CHROME_ON_WINDOWS.device,
    ),
    "old Safari": Visitor(
        {"User-Agent": f"{MAC} {WEBKIT} Version/15.6 Safari/605.1.15", **GERMAN},
        {"platform": "MacIntel", "languages": ["de-DE"]},
    ),
    "Samsung Internet": Visitor(
        {
            "User-Agent": "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B)"
            f" {MOBILE_CHROME.replace('Chrome/138', 'SamsungBrowser/25.0 Chrome/121')}",
            **hints("Android", "Samsung Internet", version=121, mobile="?1"),
            **FETCH,
            **GERMAN,
        },
        {"platform": "Linux armv81", "languages": ["de-DE"], "touch_points": 5},
    ),
    "Samsung Internet without hints": with_agent(
        "Mozilla/5.0 (Linux; Android 10; SAMSUNG SM-G960F)"
        f" {MOBILE_CHROME.replace('Chrome/138', 'SamsungBrowser/18.0 Chrome/99')}",
        device={"platform": "Linux armv8l", "languages": ["de-DE"]},
    ),
    "Brave": Visitor(
        {
            "User-Agent": f"{MAC} {CHROME}",
            **hints("macOS", "Brave"),
            **FETCH,
            "Accept-Language": "fr;q=0.7",
        },
        {"platform": "MacIntel", "languages": ["en-US"]},
    ),
    "Edge": Visitor(
        {
            "User-Agent": f"{WINDOWS} {CHROME} Edg/138.0.0.0",
            **hints("Windows", "Microsoft Edge"),
            **FETCH,
            **GERMAN,
        },
        CHROME_ON_WINDOWS.device,
    ),
    "Opera": Visitor(
        {
            "User-Agent": f"{WINDOWS} {CHROME} OPR/122.0.0.0",
            **hints("Windows", "Opera"),
            **FETCH,
            **GERMAN,
        },
        CHROME_ON_WINDOWS.device,
    ),
    "Chromium on Chrome OS": Visitor(
        {
            "User-Agent": f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME}",
            **hints("Chrome OS", "Google Chrome"),
            **FETCH,
            **GERMAN,
        },
        {"platform": "Linux x86_64", "languages": ["de-DE"]},
    ),
    "Tor Browser on Linux": Visitor(
        {
            "User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101"
            " Firefox/128.0",
            **FETCH,
            "Accept-Language": "en-US,en;q=0.5",
        },
        {
            "platform": "Linux x86_64",
            "languages": ["en-US", "en"],
            "timezone": "UTC",
            "timezone_offset_min": 0,
            "inner_width": 1400,
            "inner_height": 900,
        },
        of_class(AddressClass.TOR),
        frozenset({"network.tor"}),
    ),
    "page of an application": with_agent(
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like"
        " Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;]",
        device={"platform": "Linux armv81", "languages": ["de-DE"]},
    ),
    "Chrome on an iPhone": with_agent(
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 15_7 like Mac OS X) {WEBKIT}"
        " CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
        device={"platform": "iPhone", "languages": ["de-DE"]},
    ),
    "Norwegian with two names": replace(
        CHROME_ON_WINDOWS,
        headers={**CHROME_ON_WINDOWS.headers, "Accept-Language": "nb,nn;q=0.9"},
        device={"platform": "Win32", "languages": ["no"]},
    ),
    "development over http": Visitor(
        {"User-Agent": f"{LINUX} {CHROME}", **GERMAN},
        {"platform": "Linux x86_64", "languages": ["de-DE"]},
        IN_THE_CLEAR,
    ),
    "development on this machine": Visitor(
        {"User-Agent": f"{LINUX} {CHROME}", **FETCH, **GERMAN},
        {"platform": "Linux x86_64", "languages": ["de-DE"]},
        replace(IN_THE_CLEAR, is_trustworthy=True),
    ),
}

# A machine in a data centre that no list knows as the company's, behind its proxy.
VIRTUAL_DESKTOP: Final = replace(
    CHROME_ON_WINDOWS,
    headers=without(CHROME_ON_WINDOWS, "Sec-"),
    device={
        "platform": "Win32",
        "languages": ["de-DE"],
        "renderer": "Microsoft Basic Render Driver",
        "inner_width": 1280,
        "inner_height": 720,
    },
    arrival=of_class(AddressClass.DATACENTER),
    seen=frozenset(
        {
            "network.no_fetch_metadata",
            "network.no_hints",
            "network.datacenter",
        }
    ),
)
