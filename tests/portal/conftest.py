"""A demo that is set up, and visitors at its pages."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.http import HttpResponse
from django.test import Client

from portal.selectors import Demo
from portal.services import ensure_demo
from tests.conftest import Caller

HERE: Final = "http://testserver"

ANSWERS: Final = {
    1: {"q1": "foot", "q2": "10-29"},
    2: {"q3-1": "4", "q3-2": "2", "q3-3": "3", "q3-4": "1", "q3-5": "5"},
    3: {"q4": "We went to the sea. It rained.", "email": "ann@example.org"},
}


@dataclass(frozen=True)
class Opened:
    """A Bonafide session as the browser's client holds it."""

    id: str
    token: str

    def hidden(self) -> dict[str, str]:
        """Return what the client writes into a form."""
        return {"bonafide_session": self.id, "bonafide_token": self.token}


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def demo(db: None) -> Demo:
    """The demo."""
    return ensure_demo(HERE)


@pytest.fixture
def opened(demo: Demo) -> Opened:
    """A session that the demo's page has opened."""
    page = Caller(demo.publishable_key, HERE)
    answer = page.post("sessions", {"survey_id": str(demo.survey_id)}).json()
    return Opened(answer["id"], answer["token"])


@pytest.fixture
def visitor(demo: Demo) -> Client:
    """Someone who has agreed and started."""
    client = Client()
    client.post("/demo/")
    return client


@pytest.fixture
def answer_page(visitor: Client) -> Callable[..., Any]:
    """Send a page's form: `answer_page(1, q1="car")`."""

    def send(number: int, **changed: str) -> HttpResponse:
        form = {**ANSWERS[number], **changed}
        return visitor.post(f"/demo/{number}", form)  # type: ignore[return-value] # the test's response is one

    return send


@pytest.fixture
def finished(visitor: Client, answer_page: Callable[..., Any]) -> Client:
    """Someone who has answered everything."""
    for number in ANSWERS:
        answer_page(number)
    return visitor
