"""The pages: they answer, lead on, and keep their policy."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from detection.facade import CHECKS, DETECTORS

pytestmark = pytest.mark.django_db

DEMO_PAGES: Final = ["/demo/", "/demo/1", "/demo/2", "/demo/3", "/demo/result"]


class _Inline(HTMLParser):
    """Collects what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note inline styles, handlers, and scripts that are not files."""
        given = dict(attrs)
        self.found += [f"{tag} {n}" for n in given if n == "style" or n[:2] == "on"]
        is_program = tag == "script" and given.get("type") != "application/json"
        if tag == "style" or (is_program and not (given.get("src") and given["nonce"])):
            self.found.append(tag)


def test_landing_leads_everywhere(client: Client) -> None:
    """From the first page one gets to the demo, the console and the API's documents."""
    page = client.get("/").text
    for address in ("/demo/", "/admin/", "/api/docs", "/api/redoc"):
        assert f'href="{address}"' in page


@pytest.mark.parametrize("address", DEMO_PAGES)
def test_page_answers(finished: Client, address: str) -> None:
    """Who has answered everything can open every page."""
    assert finished.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/", *DEMO_PAGES, "/nothing-here"])
def test_page_is_strict(finished: Client, address: str) -> None:
    """Nothing is inline, and the policy would not allow it."""
    answer = finished.get(address)
    policy = answer.headers["Content-Security-Policy"]
    inline = _Inline()
    inline.feed(answer.text)
    assert inline.found == []
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", DEMO_PAGES)
def test_nonce_is_the_policys(finished: Client, address: str) -> None:
    """Scripts carry the nonce of this very answer."""
    answer = finished.get(address)
    nonces = set(re.findall(r'nonce="([^"]+)"', answer.text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/", "/demo/"])
def test_nothing_is_collected_before_consent(finished: Client, address: str) -> None:
    """The client is loaded by no page that comes before the start."""
    assert "tracking-client.js" not in finished.get(address).text


@pytest.mark.parametrize("place", ["1", "2", "3", "result"])
def test_client_knows_key_survey_and_page(
    finished: Client, demo: Any, place: str
) -> None:
    """The client's tag names what it needs to start by itself."""
    page = finished.get(f"/demo/{place}").text
    assert f'data-key="{demo.publishable_key}"' in page
    assert f'data-survey="{demo.survey_id}"' in page
    assert f'data-page="{place}"' in page


@pytest.mark.parametrize("address", DEMO_PAGES)
def test_missing_demo_is_explained(client: Client, address: str) -> None:
    """Where no demo is set up the page names the command that does it."""
    answer = client.get(address)
    assert answer.status_code == 404
    assert "manage.py serve" in answer.text


@pytest.mark.parametrize("address", ["/demo/4", "/demo/0", "/nothing-here"])
def test_unknown_page_has_the_look(visitor: Client, address: str) -> None:
    """An address that does not exist is answered by a page of ours."""
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert "portal.css" in answer.text


def test_our_mistake_needs_no_context() -> None:
    """The page for our mistakes is rendered without a request or a database."""
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"portal.css" in answer.content


def test_refused_form_has_the_look(demo: Any) -> None:
    """A form without its token is refused with a page that says what to do."""
    answer = Client(enforce_csrf_checks=True).post("/demo/")
    assert answer.status_code == 403
    assert "load the page again" in answer.text


@pytest.mark.parametrize("address", ["/", *DEMO_PAGES])
def test_wrong_method_is_refused(finished: Client, address: str) -> None:
    """No page takes a DELETE."""
    assert finished.delete(address).status_code == 405


def test_german_by_the_browsers_wish(client: Client) -> None:
    """The page says that it is German when the browser asks for German."""
    answer = client.get("/", headers={"accept-language": "de-AT,de;q=0.9"})
    assert '<html lang="de"' in answer.text
    assert answer.headers["Content-Language"] == "de"


def test_german_by_the_switch(client: Client) -> None:
    """The switch leads back to the same page and is remembered."""
    answer = client.post("/i18n/setlang/", {"language": "de", "next": "/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert '<html lang="de"' in client.get("/").text


def test_switch_leads_to_no_other_site(client: Client) -> None:
    """An address of another site is not followed."""
    sent = {"language": "de", "next": "https://elsewhere.example/"}
    assert client.post("/i18n/setlang/", sent).headers["Location"] == "/"


def test_answers_are_no_ones_to_cache(
    visitor: Client, answer_page: Callable[..., Any]
) -> None:
    """Pages with answers are asked for again, and kept by no proxy."""
    answer_page(1)
    assert visitor.get("/demo/1").headers["Cache-Control"] == "private, no-cache"


def test_every_check_has_a_name() -> None:
    """Each detector is named on the result page."""
    assert {detector.code for detector in DETECTORS} == set(CHECKS)
