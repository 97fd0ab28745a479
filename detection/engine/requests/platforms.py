"""One word for each system, whatever headers and pages call it."""

from typing import Final

# How pages and client hints begin the name of a system.
_STARTS: Final = (
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

# Order matters: Android and Chrome OS say Linux or X11 too, iPhones "like Mac OS X".
_IN_USER_AGENTS: Final = (
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

# Pairs that honest browsers produce: an iPad says that it is a Mac (research X7), a
# phone that asks for the desktop's page says Linux or Mac, Chrome OS says Linux.
_SIMILAR: Final = (
    frozenset({"macos", "ios"}),
    frozenset({"linux", "android"}),
    frozenset({"linux", "chromeos"}),
)

PHONES: Final = frozenset({"android", "ios"})


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
    return next((found for start, found in _STARTS if word.startswith(start)), None)


def platform_of_agent(lowered: str) -> str | None:
    """Return the system that a User-Agent in lower case names."""
    return next((found for word, found in _IN_USER_AGENTS if word in lowered), None)


def may_be_one(one: str, other: str) -> bool:
    """Say whether one honest browser may name both systems."""
    return one == other or {one, other} in _SIMILAR
