"""The admin's list of sessions: narrowed, found, saved, taken away."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organization, User
from common.ids import first_id_of, new_id
from detection.facade import VERDICTS
from sessions_app.browsing import exporting
from sessions_app.browsing.listing import label
from sessions_app.facade import Status, Survey, create_survey
from sessions_app.identity import respondent_digest
from sessions_app.models import Respondent, SavedView, Session, SessionTag
from sessions_app.services import saved_views
from sessions_app.services.opening import open_session

pytestmark = pytest.mark.django_db

ADDRESS = reverse("admin:sessions_app_session_changelist")
Make = Callable[..., Session]


@pytest.fixture
def operator() -> User:
    """Someone who may see everything."""
    return User.objects.create_superuser("operator")


@pytest.fixture
def staff(operator: User) -> Client:
    """Sign in."""
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def make(survey: Survey) -> Make:
    """Open a session: `make(verdict="bot")`."""

    def opened(
        of: Survey = survey,
        *,
        respondent: str | None = None,
        **fields: Any,
    ) -> Session:
        session = open_session(
            organization_id=of.organization_id,
            survey_id=of.id,
            respondent_id=respondent,
        ).session
        Session.objects.filter(id=session.id).update(**fields)
        return Session.objects.get(id=session.id)

    return opened


def listed(staff: Client, **asked: Any) -> list[Any]:
    """Return the ids that a list shows."""
    answer = staff.get(ADDRESS, asked)
    assert answer.status_code == 200
    return [session.id for session in answer.context["cl"].result_list]


def ended(status: str) -> dict[str, Any]:
    """Return the fields of a session that is over."""
    return {"status": status, "ended_at": datetime(2026, 11, 23, tzinfo=UTC)}


def test_newest_stands_first_whatever_is_asked(staff: Client, make: Make) -> None:
    """Another order would read the whole table."""
    first, second = make(event_count=9), make(event_count=1)
    assert listed(staff) == [second.id, first.id]
    assert listed(staff, o="7") == [second.id, first.id]


def test_filters_narrow(staff: Client, make: Make, survey: Survey) -> None:
    """By survey, organization, status and verdict, alone and together."""
    stranger = Organization.objects.create(name="Theirs")
    other = create_survey(organization_id=stranger.id, name="Other")
    bot, human = make(verdict="bot", **ended("blocked")), make(verdict="human")
    strange = make(other, verdict="bot")
    assert listed(staff, verdict__exact="bot") == [strange.id, bot.id]
    assert listed(staff, status__exact="active") == [strange.id, human.id]
    assert listed(staff, survey__id__exact=survey.id) == [human.id, bot.id]
    assert listed(staff, organization__id__exact=stranger.id) == [strange.id]
    assert listed(
        staff,
        verdict__exact="bot",
        survey__id__exact=survey.id,
        status__exact="blocked",
    ) == [bot.id]
    assert listed(staff, verdict__exact="human", status__exact="blocked") == []


def test_days_are_ranges_of_ids(staff: Client, make: Make) -> None:
    """From midnight to midnight, both days included."""
    made = make()
    days = [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]
    for day in days:
        made.pk = made.id = first_id_of(day)
        made.save(force_insert=True)
    ids = [first_id_of(day) for day in days]
    assert listed(staff, created_at_to="2026-11-21") == [ids[1], ids[0]]
    found = listed(staff, created_at_from="2026-11-21", created_at_to="2026-11-21")
    assert found == [ids[1]]
    assert ids[2] in listed(staff, created_at_from="2026-11-22")


@pytest.mark.parametrize(
    "asked",
    [
        {"created_at_from": "yesterday"},
        {"survey__id__exact": "x"},
        {"organization__id__exact": "x"},
    ],
)
def test_what_makes_no_sense_leads_to_the_whole_list(
    staff: Client, asked: dict[str, str]
) -> None:
    """And so it does from the table that is downloaded."""
    answer = staff.get(ADDRESS, asked)
    assert (answer.status_code, answer["Location"][-4:]) == (302, "?e=1")
    answer = staff.get(reverse("admin:sessions_app_session_export"), asked)
    assert answer.status_code == 302


def test_made_up_sessions_are_told_apart(staff: Client, make: Make) -> None:
    """All, without, or only they; other tags are no reason."""
    real, made_up = make(verdict="bot"), make(verdict="bot")
    for session, tag in [(real, "wave-2"), (made_up, "wave-2"), (made_up, "synthetic")]:
        SessionTag.objects.create(
            organization_id=session.organization_id, session=session, tag=tag
        )
    assert listed(staff) == [made_up.id, real.id]
    assert listed(staff, synthetic="only", verdict__exact="bot") == [made_up.id]
    assert listed(staff, synthetic="without") == [real.id]
    assert [row["id"] for row in table(staff, synthetic="only")] == [str(made_up.id)]
    save(staff, "Real ones", "synthetic=without")
    assert SavedView.objects.get().query == "synthetic=without"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_without_ids_are_no_error(staff: Client, make: Make, day: str) -> None:
    """Before ids began, and after they end."""
    listed(staff, created_at_from=day, created_at_to=day)


def test_what_no_index_answers_is_refused(staff: Client) -> None:
    """Django's admin would read the whole table for it."""
    assert staff.get(ADDRESS, {"metadata__icontains": "x"}).status_code == 400


@pytest.mark.parametrize("shape", ["{}", " {} ", "{:.8}", "{:.13}"])
def test_session_is_found_by_its_id(staff: Client, make: Make, shape: str) -> None:
    """Or by how it begins."""
    made = make()
    made.pk = made.id = first_id_of(date(2026, 1, 1))
    made.save(force_insert=True)
    assert listed(staff, q=shape.format(str(made.id))) == [made.id]


def test_respondent_is_found_by_the_platforms_name(
    staff: Client, make: Make, organization: Organization
) -> None:
    """Which is nowhere stored, or by the beginning of what is."""
    one, again, _other = (make(respondent=name) for name in ("r-17", "r-17", "r-18"))
    digest = respondent_digest(organization.id, "r-17")
    for term in ("r-17", digest, digest[:6], digest[:12].upper()):
        assert listed(staff, q=term) == [again.id, one.id]
    assert listed(staff, q="r-1") == []
    assert listed(staff, q="zzz") == []
    assert listed(staff, q="f" * 65) == []


def test_same_name_in_two_organizations_finds_both(staff: Client, make: Make) -> None:
    """The operator sees all of them; the filter tells them apart."""
    stranger = Organization.objects.create(name="Theirs")
    other = create_survey(organization_id=stranger.id, name="Other")
    ours, theirs = make(respondent="r"), make(other, respondent="r")
    assert Respondent.objects.count() == 2
    assert listed(staff, q="r") == [theirs.id, ours.id]
    assert listed(staff, q="r", organization__id__exact=stranger.id) == [theirs.id]


def test_number_of_queries_is_fixed(staff: Client, make: Make, survey: Survey) -> None:
    """However many rows there are, and however they are narrowed."""
    asked: list[dict[str, Any]] = [
        {},
        {"verdict__exact": "undecided", "status__exact": "active"},
        {"survey__id__exact": survey.id},
        {"q": "r"},
    ]
    counts = []
    for _round in range(2):
        for _ in range(4):
            make(respondent="r")
        found = []
        for each in asked:
            with CaptureQueriesContext(connection) as queries:
                assert listed(staff, **each)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
    # Who asks (3), saved views, the count and the page; survey or search add theirs.
    assert counts[0][0] == 6


@pytest.mark.parametrize("code", [*Status.values, *dict(VERDICTS)])
def test_each_code_is_a_word(code: str) -> None:
    """In the reader's language; a code without a colour would be shown as it is."""
    shown = label(code, "Ein Wort")
    assert "Ein Wort" in shown


def test_list_leaves_the_state_where_it_is(staff: Client, make: Make) -> None:
    """It is most of a row, and nobody reads it here."""
    make()
    with CaptureQueriesContext(connection) as queries:
        listed(staff)
    assert not any('"state"' in query["sql"] for query in queries)


# -- saved views


def save(staff: Client, name: str, query: str) -> Any:
    """Save a view as the form does."""
    address = reverse("admin:sessions_app_session_save_view")
    return staff.post(address, {"name": name, "query": query}, follow=True)


def test_view_is_saved_and_opened(staff: Client, make: Make) -> None:
    """By its link, which is marked while it is shown."""
    bot, _human = make(verdict="bot"), make(verdict="human")
    answer = save(staff, "  Bots   of today ", "verdict__exact=bot")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Bots of today", "verdict__exact=bot")
    assert [s.id for s in answer.context["cl"].result_list] == [bot.id]
    text = answer.content.decode()
    assert 'href="?verdict__exact=bot"' in text
    assert text.count('aria-current="page"') == 1


def test_view_keeps_what_narrows_and_nothing_else(staff: Client) -> None:
    """Neither pages, nor other sites, nor whom somebody looked for."""
    asked = "p=3&e=1&_popup=1&verdict__exact=%22%3E%3Cb%3E&q=r-17&next=//evil.example"
    answer = save(staff, "x", asked)
    kept = parse_qs(SavedView.objects.get().query)
    assert kept == {"verdict__exact": ['"><b>']}
    assert urlsplit(answer.redirect_chain[-1][0]).path == ADDRESS
    assert "<b>" not in answer.content.decode()


def test_view_of_the_same_name_is_replaced(staff: Client) -> None:
    """So that a view can be changed."""
    save(staff, "x", "verdict__exact=bot")
    save(staff, "x", "verdict__exact=human")
    assert SavedView.objects.get().query == "verdict__exact=human"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_view_needs_a_short_name(staff: Client, name: str) -> None:
    """It stands above the list."""
    answer = save(staff, name, "verdict__exact=bot")
    assert "A view needs a short name." in answer.content.decode()
    assert not SavedView.objects.exists()


def test_view_too_long_is_refused(staff: Client) -> None:
    """As its column would."""
    save(staff, "x", "verdict__exact=" + "x" * 1001)
    assert not SavedView.objects.exists()


def test_views_end_somewhere(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to do."""
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
    save(staff, "a", "verdict__exact=bot")
    save(staff, "a", "verdict__exact=human")
    answer = save(staff, "b", "verdict__exact=bot")
    assert "remove one first" in answer.content.decode()
    assert SavedView.objects.count() == 1


def test_view_is_its_owners_alone(staff: Client, operator: User) -> None:
    """Nobody else sees it, nobody else removes it."""
    other = User.objects.create_superuser("other")
    view = SavedView.objects.create(owner=other, name="Theirs", query="q=x")
    assert "Theirs" not in staff.get(ADDRESS).content.decode()
    address = reverse("admin:sessions_app_session_remove_view", args=[view.id])
    answer = staff.post(address, follow=True)
    assert "There is no such view." in answer.content.decode()
    assert SavedView.objects.exists()


def test_view_is_removed(staff: Client, operator: User) -> None:
    """The list stays as it is."""
    view = SavedView.objects.create(owner=operator, name="x", query="q=x")
    address = reverse("admin:sessions_app_session_remove_view", args=[view.id])
    answer = staff.post(address, {"query": "verdict__exact=bot&q=x&p=2"})
    assert answer["Location"] == f"{ADDRESS}?q=x&verdict__exact=bot"
    assert [str(m) for m in get_messages(answer.wsgi_request)] == [
        "The view was removed."
    ]
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["save_view", "remove_view"])
def test_views_are_changed_by_post_alone(staff: Client, name: str) -> None:
    """A link must not."""
    given = [new_id()] if name == "remove_view" else []
    address = reverse(f"admin:sessions_app_session_{name}", args=given)
    assert staff.get(address).status_code == 405


@pytest.mark.parametrize("name", ["save_view", "remove_view", "export"])
def test_who_may_not_see_sessions_gets_nothing(name: str) -> None:
    """Staff without that permission, and everybody else."""
    given = [new_id()] if name == "remove_view" else []
    address = reverse(f"admin:sessions_app_session_{name}", args=given)
    client = Client()
    ask = client.get if name == "export" else client.post
    assert ask(address).status_code == 302
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert ask(address).status_code == 403


# -- the list as a table


def table(staff: Client, **asked: Any) -> list[dict[str, str]]:
    """Return what is downloaded."""
    answer: Any = staff.get(reverse("admin:sessions_app_session_export"), asked)
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_table_holds_what_is_listed(staff: Client, make: Make) -> None:
    """Narrowed in the same way, in the same order."""
    first, second = (make(verdict="bot", bot_probability=0.9) for _ in range(2))
    make(verdict="human")
    rows = table(staff, verdict__exact="bot")
    assert [row["id"] for row in rows] == [str(second.id), str(first.id)]
    assert rows[0]["bot_probability"] == "0.9"
    assert rows[0]["survey__name"] == "Commuting"


def test_table_runs_no_formula(staff: Client, make: Make) -> None:
    """Whatever a survey is called."""
    made = make()
    Survey.objects.filter(id=made.survey_id).update(name="=HYPERLINK(1)")
    assert table(staff)[0]["survey__name"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(("most", "chunk", "rows"), [(5, 2, 5), (4, 2, 4), (99, 3, 6)])
def test_table_ends_somewhere(
    staff: Client,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    chunk: int,
    rows: int,
) -> None:
    """Read in parts, none of them twice."""
    monkeypatch.setattr(exporting, "MOST_EXPORTED", most)
    monkeypatch.setattr(exporting, "CHUNK", chunk)
    made = [str(make().id) for _ in range(6)]
    assert [row["id"] for row in table(staff)] == made[::-1][:rows]


def test_empty_table_has_its_head(staff: Client) -> None:
    """A spreadsheet opens it."""
    answer: Any = staff.get(reverse("admin:sessions_app_session_export"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == [",".join(exporting.EXPORTED)]
