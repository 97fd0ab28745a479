"""Attempts to sign in, counted without keeping who tried or from where.

django-axes writes name, address, browser and form down as they are. A keyed digest
counts as well, and tells nobody anything who reads the table.
"""

import hashlib
import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest

from common.addresses import counted_digest

# A column of addresses takes nothing else: local ones (RFC 4193), which nobody has.
LOCAL: Final = 0xFD << 120
DIGEST_BITS: Final = 120
NAME_LETTERS: Final = 32


def digest_of_name(
    request: HttpRequest, credentials: Mapping[str, Any] | None = None
) -> str | None:
    """Return what an attempt is counted by in place of the name that was typed."""
    name = (credentials or {}).get("username") or request.POST.get("username")
    if name is None:
        return None
    text = f"attempt:{name}".encode()
    digest = hmac.new(settings.KEY_PEPPER.encode(), text, hashlib.sha256)
    return digest.hexdigest()[:NAME_LETTERS]


def digest_of_address(request: HttpRequest) -> str | None:
    """Return what an attempt is counted by in place of its address."""
    digest = counted_digest(request)
    if digest is None:
        return None
    number = int.from_bytes(digest) >> (256 - DIGEST_BITS)
    return str(IPv6Address(LOCAL | number))


class Attempts(AxesDatabaseHandler):  # type: ignore[misc] # axes has no types
    """Counts in the database, by digests alone; forms are left out by the settings."""

    def user_login_failed(
        self,
        sender: object,
        credentials: dict[str, Any],
        request: Any = None,
        **kwargs: Any,
    ) -> None:
        """Count an attempt without what the browser said of itself."""
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""
            request.axes_path_info = ""
        super().user_login_failed(sender, credentials, request, **kwargs)
