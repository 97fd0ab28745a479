"""A survey elsewhere, and what the server has kept of a visit."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserType, Page

from accounts.facade import create_key
from accounts.models import Organization
from detection.facade import AnyEvent
from sessions_app.facade import Survey
from sessions_app.models import Session
from sessions_app.selectors import events_by_batch

from .site import SurveySite, serving

PATIENCE_S: Final = 60.0
LOOK_EACH_S: Final = 0.1

Kept = Callable[..., list[AnyEvent]]


@pytest.fixture
def elsewhere(
    live_server: Any, organization: Organization, survey: Survey
) -> Iterator[SurveySite]:
    """Serve a survey on an origin of its own, with a key for it."""
    with serving(str(live_server.url)) as site:
        _key, text = create_key(
            organization_id=organization.id, kind="publishable", origins=[site.origin]
        )
        site.key, site.survey = text, str(survey.id)
        yield site


@pytest.fixture
def kept() -> Kept:
    """Return the events that are stored, as soon as `enough` says so."""

    def look(enough: Callable[[list[AnyEvent]], object] = bool) -> list[AnyEvent]:
        limit = time.monotonic() + PATIENCE_S
        while True:
            found = stored()
            if enough(found):
                return found
            assert time.monotonic() < limit, found
            time.sleep(LOOK_EACH_S)

    return look


def stored() -> list[AnyEvent]:
    """Return all events of all sessions, in the order of their batches."""
    return [
        event
        for session in Session.objects.order_by("id")
        for _seq, events, _unknown in events_by_batch(
            organization_id=session.organization_id, session_id=session.id
        )
        for event in events
    ]


@pytest.fixture
def page_with_history(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Page]:
    """A page of a browser that keeps pages to go back to; drivers switch that off."""
    browser = browser_type.launch(
        **browser_type_launch_args,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser.new_page()
    browser.close()
