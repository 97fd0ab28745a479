"""Staff of the installation, and what they look at."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import Visit

Send = Callable[..., None]

DEVICE: Final = {
    "type": "device",
    "t": 1,
    "webdriver": False,
    "brands": ["Chromium 140"],
    "screen_width": 1920,
    "screen_height": 1080,
    "inner_width": 1400,
    "inner_height": 800,
    "timezone": "Europe/Vienna",
    "timezone_offset_min": -60,
    "driver_globals": [],
}


@pytest.fixture
def staff(db: None) -> Client:
    """Sign in as someone who may see everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    return client


@pytest.fixture
def send(visit: Visit) -> Send:
    """Send events of the visit: `send(0, [...])` is its first batch."""

    def post(seq: int, events: Sequence[dict[str, Any]]) -> None:
        body = {"seq": seq, "events": events}
        answer = visit.browser.post(f"sessions/{visit.id}/data", body)
        assert answer.status_code == 200, answer.content

    return post


def press(at_ms: float, x: float = 10.5, **more: Any) -> dict[str, Any]:
    """Return a press of a button."""
    return {"type": "mousedown", "t": at_ms, "x": x, "y": 20, "trusted": True, **more}


def move(at_ms: float, x: float, y: float = 20.25) -> dict[str, Any]:
    """Return a move of the pointer."""
    return {"type": "mousemove", "t": at_ms, "x": x, "y": y}
