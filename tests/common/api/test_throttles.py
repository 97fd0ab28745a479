"""Whom rate limits count."""

from typing import Any

import pytest
from django.test import RequestFactory

from common.api.throttles import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
    ],
)
def test_only_our_own_proxies_are_believed(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    """The leftmost entry is whatever the caller wrote."""
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = rf.get("/", headers=headers, REMOTE_ADDR="9.9.9.9")
    assert client_address(request) == address
