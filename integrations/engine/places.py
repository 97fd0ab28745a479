"""Where a webhook goes: a URL, read in one way only.

Parsers disagree about odd URLs, and what a check reads otherwise than the connection is
a way around the check. So nothing odd is accepted: the place is put together anew from
its parts, and only these are used afterwards.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Final

LONGEST: Final = 500
USUAL_PORTS: Final = {"https": 443, "http": 80}
# The two that receivers of webhooks have; others are rather something internal.
PORTS: Final = frozenset({443, 8443})

# Visible ASCII, and no backslash: browsers take it for a slash, others do not.
_VISIBLE: Final = re.compile(r"[!-\[\]-~]+")
_PARTS: Final = re.compile(
    r"(?P<scheme>[A-Za-z]+)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?P<fragment>#.*)?"
)
_AUTHORITY: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?"
)
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
_LONGEST_HOST: Final = 253
_MOST_PORT: Final = 65_535


class Flaw(StrEnum):
    """What is wrong with a URL."""

    UNREADABLE = "url_unreadable"
    SCHEME = "url_scheme"
    USER = "url_user"
    PORT = "url_port"
    FRAGMENT = "url_fragment"
    HOST = "url_host"


class BadPlaceError(Exception):
    """A URL that no webhook is sent to."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Place:
    """A scheme, a host in lower case, a port, and what is asked for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Return what the `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == USUAL_PORTS[self.scheme]
        return host if usual else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the one way to write it."""
        return f"{self.scheme}://{self.authority}{self.target}"


def read_place(
    url: str, *, ports: Collection[int] = PORTS, allow_http: bool = False
) -> Place:
    """Return what a URL names.

    Raises
    ------
    BadPlaceError
        It is no URL that a webhook may be sent to; `flaw` says why.

    Examples
    --------
    >>> read_place("HTTPS://Survey.Example:443/hook?a=1").url
    'https://survey.example/hook?a=1'
    """
    found = _PARTS.fullmatch(url)
    if len(url) > LONGEST or found is None or not _VISIBLE.fullmatch(url):
        raise BadPlaceError(Flaw.UNREADABLE)
    scheme = found["scheme"].lower()
    if scheme != "https" and not (allow_http and scheme == "http"):
        raise BadPlaceError(Flaw.SCHEME)
    if "@" in found["authority"]:
        raise BadPlaceError(Flaw.USER)
    if found["fragment"]:
        raise BadPlaceError(Flaw.FRAGMENT)
    parts = _AUTHORITY.fullmatch(found["authority"])
    if parts is None:
        raise BadPlaceError(Flaw.HOST)
    port = int(parts["port"] or USUAL_PORTS[scheme])
    allowed = {*ports, USUAL_PORTS[scheme]}
    if port not in allowed or port > _MOST_PORT:
        raise BadPlaceError(Flaw.PORT)
    rest = found["rest"]
    target = rest if rest.startswith("/") else f"/{rest}"
    return Place(scheme, _host(parts["host"].lower()), port, target)


def _host(text: str) -> str:
    """Return a host's one spelling."""
    try:
        if text.startswith("["):
            return str(IPv6Address(text[1:-1]))
        name = text.removesuffix(".")
        labels = name.split(".")
        if _is_number(labels[-1]):
            # Four decimal numbers, or it is a way to write 127.0.0.1 that some
            # resolvers know and most readers do not: 2130706433, 0x7f.1, 0177.0.0.1.
            return str(IPv4Address(name))
    except ValueError:
        raise BadPlaceError(Flaw.HOST) from None
    if len(name) > _LONGEST_HOST or not all(_LABEL.fullmatch(one) for one in labels):
        raise BadPlaceError(Flaw.HOST)
    return name


def _is_number(label: str) -> bool:
    """Say whether a last label makes the host an address for some parser."""
    return label.isdecimal() or re.fullmatch(r"0x[0-9a-f]*", label) is not None
