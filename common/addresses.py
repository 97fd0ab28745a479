"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the caller's address, past as many proxies as are ours.

    The leftmost entry of X-Forwarded-For is whatever the caller wrote; the ones on
    the right were written by our own proxies.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [
        p.strip() for p in request.headers.get("x-forwarded-for", "").split(",")
    ]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
