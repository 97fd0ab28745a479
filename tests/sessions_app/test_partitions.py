"""How PostgreSQL keeps batches and results in parts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import Organization
from common.ids import new_id
from common.partitions import ahead, changes
from common.partitions.bounds import moment_of
from common.partitions.catalog import StrangeBoundError, parts_of
from detection.facade import DetectionResult
from sessions_app.checks import parts_are_ahead
from sessions_app.models import BehaviorData, Session
from sessions_app.services.retention import Rule, keep_partitions

from .past import (
    BATCHES,
    RESULTS,
    Whose,
    days_ago,
    make_session,
    needs_postgres,
    part_with,
    parts,
    past_session,
    send,
    stored,
)

pytestmark = [needs_postgres, pytest.mark.django_db]


@pytest.fixture
def ids(organization: Organization, survey: Any) -> Whose:
    """Whose the sessions are."""
    return {"organization_id": organization.id, "survey_id": survey.id}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for a table that is in use."""
    monkeypatch.setattr(changes, "ATTEMPTS", 2)
    monkeypatch.setattr(changes, "PAUSE_S", 0.01)


@pytest.fixture
def old_part(ids: Whose, settings: Any) -> UUID:
    """Let a session of 80 days ago lie in a part of its own, kept for a month."""
    session_id = past_session(days_ago(80), **ids)
    keep_partitions()
    settings.BEHAVIOUR_KEPT_DAYS = 30
    return session_id


def verbs(table: str, found: list[changes.Change]) -> list[str]:
    """Return what was done to the parts of one table."""
    return [change.verb for change in found if change.part.startswith(table)]


@contextmanager
def somebody(*statements: str) -> Iterator[None]:
    """Let another connection be in the middle of a transaction."""
    info = connection.get_connection_params()
    names = {key: info[key] for key in ("dbname", "user", "host", "port")}
    with psycopg.connect(**names) as other:
        for statement in statements:
            other.execute(statement)
        yield
        other.rollback()


def test_rows_of_a_session_lie_in_the_part_of_its_week(ids: Whose) -> None:
    """By the start of the session, however late they come."""
    now = past_session(days_ago(0), **ids)
    (span,) = [span for _part, span in parts(BATCHES).spans if now in span]
    assert part_with(BATCHES, now) == f"{BATCHES}_p{moment_of(span.start):%Y%m%d}"
    assert part_with(RESULTS, now) == f"{RESULTS}_p{moment_of(span.start):%Y%m%d}"


def test_session_is_looked_for_in_one_part(ids: Whose) -> None:
    """The cost of a look does not grow with the number of parts."""
    plan = BehaviorData.objects.filter(session_id=new_id()).order_by("seq").explain()
    assert len(set(re.findall(rf"{BATCHES}_p\d{{8}}\b", plan))) == 1
    assert "default" not in plan


def test_row_is_found_by_its_id_alone(ids: Whose) -> None:
    """By an index in each part: the admin's pages ask that way."""
    session_id = past_session(days_ago(0), **ids)
    row = BehaviorData.objects.filter(session_id=session_id).first()
    assert row == BehaviorData.objects.get(pk=row.pk)  # type: ignore[union-attr] # there
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = BehaviorData.objects.filter(pk=new_id()).explain()
    assert "Seq Scan" not in plan
    assert plan.count("Index") >= len(parts(BATCHES).spans)


def test_parts_are_made_ahead(settings: Any) -> None:
    """One more week, one more part; both tables alike."""
    settings.PARTITIONS_AHEAD = 10
    made = keep_partitions()
    assert verbs(BATCHES, made) == verbs(RESULTS, made) == ["created", "created"]
    assert keep_partitions() == []
    bounds = parts(BATCHES).bounds
    assert all(one.end == next_.start for one, next_ in pairwise(bounds))


def test_another_length_of_parts_leaves_no_hole(settings: Any) -> None:
    """What is there stays; the new ones begin where it ends."""
    settings.PARTITION_DAYS = 30
    made = keep_partitions()
    assert set(verbs(BATCHES, made)) == {"created"}
    bounds = parts(BATCHES).bounds
    assert all(one.end == next_.start for one, next_ in pairwise(bounds))


def test_rows_without_a_part_get_one(ids: Whose) -> None:
    """After a time in which no timetable ran."""
    session_id = past_session(days_ago(20), **ids)
    assert part_with(BATCHES, session_id) == f"{BATCHES}_default"
    made = [c for c in keep_partitions() if c.part.startswith(BATCHES)]
    assert [(change.verb, change.rows) for change in made] == [("created", 2)]
    assert part_with(BATCHES, session_id) == made[0].part
    assert stored(session_id) == (2, 2)


def test_too_many_rows_without_a_part_wait_for_somebody(
    ids: Whose, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moving them would hold up those who write; they are safe where they are."""
    session_id = past_session(days_ago(20), **ids)
    monkeypatch.setattr(ahead, "MOST_MOVED", 1)
    monkeypatch.setattr("sessions_app.services.retention.MOST_MOVED", 1)
    assert verbs(BATCHES, keep_partitions()) == ["crowded"]
    assert part_with(BATCHES, session_id) == f"{BATCHES}_default"
    assert verbs(BATCHES, keep_partitions(move_all=True)) == ["created"]
    assert stored(session_id) == (2, 2)


def test_rows_of_next_year_are_told_of(ids: Whose) -> None:
    """And stay in the default part until their time comes."""
    session_id = past_session(days_ago(-365), **ids)
    (change,) = [c for c in keep_partitions() if c.part.startswith(BATCHES)]
    assert (change.verb, change.part, change.rows) == (
        "strayed",
        f"{BATCHES}_default",
        2,
    )
    assert part_with(BATCHES, session_id) == f"{BATCHES}_default"


def test_part_that_is_past_goes_as_a_whole(old_part: UUID) -> None:
    """With the states that were made from it; the next round finds nothing."""
    name = part_with(BATCHES, old_part)
    done = keep_partitions()
    assert [(c.verb, c.part) for c in done] == [("dropped", name)]
    assert name not in {part.name for part, _span in parts(BATCHES).spans}
    assert stored(old_part) == (0, 2)
    assert bytes(Session.objects.get(id=old_part).state) == b""
    assert keep_partitions() == []


def test_part_stays_for_an_organization_that_keeps_longer(
    old_part: UUID, ids: Whose, stranger: Organization
) -> None:
    """Others' rows are taken out of it; it goes when the last may."""
    from sessions_app.facade import create_survey  # noqa: PLC0415 - used here alone

    survey = create_survey(organization_id=stranger.id, name="Theirs")
    moment = moment_of(old_part)
    theirs = past_session(moment, organization_id=stranger.id, survey_id=survey.id)
    name = part_with(BATCHES, theirs)
    done = keep_partitions(chosen=[Rule(BehaviorData, 30, {stranger.id: 100})])
    assert verbs(BATCHES, done) == ["left", "erased"]
    assert (stored(old_part)[0], stored(theirs)[0]) == (0, 2)
    later = keep_partitions(chosen=[Rule(BehaviorData, 30, {stranger.id: 60})])
    assert [(c.verb, c.part) for c in later] == [("dropped", name)]


def test_part_of_a_session_that_goes_on_is_left(old_part: UUID) -> None:
    """A clock was wrong when it began."""
    Session.objects.filter(id=old_part).update(last_seen_at=days_ago(0))
    assert verbs(BATCHES, keep_partitions()) == ["left"]
    assert stored(old_part) == (2, 2)


def test_states_that_take_too_long_keep_the_part(
    old_part: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes with the next round."""
    monkeypatch.setattr("sessions_app.services.retention.ROUND_LASTS_S", -1.0)
    assert verbs(BATCHES, keep_partitions()) == ["busy"]
    monkeypatch.undo()
    assert verbs(BATCHES, keep_partitions()) == ["dropped"]


def test_batch_is_stored_once_in_a_part(ids: Whose) -> None:
    """The constraints hold as they did in one table."""
    session_id = past_session(days_ago(0), **ids)
    row = BehaviorData.objects.filter(session_id=session_id, seq=0).get()
    row.pk = new_id()
    again = BehaviorData.objects.bulk_create([row], ignore_conflicts=True)
    assert len(again) == 1
    assert stored(session_id)[0] == 2
    with pytest.raises(Exception, match="session_id_seq"), transaction.atomic():
        row.save(force_insert=True)


def test_result_is_got_or_made_once(ids: Whose) -> None:
    """Finals are unique by their ruleset, those of batches by their seq."""
    from sessions_app.services.ending import judge_whole_session  # noqa: PLC0415

    organization_id = ids["organization_id"]
    session_id = past_session(days_ago(0), **ids)
    whose = {"organization_id": organization_id, "session_id": session_id}
    assert [judge_whole_session(**whose)[1] for _ in range(2)] == [True, False]
    locked = DetectionResult.objects.select_for_update().filter(session_id=session_id)
    assert sorted(str(result.seq) for result in locked) == ["0", "1", "None"]


def test_check_asks_for_a_part_ahead(settings: Any) -> None:
    """Only where the database may be asked."""
    assert parts_are_ahead(databases=["default"]) == []
    settings.PARTITION_DAYS = 366
    found = parts_are_ahead(databases=["default"])
    assert [message.id for message in found] == ["sessions.W002"] * 2
    assert parts_are_ahead(databases=None) == []


def test_command_lists_and_keeps(old_part: UUID) -> None:
    """As the task does it, by hand."""
    name = part_with(BATCHES, old_part)
    assert f"\n  {name}" in said("partitions")
    assert f"{name} was dropped" in said("partitions", "--dry-run")
    assert stored(old_part)[0] == 2
    assert f"{name} was dropped" in said("partitions", "--keep")
    assert name not in said("partitions")
    assert said("partitions", "--keep") == "There was nothing to do.\n"


def said(*command: str) -> str:
    """Run a command; return what it printed."""
    out = StringIO()
    call_command(*command, stdout=out, no_color=True)
    return out.getvalue()


def test_part_made_by_hand_is_told_of() -> None:
    """Rather than guessed at."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE by_hand PARTITION OF {BATCHES} FOR VALUES FROM (MINVALUE)"
            " TO ('00000000-0000-0000-0000-000000000001')"
        )
    with pytest.raises(StrangeBoundError, match="by_hand"):
        parts_of(BATCHES)


@pytest.mark.django_db(transaction=True)
def test_table_in_use_is_left_to_the_next_round(ids: Whose, settings: Any) -> None:
    """A dump may read for hours; nobody is made to wait behind us."""
    settings.PARTITIONS_AHEAD = 9
    with somebody(f"SELECT 1 FROM {BATCHES}_default LIMIT 1"):  # noqa: S608 - ours
        assert verbs(BATCHES, keep_partitions()) == ["busy"]
    assert verbs(BATCHES, keep_partitions()) == ["created"]
    drop_last(BATCHES, RESULTS)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_collide(settings: Any) -> None:
    """Who comes second leaves it to the first."""
    settings.PARTITIONS_AHEAD = 9
    key = changes.ADVISORY_LOCK
    with somebody(f"SELECT pg_advisory_xact_lock({key})"):
        assert keep_partitions() == []
    assert verbs(BATCHES, keep_partitions()) == ["created"]
    drop_last(BATCHES, RESULTS)


@pytest.mark.django_db(transaction=True)
def test_row_that_comes_while_its_part_is_made_is_not_lost(ids: Whose) -> None:
    """It goes to the default part, and the making of its own waits for it."""
    waiting = make_session(days_ago(20), **ids)
    send(waiting, organization_id=ids["organization_id"])
    insert = (
        f"INSERT INTO {BATCHES} SELECT (jsonb_populate_record(b, jsonb_build_object("  # noqa: S608
        f"'seq', 7, 'id', '{new_id()}'))).* FROM {BATCHES} b"
    )
    with somebody(insert):
        assert verbs(BATCHES, keep_partitions()) == ["busy"]
    made = keep_partitions()
    assert verbs(BATCHES, made) == ["created"]
    assert stored(waiting) == (1, 1)
    for table in (BATCHES, RESULTS):
        changes.drop(table, parts(table).spans[0][0])


def drop_last(*tables: str) -> None:
    """Leave the tables as the next test expects them."""
    for table in tables:
        last = parts(table).spans[-1]
        assert moment_of(last[1].start) > days_ago(0) + timedelta(weeks=8)
        changes.drop(table, last[0])
