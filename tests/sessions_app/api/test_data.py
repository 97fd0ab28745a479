"""Sending batches over HTTP: accepted once, in any order, or refused with a reason."""

import gzip
import json
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from detection.engine.registry import BY_CODE
from sessions_app import selectors
from sessions_app.engine.columns import pack, unpack
from sessions_app.facade import Survey
from sessions_app.models import BehaviorData, Session
from tests.conftest import Caller, Visit, encode, make_moves

pytestmark = pytest.mark.django_db


def send(visit: Visit, body: object, **options: Any) -> Any:
    """Send a batch as the respondent's browser does."""
    return visit.browser.post(f"sessions/{visit.id}/data", body, **options)


def test_batch_is_stored_and_counted(visit: Visit) -> None:
    """What was acknowledged is in the database."""
    answer = send(visit, make_moves(0))
    assert answer.status_code == 200
    assert answer.json()["accepted"] is True
    row = BehaviorData.objects.get()
    assert (row.seq, row.event_count, row.first_ms, row.last_ms) == (0, 5, 0, 80)


def test_same_seq_answers_the_same_and_changes_nothing(
    server: Caller, visit: Visit
) -> None:
    """A repeat is harmless, for browsers and for servers."""
    first = server.post(f"sessions/{visit.id}/data", make_moves(0))
    again = server.post(f"sessions/{visit.id}/data", make_moves(0))
    assert again.status_code == 200
    assert again.json() == first.json()
    assert BehaviorData.objects.count() == 1
    assert Session.objects.get().event_count == 5


def test_repeat_after_the_end_is_still_harmless(visit: Visit) -> None:
    """A batch whose answer was lost may come again after completion."""
    send(visit, make_moves(0))
    visit.browser.post(f"sessions/{visit.id}/complete")
    assert send(visit, make_moves(0)).status_code == 200


def test_same_seq_with_other_events_is_refused(visit: Visit) -> None:
    """Two tabs that share a session learn of each other, and lose nothing."""
    send(visit, make_moves(0))
    answer = send(visit, make_moves(0, count=7))
    assert answer.status_code == 409
    assert answer.json()["code"] == "seq_reused"
    assert answer.json()["next_seq"] == 1
    assert Session.objects.get().event_count == 5


def test_gaps_are_shown_until_they_close(server: Caller, visit: Visit) -> None:
    """Batches may come in any order."""
    assert send(visit, make_moves(2)).json()["gaps"] == 2
    assert server.get(f"sessions/{visit.id}/report").json()["missing_seqs"] == [0, 1]
    assert send(visit, make_moves(0)).json()["gaps"] == 1
    assert send(visit, make_moves(1)).json()["gaps"] == 0
    assert server.get(f"sessions/{visit.id}/report").json()["missing_seqs"] == []


def test_after_completion_is_409(visit: Visit) -> None:
    """A closed session tells the client to stop."""
    visit.browser.post(f"sessions/{visit.id}/complete")
    answer = send(visit, make_moves(0))
    assert answer.status_code == 409
    assert answer.json()["code"] == "session_closed"
    assert answer.json()["collect"] is False


def test_gzip_is_accepted(visit: Visit) -> None:
    """A packed batch is a batch."""
    packed = gzip.compress(encode(make_moves(0)))
    answer = send(visit, None, raw=packed, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 200
    assert BehaviorData.objects.get().event_count == 5


def test_unknown_types_are_counted_and_kept(server: Caller, visit: Visit) -> None:
    """A newer client's events are not lost."""
    batch = make_moves(0)
    batch["events"].append({"type": "gyroscope", "t": 90, "alpha": 1})
    assert send(visit, batch).status_code == 200
    row = BehaviorData.objects.get()
    assert (row.event_count, row.unknown_count) == (6, 1)


BROKEN = [
    ({"type": "mousemove", "t": 1, "x": 1}, "/events/5"),
    ({"type": "mousemove", "t": 1, "x": 1, "y": "far"}, "/events/5/y"),
    ({"type": "mousemove", "t": -1, "x": 1, "y": 1}, "/events/5/t"),
    ({"type": "mousemove", "t": 1, "x": 1e9, "y": 1}, "/events/5/x"),
    ({"type": "keydown", "t": 1, "key": "a"}, "/events/5/key"),
    ({"type": "device", "t": 1, "languages": ["de", 7]}, "/events/5/languages/1"),
    ({"type": "page", "t": 1, "id": "\u0000"}, "/events/5/id"),
    ({"t": 1}, "/events/5"),
    ({"type": "gyroscope"}, "/events/5"),
    ({"type": 3, "t": 1}, "/events/5/type"),
    (None, "/events/5"),
    ([], "/events/5"),
]


@pytest.mark.parametrize(("event", "pointer"), BROKEN)
def test_broken_event_is_named_by_index_and_field(
    visit: Visit, event: object, pointer: str
) -> None:
    """The whole batch is refused, and the answer says where it broke."""
    batch = make_moves(0)
    batch["events"].append(event)
    answer = send(visit, batch)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_batch"
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert BehaviorData.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"seq": -1}, "/seq"),
        ({"seq": 1.5}, "/seq"),
        ({"seq": "1"}, "/seq"),
        ({"seq": 2**63}, "/seq"),
        ({"seq": True}, "/seq"),
        ({"events": {}}, "/events"),
        ({"events": []}, "/events"),
        ({"events": [{"type": "focus", "t": 0}] * 2_001}, "/events"),
        ({"sent_at": "noon"}, "/sent_at"),
        ({"sent_at": "2026-11-22T10:00:00"}, "/sent_at"),
        ({"sent_at": "2026-11-22T10:00:60Z"}, "/sent_at"),
    ],
)
def test_broken_envelope_is_named(
    visit: Visit, change: dict[str, Any], pointer: str
) -> None:
    """So is what is wrong around the events."""
    answer = send(visit, make_moves(0) | change)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "sent_at",
    [
        "1969-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2026-11-22T10:00:00+14:00",
        None,
    ],
)
def test_wrong_clocks_are_no_error(visit: Visit, sent_at: str | None) -> None:
    """A respondent's clock may be decades off; only the difference is kept."""
    assert send(visit, make_moves(0) | {"sent_at": sent_at}).status_code == 200


BODIES = [
    (b"", 400),
    (b"null", 400),
    (b"[]", 400),
    (b'"x"', 400),
    (b"3", 400),
    (b'{"seq": 0', 400),
    (b'{"seq": 0, "events": [NaN]}', 400),
    (b'{"seq": 0, "events": [{"type": "mousemove", "t": NaN, "x": 1, "y": 1}]}', 400),
    (b'{"seq": 0, "events": [{"type": "focus", "t": 1e400}]}', 400),
    (b'{"seq": 0, "events": [{"type": "focus", "t": ' + b"9" * 5_000 + b"}]}", 400),
    (b'{"seq": 0, "events": [{"type": "page", "t": 1, "id": "\\ud800"}]}', 400),
    (b'{"seq": 0, "events": ' + b"[" * 200_000 + b"}", 400),
    (b"\xef\xbb\xbf" + b'{"seq": 0, "events": [{"type": "focus", "t": 1}]}', 400),
    ('{"seq": 0, "events": [{"type": "focus", "t": 1}]}'.encode("utf-16"), 400),
    (b'{"seq": 0, "events": [{"type": "focus", "t": 1, "__proto__": {}}]}', 200),
    (b'{"seq": 0, "events": [{"type": "focus", "t": -0}]}', 200),
    (b'{"seq": 0, "events": [{"type": "page", "t": 1, "id": "\\u202e\\u200d"}]}', 200),
    (b" " * 300_000, 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_bad_bodies_get_a_problem(visit: Visit, body: bytes, status: int) -> None:
    """Whatever is sent, the answer is a problem document and never a 500."""
    answer = send(visit, None, raw=body)
    assert answer.status_code == status
    if status != 200:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert BehaviorData.objects.count() == 0


PACKED = [
    (gzip.compress(b"x" * 3_000_000, mtime=0), 413),
    (gzip.compress(b"{}", mtime=0)[:-4], 400),
    (gzip.compress(b"{}", mtime=0) + gzip.compress(b"{}", mtime=0), 400),
    (b"not gzip", 400),
]


@pytest.mark.parametrize(
    ("body", "status"), PACKED, ids=["bomb", "stump", "stowaway", "no gzip"]
)
def test_bad_packing_is_refused(visit: Visit, body: bytes, status: int) -> None:
    """Bombs, stumps and stowaways."""
    answer = send(visit, None, raw=body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("content_type", "headers"),
    [
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("multipart/form-data", {}),
        ("application/json; charset=utf-16", {}),
        ("application/json", {"Content-Encoding": "br"}),
        ("", {}),
    ],
)
def test_other_media_are_415(
    visit: Visit, content_type: str, headers: dict[str, str]
) -> None:
    """The body must be JSON in UTF-8, plain or gzip."""
    answer = send(
        visit, None, raw=b'{"seq": 0}', content_type=content_type, headers=headers
    )
    assert answer.status_code == 415
    assert answer.json()["status"] == 415


def test_chunked_body_without_length_is_400(visit: Visit) -> None:
    """DRF reads no body without a length; that is said, not guessed."""
    answer = send(visit, None, raw=b"")
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_body"


def test_too_many_requests_is_429(visit: Visit, settings: Any) -> None:
    """A loop that ran away is told when to come back."""
    settings.LIMITS = {**settings.LIMITS, "intake": {"session": 2}}
    # A bucket fills up again, though not while the clock stands.
    with time_machine.travel(timezone.now(), tick=False):
        codes = [send(visit, make_moves(seq)).status_code for seq in range(4)]
        last = send(visit, make_moves(9))
    assert codes[:2] == [200, 200]
    assert last.status_code == 429
    assert int(last["Retry-After"]) >= 1
    assert last.json()["code"] == "throttled"


def test_blocking_ends_the_session_when_policy_says_so(
    server: Caller, site: Caller, visit: Visit
) -> None:
    """`blocked` comes from policy alone, and stops the client."""
    Survey.objects.update(blocking_ends_session=True, behaviour_may_block=True)
    device = {"type": "device", "t": 1, "webdriver": True, "driver_globals": ["cdc_"]}
    send(visit, {"seq": 0, "events": [device]})
    answer = server.get(f"sessions/{visit.id}/status").json()
    assert answer["verdict"] == "bot"
    assert answer["status"] == "blocked"
    assert send(visit, make_moves(1)).status_code == 409


def test_messages_follow_the_language(server: Caller, visit: Visit) -> None:
    """Codes and numbers stay, sentences change."""
    device = {"type": "device", "t": 1, "webdriver": True}
    send(visit, {"seq": 0, "events": [device]})
    english = server.get(f"sessions/{visit.id}/status").json()["reasons"][0]
    german = server.get(
        f"sessions/{visit.id}/status", headers={"Accept-Language": "de"}
    ).json()["reasons"][0]
    assert english["code"] == german["code"]
    assert english["message"] != german["message"]
    assert json.dumps(english["evidence"]) == json.dumps(german["evidence"])


def test_raw_events_are_logged_only_when_asked(
    visit: Visit, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """For debugging a client, by a setting that is off."""
    caplog.set_level("INFO")
    send(visit, make_moves(0))
    assert "MouseMove" not in caplog.text
    settings.LOG_RAW_EVENTS = True
    send(visit, make_moves(1))
    assert "MouseMove" in caplog.text


@pytest.mark.parametrize(
    "limit", ["MOST_EVENTS_OF_A_SESSION", "MOST_BATCHES_OF_A_SESSION"]
)
def test_session_that_is_full_takes_no_more(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Judging it must not hold other respondents up."""
    monkeypatch.setattr(f"sessions_app.services.intake.{limit}", 1)
    assert send(visit, make_moves(0)).status_code == 200
    answer = send(visit, make_moves(1))
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["collect"]) == ("session_full", False)
    assert send(visit, make_moves(0)).status_code == 200


def test_expired_session_lets_the_client_open_another(visit: Visit) -> None:
    """After a long pause the rest of the survey is still seen."""
    Session.objects.update(status="expired", ended_at=timezone.now())
    answer = send(visit, make_moves(0))
    assert answer.status_code == 409
    assert answer.json()["code"] == "session_expired"
    assert "collect" not in answer.json()


def test_refusal_does_not_repeat_what_was_typed(visit: Visit) -> None:
    """Even if a client put it where a class belongs."""
    key = {"type": "keydown", "t": 1, "key": "hunter2"}
    answer = send(visit, {"seq": 0, "events": [key]})
    assert answer.status_code == 400
    assert b"hunter2" not in answer.content


@pytest.mark.parametrize("name", ["a\n", "\n"])
def test_line_ends_are_no_part_of_a_label(visit: Visit, name: str) -> None:
    """Nor at its end."""
    answer = send(visit, {"seq": 0, "events": [{"type": "page", "t": 1, "id": name}]})
    assert answer.status_code == 400


def test_report_names_at_most_a_thousand_missing(server: Caller, visit: Visit) -> None:
    """However far the numbers jump."""
    send(visit, make_moves(0) | {"seq": 1_000_000})
    report = server.get(f"sessions/{visit.id}/report").json()
    assert report["missing_seqs"] == list(range(1_000))
    assert report["session"]["gaps"] == 1_000_000


def test_repeat_is_told_by_its_content(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another release may have packed the same events into other bytes."""
    send(visit, make_moves(0))
    row = BehaviorData.objects.get()
    events, unknown = unpack(bytes(row.columns), selectors.KINDS)
    monkeypatch.setattr("sessions_app.engine.columns.LEVEL", 1)
    row.columns = pack(events, unknown)
    row.save()
    assert send(visit, make_moves(0)).status_code == 200


def test_state_of_an_older_release_is_made_anew(server: Caller, visit: Visit) -> None:
    """From the batches, which are all there."""
    send(visit, make_moves(0))
    Session.objects.update(state=b"what another release wrote")
    answer = server.post(f"sessions/{visit.id}/data", make_moves(1))
    assert answer.status_code == 200
    assert answer.json()["event_count"] == 10
    assert answer.json()["checks"].keys() == dict.fromkeys(BY_CODE).keys()
