"""Whom rate limits count."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from django.core.cache.backends.locmem import LocMemCache
from django.test import RequestFactory

from common.addresses import client_address
from common.api.throttles import RATES, IntakeLimit


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


class _Asked:
    """A request of a session, as far as a limit looks."""

    def __init__(self, name: str) -> None:
        self.user = SimpleNamespace(kind="session", pk=name)


def test_each_session_has_batches_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that runs wild does not silence another."""
    monkeypatch.setitem(RATES, "intake", {"session": "2/m"})
    with time_machine.travel("2026-11-23T12:00:20Z", tick=False):
        limit = IntakeLimit()
        wild = [limit.allow_request(_Asked("a"), None) for _ in range(3)]  # type: ignore[arg-type] # it looks at the user alone
        assert wild == [True, True, False]
        assert limit.wait() == 40
        assert limit.allow_request(_Asked("b"), None)  # type: ignore[arg-type] # the same
    with time_machine.travel("2026-11-23T12:01:00Z", tick=False):
        assert limit.allow_request(_Asked("a"), None)  # type: ignore[arg-type] # the same


def test_forgotten_count_lets_pass(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """With more sessions than a process remembers, honest ones go on."""
    monkeypatch.setattr(LocMemCache, "incr", Mock(side_effect=ValueError))
    assert IntakeLimit().allow_request(_Asked("a"), None)  # type: ignore[arg-type] # it looks at the user alone
    settings.RATELIMIT_ENABLE = False
    assert IntakeLimit().allow_request(_Asked("a"), None)  # type: ignore[arg-type] # the same
