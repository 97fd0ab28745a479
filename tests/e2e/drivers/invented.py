"""No browser at all: events that nobody caused, sent with a publishable key.

The key and the survey stand in every page. Requests carry a browser's headers and the
page's origin; forms are posted as a browser posts them, the session's token with them.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from .driver import Visit
from .invention import Careful, Invented, Naive
from .survey import PAGES, TEXT

# As many as the client puts into a batch.
BATCH: Final = 50

HEADERS: Final = {
    "User-Agent": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
    ),
    "Accept": "*/*",
    "Accept-Language": "en-GB,en;q=0.9",
    "Sec-CH-UA": '"Not:A-Brand";v="24", "Chromium";v="156", "Google Chrome";v="156"',
    "Sec-CH-UA-Mobile": "?0",
    "Sec-CH-UA-Platform": '"Windows"',
}
FORM_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
KEY: Final = re.compile(r'data-key="([^"]+)"')
SURVEY: Final = re.compile(r'data-survey="([^"]+)"')


class Sender:
    """Speaks to a server as a page's scripts and forms do."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.token = ""
        self.session = ""
        self.seq = 0

    def page(self, path: str, fields: Mapping[str, str] | None = None) -> str:
        """Get a page, or post its form, and return where that leads."""
        data = urlencode(fields).encode() if fields else None
        return self.send(path, data, {}).decode()

    def call(self, path: str, body: Any = None) -> Any:
        """Ask the API."""
        data = b"" if body is None else json.dumps(body).encode()
        more = {"Authorization": f"Bearer {self.token}"}
        if data:
            more["Content-Type"] = "application/json"
        return json.loads(self.send(f"/api/v1/{path}", data, more))

    def send(self, path: str, data: bytes | None, more: Mapping[str, str]) -> bytes:
        """Send a request, and return what comes back."""
        address = self.address + path
        own = {"Origin": self.address, "Referer": address} if data is not None else {}
        request = Request(address, data, {**HEADERS, **own, **more})  # noqa: S310 - ours
        body: bytes = self.opener.open(request).read()
        return body

    def open_session(self, page: str) -> None:
        """Open a session with what stands in a page."""
        self.token = _found(KEY, page)
        opened = self.call("sessions", {"survey_id": _found(SURVEY, page)})
        self.session, self.token = opened["id"], opened["token"]

    def tell(self, events: Sequence[Invented]) -> None:
        """Send events as one batch."""
        sent_at = datetime.fromtimestamp(time.time(), UTC).isoformat()
        body = {"seq": self.seq, "sent_at": sent_at, "events": events}
        self.call(f"sessions/{self.session}/data", body)
        self.seq += 1


def naive(visit: Visit) -> None:
    """Answer with straight lines and round numbers, all at once."""
    _answer(visit, Naive(), in_time=False)


def careful(visit: Visit) -> None:
    """Answer with what papers say of hands, each batch when its time has come."""
    _answer(visit, Careful(), in_time=True)


def _answer(visit: Visit, inventor: Naive, *, in_time: bool) -> None:
    sender = Sender(visit.address)
    token = _found(FORM_TOKEN, sender.page("/demo/"))
    page = sender.page("/demo/", {"csrfmiddlewaretoken": token})
    begun = time.monotonic()
    sender.open_session(page)
    for number in range(1, len(PAGES) + 1):
        events = list(inventor.page(number))
        for first in range(0, len(events), BATCH):
            batch = events[first : first + BATCH]
            if in_time:
                _wait_until(begun + batch[-1]["t"] / 1000)
            sender.tell(batch)
        page = sender.page(f"/demo/{number}", _form(page, sender))
    sender.call(f"sessions/{sender.session}/complete")
    visit.stay()


def _form(page: str, sender: Sender) -> dict[str, str]:
    """Return what a page's form sends: every first choice, and the text."""
    names = re.findall(r'type="radio"[^>]*name="([\w-]+)"\s+value="([^"]+)"', page)
    return {
        "csrfmiddlewaretoken": _found(FORM_TOKEN, page),
        "bonafide_session": sender.session,
        "bonafide_token": sender.token,
        **dict(reversed(names)),
        "q4": TEXT,
    }


def _wait_until(when: float) -> None:
    time.sleep(max(0.0, when - time.monotonic()))


def _found(pattern: re.Pattern[str], page: str) -> str:
    """Return what a pattern finds last in a page: the footer has a form as well.

    Raises
    ------
    LookupError
        It finds nothing.
    """
    found = pattern.findall(page)
    if not found:
        message = f"{pattern.pattern} finds nothing."
        raise LookupError(message)
    return str(found[-1])
