"""The survey: form, redirect, page; mistakes; what is kept and what is not."""

import html
import re
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import pytest
from django.test import Client
from structlog.testing import capture_logs

from accounts.facade import issue_session_token
from accounts.models import Organization
from portal.selectors import Demo
from sessions_app.facade import create_survey
from sessions_app.models import Answer
from tests.conftest import Caller

from .conftest import ANSWERS, HERE, Opened

pytestmark = pytest.mark.django_db

Send = Callable[..., Any]

# The id of no session.
NOBODY: Final = "0192e4a0-0000-7000-8000-000000000000"


def stored(session_id: str) -> dict[str, Any]:
    """Return what is stored for a session, by item."""
    rows = Answer.objects.filter(session_id=session_id)
    return {row.item: (row.kind, row.value) for row in rows}


def test_start_leads_to_the_first_page(client: Client, demo: Demo) -> None:
    """Agreeing is a form of its own."""
    assert client.post("/demo/").headers["Location"] == "/demo/1"


@pytest.mark.parametrize("place", ["1", "2", "3", "result"])
def test_no_page_without_consent(client: Client, demo: Demo, place: str) -> None:
    """Who did not agree is led to the start."""
    assert client.get(f"/demo/{place}").headers["Location"] == "/demo/"


@pytest.mark.parametrize("place", ["2", "3", "result"])
def test_pages_come_in_their_order(visitor: Client, place: str) -> None:
    """Who leaps ahead is led to the first page that is open."""
    assert visitor.get(f"/demo/{place}").headers["Location"] == "/demo/1"


def test_each_page_leads_to_the_next(answer_page: Send) -> None:
    """A complete page is answered with a redirect, the last one to the result."""
    places = [answer_page(number).headers["Location"] for number in ANSWERS]
    assert places == ["/demo/2", "/demo/3", "/demo/result"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_progress_is_told(finished: Client, number: int) -> None:
    """Each page says where it stands, in words and as a bar."""
    page = finished.get(f"/demo/{number}").text
    assert f"Page {number} of 3" in page
    assert re.search(rf'<progress value="{number}"\s+max="3"', page)


def test_going_back_shows_what_was_given(finished: Client) -> None:
    """Answers are still there."""
    chosen = r'value="(\S+)"\s+checked'
    assert re.findall(chosen, finished.get("/demo/1").text) == ["foot", "10-29"]
    assert ANSWERS[3]["q4"] in finished.get("/demo/3").text


def test_starting_again_forgets_the_answers(finished: Client) -> None:
    """A second run begins empty."""
    finished.post("/demo/")
    assert " checked" not in finished.get("/demo/1").text


def test_what_is_missing_leads_back_to_it(visitor: Client, answer_page: Send) -> None:
    """The redirect names the summary, so that the focus goes there."""
    answer = answer_page(1, q2="")
    assert answer.headers["Location"] == "/demo/1?check=1#errors"
    page = visitor.get("/demo/1?check=1").text
    assert 'href="#q2-under-10"' in page
    assert 'id="q2-mistake"' in page
    assert 'aria-describedby="q2-mistake"' in page
    assert 'id="q1-mistake"' not in page


def test_what_was_given_beside_a_mistake_stays(
    visitor: Client, answer_page: Send
) -> None:
    """Nothing has to be given twice."""
    answer_page(1, q2="")
    page = visitor.get("/demo/1?check=1").text
    assert re.search(r'value="foot"[^>]*checked', page)


def test_grid_names_the_missing_statement(visitor: Client, answer_page: Send) -> None:
    """A grid's mistake is told at its statement."""
    answer_page(1)
    answer_page(2, **{"q3-4": ""})
    page = visitor.get("/demo/2?check=1").text
    assert re.findall(r'id="(q3-\d)-mistake"', page) == ["q3-4"]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "a" * 1001])
def test_text_is_neither_empty_nor_endless(
    visitor: Client, answer_page: Send, text: str
) -> None:
    """Blanks are no answer, and a novel is none either."""
    answer_page(1)
    answer_page(2)
    assert "#errors" in answer_page(3, q4=text).headers["Location"]
    assert 'id="q4-mistake"' in visitor.get("/demo/3?check=1").text


@pytest.mark.parametrize("value", ["boat", "FOOT", "<script>"])
def test_option_that_is_none_counts_as_nothing(answer_page: Send, value: str) -> None:
    """Only what the page offers can be chosen."""
    assert "#errors" in answer_page(1, q1=value).headers["Location"]


def test_text_is_shown_as_text(visitor: Client, answer_page: Send) -> None:
    """Markup in an answer is not markup in the page."""
    answer_page(1)
    answer_page(2)
    answer_page(3, q4="</textarea><script>alert(1)</script>")
    page = visitor.get("/demo/3").text
    assert "<script>alert" not in page
    assert html.escape("</textarea><script>") in page


def test_answers_reach_the_session(answer_page: Send, opened: Opened) -> None:
    """With the client's token the answers are stored, by item and type."""
    for number in ANSWERS:
        answer_page(number, **opened.hidden())
    assert stored(opened.id) == {
        "q1": ("single", "foot"),
        "q2": ("single", "10-29"),
        "q3": ("grid", {"1": 4, "2": 2, "3": 3, "4": 1, "5": 5}),
        "q4": ("text", ANSWERS[3]["q4"]),
    }


def test_what_came_before_the_token_is_stored_with_it(
    answer_page: Send, opened: Opened
) -> None:
    """A client that was late on the first page loses nothing."""
    answer_page(1)
    answer_page(2, **opened.hidden())
    assert set(stored(opened.id)) == {"q1", "q2", "q3"}


def test_later_answer_takes_the_place_of_the_earlier(
    answer_page: Send, opened: Opened
) -> None:
    """Going back and choosing otherwise is no second answer."""
    answer_page(1, **opened.hidden())
    answer_page(1, q1="car", **opened.hidden())
    assert stored(opened.id)["q1"] == ("single", "car")


def test_mail_address_is_thrown_away(
    finished: Client, answer_page: Send, opened: Opened
) -> None:
    """The address is neither stored nor shown again."""
    answer_page(3, **opened.hidden())
    assert "ann@example.org" not in finished.get("/demo/3").text
    assert "ann@example.org" not in str(dict(finished.session))
    assert "ann@example.org" not in str(stored(opened.id))


@pytest.fixture
def elsewhere(demo: Demo) -> Opened:
    """A session of the demo's organization, but of another survey."""
    survey = create_survey(organization_id=demo.organization_id, name="Other")
    page = Caller(demo.publishable_key, HERE)
    answer = page.post("sessions", {"survey_id": str(survey.id)}).json()
    return Opened(answer["id"], answer["token"])


@pytest.fixture
def proofs_of_nothing(
    demo: Demo, opened: Opened, elsewhere: Opened, stranger: Organization
) -> dict[str, Opened]:
    """Sessions with tokens that do not prove them."""

    def token(organization_id: UUID, session_id: str) -> str:
        return issue_session_token(
            organization_id=organization_id, session_id=UUID(session_id)
        )

    return {
        "none": Opened(opened.id, ""),
        "forged": Opened(opened.id, "bf_st_0123.4567:1abc:forged"),
        "no token at all": Opened(opened.id, "\x00ü"),
        "another session's": Opened(NOBODY, opened.token),
        "another organization's": Opened(opened.id, token(stranger.id, opened.id)),
        "another survey's": elsewhere,
        "of a session that is gone": Opened(
            NOBODY, token(demo.organization_id, NOBODY)
        ),
    }


@pytest.mark.parametrize(
    "which",
    [
        "none",
        "forged",
        "no token at all",
        "another session's",
        "another organization's",
        "another survey's",
        "of a session that is gone",
    ],
)
def test_token_that_proves_nothing_is_ignored(
    answer_page: Send, proofs_of_nothing: dict[str, Opened], which: str
) -> None:
    """The survey goes on, nothing is stored, and the log holds no personal data."""
    proof = proofs_of_nothing[which]
    with capture_logs() as logs:
        answer = answer_page(1, **proof.hidden())
    warnings = [line for line in logs if line["log_level"] == "warning"]
    assert answer.headers["Location"] == "/demo/2"
    assert not Answer.objects.exists()
    assert [line["event"] for line in warnings] == ["demo.answers_left"]
    assert set(warnings[0]) == {"event", "log_level", "reason"}
