"""What client hints say beside the User-Agent, and where the two contradict."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .platforms import PHONES, may_be_one, normal_platform
from .user_agents import UserAgent

_BRAND: Final = re.compile(r'"([^"\\]{1,60})"\s*;\s*v="(\d{1,4})')
# Every browser of this family names its engine beside itself.
_ENGINE: Final = "chromium"
# Browsers that cut or shuffle the languages they ask for, by design (research D12).
_REDUCING: Final = ("brave", "duckduckgo")
# A policy for companies froze the first number at 99 for a while (Chrome 96 to 118).
_FROZEN_MAJOR: Final = 99


@dataclass(frozen=True, slots=True)
class ClientHints:
    """What the Sec-CH-UA headers say; None is "not said"."""

    brands: Mapping[str, int]
    platform: str | None
    is_mobile: bool | None

    @property
    def is_headless(self) -> bool:
        """Say whether a brand names a browser without a window."""
        return any("headless" in name for name in self.brands)

    @property
    def reduces_languages(self) -> bool:
        """Say whether this browser asks for fewer languages than its person speaks."""
        return any(word in name for name in self.brands for word in _REDUCING)


def read_hints(headers: Mapping[str, str]) -> ClientHints:
    """Return what the hints among headers say; names are in lower case."""
    brands = {
        name.lower(): int(version)
        for name, version in _BRAND.findall(headers.get("sec-ch-ua", ""))
    }
    return ClientHints(
        brands=brands,
        platform=normal_platform(headers.get("sec-ch-ua-platform", "")),
        is_mobile={"?1": True, "?0": False}.get(headers.get("sec-ch-ua-mobile", "")),
    )


def contradictions(hints: ClientHints, agent: UserAgent) -> tuple[str, ...]:
    """Return in which points the hints contradict the User-Agent.

    Left alone is what honest browsers send: brands that build upon one another, a
    phone that asks for the desktop's page, a tablet that is not called mobile.
    """
    if not hints.brands or agent.family is None:
        return ()
    found = {
        "brand": _ENGINE in hints.brands and agent.chromium is None,
        "version": _other_version(hints.brands.get(_ENGINE), agent.chromium),
        "mobile": _other_size(hints, agent),
        "platform": _other_platform(hints.platform, agent.platform),
    }
    return tuple(point for point, is_found in found.items() if is_found)


def _other_version(hinted: int | None, said: int | None) -> bool:
    """Say whether two versions of the engine differ that must be the same."""
    if hinted is None or said is None or said == _FROZEN_MAJOR:
        return False
    return hinted != said


def _other_size(hints: ClientHints, agent: UserAgent) -> bool:
    """Say whether a desktop's hints come with a phone's User-Agent."""
    return hints.is_mobile is False and agent.is_mobile and hints.platform not in PHONES


def _other_platform(hinted: str | None, said: str | None) -> bool:
    """Say whether two systems are named that no honest browser names together."""
    if hinted is None or said is None or hinted in PHONES:
        return False
    return not may_be_one(hinted, said)
