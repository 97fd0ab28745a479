"""Tables with rows become partitioned, and whole again."""

from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import Organization

from .past import (
    BATCHES,
    RESULTS,
    days_ago,
    needs_postgres,
    part_with,
    parts,
    past_session,
    stored,
)

pytestmark = [needs_postgres, pytest.mark.django_db]

DEFINITIONS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype <> 'p'
    UNION ALL
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisprimary
    ORDER BY 1
"""


def rules_of(table: str) -> list[tuple[str, str]]:
    """Return constraints and indexes but for the primary key."""
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS, [table, table])
        return [(name, text.replace("ONLY ", "")) for name, text in cursor.fetchall()]


@pytest.fixture
def migration() -> Any:
    """The migration's two ways, whatever came after it."""
    return import_module("sessions_app.migrations.0005_time_partitions")


@pytest.fixture
def sessions(organization: Organization, survey: Any) -> list[UUID]:
    """Sessions of now, of three weeks ago, of 1970 and of next year."""
    return [
        past_session(
            days_ago(days), organization_id=organization.id, survey_id=survey.id
        )
        for days in (0, 21, 365 * 56, -365)
    ]


@pytest.fixture
def whole(migration: Any, sessions: list[UUID]) -> Any:
    """Go back to whole tables, with rows in them."""
    with connection.schema_editor() as editor:
        migration.join(apps, editor)
    return migration


def test_there_and_back_keeps_rows_and_rules(
    migration: Any, sessions: list[UUID]
) -> None:
    """Everything but the primary key is as it was."""
    before = [rules_of(table) for table in (BATCHES, RESULTS)]
    with connection.schema_editor() as editor:
        migration.join(apps, editor)
        assert [rules_of(table) for table in (BATCHES, RESULTS)] == before
        assert [stored(session_id) for session_id in sessions] == [(2, 2)] * 4
        migration.part(apps, editor)
    assert [rules_of(table) for table in (BATCHES, RESULTS)] == before
    assert [stored(session_id) for session_id in sessions] == [(2, 2)] * 4


def test_rows_go_to_the_parts_of_their_weeks(whole: Any, sessions: list[UUID]) -> None:
    """Only a wrong clock's go to the default part."""
    with connection.schema_editor() as editor:
        whole.part(apps, editor)
    names = [part_with(BATCHES, session_id) for session_id in sessions]
    assert [name.endswith("_default") for name in names] == [False, False, True, True]
    assert len(set(names)) == 3


def test_nine_weeks_are_there_from_the_start(whole: Any) -> None:
    """This one, the eight that follow, and the one that had rows."""
    with connection.schema_editor() as editor:
        whole.part(apps, editor)
    assert len(parts(BATCHES).spans) == len(parts(RESULTS).spans) == 10
