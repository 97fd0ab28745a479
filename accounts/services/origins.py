"""Origins as browsers write them."""

import re
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from common.errors import InvalidInputError

# Browsers leave these out of an origin.
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# A name of letters, digits, hyphens and dots, or an IPv6 address.
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,180}[a-z0-9])?|[0-9a-f:.]{2,45}")


def clean_origin(text: str) -> str:
    """Return an origin as browsers write it: scheme, host, port, lower case.

    Raises
    ------
    InvalidInputError
        The text is no origin.
    """
    wrong = InvalidInputError(
        _("An origin looks like https://survey.example, without a path.")
    )
    try:
        parts = urlsplit(text.strip().lower().rstrip("/"))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        # Brackets that do not close, a port that is no number, a label too long.
        raise wrong from None
    if parts.scheme not in DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise wrong
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise wrong
    host = f"[{host}]" if ":" in host else host
    is_usual = port in {None, DEFAULT_PORTS[parts.scheme]}
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")
