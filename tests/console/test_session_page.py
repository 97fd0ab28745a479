"""A session's page: what happened, why it was judged so, and what was not seen."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from console import selectors
from console.documents.session import SessionPage
from detection.models import DetectionResult
from sessions_app.models import BehaviorData
from tests.conftest import Visit, make_moves

from .conftest import DEVICE, Send, move, press

pytestmark = pytest.mark.django_db


def look(staff: Client, visit: Visit, query: str = "") -> Any:
    """Return the answer with a session's page."""
    address = reverse("admin:sessions_app_session_change", args=[visit.id])
    return staff.get(address + query)


def page_of(staff: Client, visit: Visit, query: str = "") -> SessionPage:
    """Return what a session's page shows."""
    page = look(staff, visit, query).context_data["page"]
    assert isinstance(page, SessionPage)
    return page


def test_session_without_events_says_what_to_expect(
    staff: Client, visit: Visit
) -> None:
    """Nothing is drawn, nothing is guessed, and the page says why."""
    text = look(staff, visit).content.decode()
    assert "No events have come." in text
    assert "No check has an answer yet." in text
    assert "No batch has come yet." in text
    assert "<svg" not in text


def test_session_whose_events_are_past_retention_says_so(
    staff: Client, visit: Visit, send: Send
) -> None:
    """The verdict stays when events and reasons are gone."""
    send(0, [{**DEVICE, "webdriver": True}, *[press(9 * n, 50) for n in range(1, 20)]])
    before = page_of(staff, visit).verdict
    BehaviorData.objects.all().delete()
    text = look(staff, visit).content.decode()
    assert "Its events are past their retention" in text
    assert "The batches are past their retention" in text
    assert "What it told is past its retention" in text
    DetectionResult.objects.all().delete()
    page = page_of(staff, visit)
    assert (page.verdict.kind, page.verdict.probability) == ("bot", before.probability)
    assert page.verdict.action == before.action
    assert "What the checks found is past" in look(staff, visit).content.decode()


def test_head_tells_verdict_action_and_reasons(
    staff: Client, visit: Visit, send: Send
) -> None:
    """With the heaviest reason first, and no more than a few."""
    send(0, [{**DEVICE, "webdriver": True}, *[press(9 * n, 50) for n in range(1, 20)]])
    verdict = page_of(staff, visit).verdict
    assert (verdict.kind, verdict.action) == ("bot", "Block")
    assert verdict.reasons[0].text == "The browser says that a program drives it."
    assert len(verdict.reasons) <= 4


def test_undecided_names_no_probability(
    staff: Client, visit: Visit, send: Send
) -> None:
    """A figure would be a guess."""
    send(0, [move(10, 10)])
    assert "likely to be automated" not in look(staff, visit).content.decode()
    send(1, [{**DEVICE, "t": 900, "webdriver": True}])
    assert "likely to be automated" in look(staff, visit).content.decode()


def test_lanes_and_trail_show_what_happened(
    staff: Client, visit: Visit, send: Send
) -> None:
    """Moves, a jump, a press by a hand and one by a script."""
    places = [move(100 + 20 * n, 10 + n) for n in range(10)]
    send(0, [DEVICE, *places, move(400, 900), press(500), press(600, trusted=False)])
    page = page_of(staff, visit)
    assert page.timeline is not None
    counts = {str(lane.name): lane.count for lane in page.timeline.lanes}
    assert counts["Pointer"] == "11"
    assert counts["Clicks"] == "2"
    assert counts["Touch"] == "0"
    assert page.trail is not None
    assert page.trail.jumps == "2"
    assert [one.is_script for one in page.trail.presses] == [False, True]


def test_course_has_a_mark_for_each_change(
    staff: Client, visit: Visit, send: Send
) -> None:
    """Undecided at first, a bot once the browser gave itself away."""
    send(0, [move(10, 10)])
    send(1, [{**DEVICE, "t": 2000, "webdriver": True}])
    page = page_of(staff, visit)
    assert page.timeline is not None
    assert [mark.verdict for mark in page.timeline.marks] == ["undecided", "bot"]
    assert [batch.verdict for batch in page.batches] == ["undecided", "bot"]


def test_missing_batches_are_told(staff: Client, visit: Visit, send: Send) -> None:
    """In the table, in the picture and at the head."""
    for seq in (0, 1, 4, 6):
        send(seq, [move(2000 * seq, 10 + seq)])
    page = page_of(staff, visit)
    gaps = [batch.missing for batch in page.batches if batch.missing]
    assert [gap.replace("\N{EN DASH}", "-") for gap in gaps] == ["2-3", "5"]
    assert page.timeline is not None
    assert len(page.timeline.gaps) == 2
    assert "4, and 3 never came" in {fact.value for fact in page.facts}


def test_device_is_told_in_words(staff: Client, visit: Visit, send: Send) -> None:
    """With what it answered, and without what it was not asked."""
    send(0, [DEVICE, {"type": "network", "t": 2, "connection": "4g"}])
    facts = {str(fact.name): fact.value for fact in page_of(staff, visit).device}
    assert facts["Browser"] == "Chromium 140"
    assert facts["Screen"] == "1,920 \N{MULTIPLICATION SIGN} 1,080"
    assert facts["Time zone"] == "Europe/Vienna, UTC+1:00"
    assert facts["Says that a program drives it"] == "No"
    assert facts["Marks of automation tools"] == "None"
    assert facts["Connection"] == "4g"
    assert "Graphics" not in facts


def test_unseen_families_say_why(
    staff: Client, visit: Visit, send: Send, settings: Any
) -> None:
    """Nothing came, too little came, or nobody asks."""
    settings.FAMILIES_OFF = ["clipboard"]
    send(0, [DEVICE, {"type": "keydown", "t": 5, "key": "letter"}])
    unseen = {str(one.name): str(one.why) for one in page_of(staff, visit).unseen}
    assert unseen["Touch"] == "No finger touched the screen."
    assert unseen["Clipboard"].startswith("Switched off")
    assert unseen["Keyboard"] == "Too little was seen to say anything: 1 events."


def test_final_result_keeps_evidence_of_what_is_clear(
    staff: Client,
    visit: Visit,
    send: Send,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """After the end a check that found nothing still shows what it measured."""
    send(0, [DEVICE, *[move(20 * n, n * n % 700) for n in range(200)]])
    with django_capture_on_commit_callbacks(execute=True):
        visit.browser.post(f"sessions/{visit.id}/complete")
    checks = [c for family in page_of(staff, visit).families for c in family.not_found]
    assert any(check.evidence for check in checks)


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST_BATCHES", 3)
    monkeypatch.setattr(selectors, "MOST_EVENTS", 12)


@pytest.mark.usefixtures("_small_parts")
def test_long_session_is_shown_in_parts(staff: Client, visit: Visit) -> None:
    """The page says which, and leads to what follows and to the beginning."""
    for seq in range(5):
        visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq))
    page = page_of(staff, visit)
    assert page.part is not None
    assert (page.part.first_page, page.part.next_seq) == (True, 2)
    assert page.part.note.startswith("Batches 0 to 1 are shown; there are 5")
    answer = look(staff, visit, "?from=4")
    assert answer.context_data["page"].part.next_seq is None
    assert 'href="?from=0"' in answer.content.decode()


@pytest.mark.usefixtures("_small_parts")
def test_one_large_batch_is_shown(staff: Client, visit: Visit, send: Send) -> None:
    """A part is never empty while there is something to show."""
    send(0, [move(20 * n, n) for n in range(40)])
    send(1, [move(2000, 5)])
    part = page_of(staff, visit).part
    assert part is not None
    assert part.next_seq == 1


@pytest.mark.parametrize("asked", ["-1", "x", "²", "9" * 40])
def test_wrong_part_is_no_error(staff: Client, visit: Visit, asked: str) -> None:
    """Addresses are typed by hand, too."""
    assert look(staff, visit, f"?from={asked}").status_code == 200


def queries(staff: Client, visit: Visit) -> int:
    """Return how many statements the page takes."""
    with CaptureQueriesContext(connection) as seen:
        assert look(staff, visit).status_code == 200
    return len(seen)


def test_queries_do_not_grow(staff: Client, visit: Visit) -> None:
    """As many for twenty batches as for two."""
    for seq in range(2):
        visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq))
    few = queries(staff, visit)
    for seq in range(2, 20):
        visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq))
    assert queries(staff, visit) == few
    assert few <= 13


def test_pictures_have_no_comma_and_no_style(
    staff: Client, visit: Visit, send: Send
) -> None:
    """SVG reads points, whatever the language, and the policy refuses inline styles."""
    send(0, [DEVICE, *[move(33.3 * n, 10 + n / 3) for n in range(50)], press(1700)])
    staff.cookies["django_language"] = "de"
    text = look(staff, visit).content.decode()
    assert 'lang="de"' in text
    pictures = re.findall(r"<svg.*</svg>", text, re.DOTALL)
    numbers = re.findall(r' (?:x|y|cx|cy|r|x1|width|height|d|viewBox)="([^"]*)"', text)
    assert pictures
    assert len(numbers) > 30
    assert not [one for one in numbers if "," in one]
    assert "style=" not in "".join(pictures)


def test_who_may_not_see_sessions_sees_none(visit: Visit) -> None:
    """Staff without the right are refused; with it they are let in."""
    user = User.objects.create_user("clerk", is_staff=True)
    client = Client()
    client.force_login(user)
    assert look(client, visit).status_code == 403
    right = Permission.objects.get(
        codename="view_session", content_type__app_label="sessions_app"
    )
    user.user_permissions.add(right)
    assert look(client, visit).status_code == 200


def test_stranger_is_sent_to_the_door(visit: Visit) -> None:
    """Who is not signed in sees nothing."""
    answer = look(Client(), visit)
    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]


def test_unknown_session_is_not_found(staff: Client) -> None:
    """As anywhere else."""
    unknown = "01a2066d-20a1-74d7-b13a-9f806baefdca"
    address = reverse("admin:sessions_app_session_change", args=[unknown])
    assert staff.get(address).status_code == 404
