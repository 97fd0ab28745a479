"""Every address that programs call, as the URLs have it: none can be forgotten."""

import re
from typing import Any, Final
from uuid import UUID

from django.urls import URLResolver, get_resolver

from config.api_urls import urlpatterns

SOMEONE: Final = UUID("0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f")
FILLED: Final = re.compile(r"<[^>]+>")


def api_addresses(some_id: Any = SOMEONE) -> list[str]:
    """Return the API's addresses, with an id where one is wanted."""
    return [
        f"/api/v1/{FILLED.sub(str(some_id), str(entry.pattern))}"
        for entry in urlpatterns
    ]


def other_addresses() -> list[str]:
    """Return what else answers in JSON."""
    return [
        f"/{entry.pattern}"
        for entry in get_resolver().url_patterns
        if not isinstance(entry, URLResolver)
        and str(entry.pattern).startswith(("healthz/", "api/schema"))
    ]
