"""Keep batches and results in weekly parts, on PostgreSQL.

The definitions of constraints and indexes are taken from the catalogue, so whatever the
tables have when this runs, they have afterwards, under the same names. Only the primary
key changes: PostgreSQL wants the partition key in it.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import migrations

TABLES = ["sessions_app_behaviordata", "detection_detectionresult"]
ORIGIN = datetime(1970, 1, 5, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
AHEAD = 8
# Older or newer ids are a wrong clock's; they lie in the default part.
OLDEST = timedelta(days=3650)

DEFINITIONS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('u', 'f') ORDER BY contype DESC, conname
"""
INDEXES = """
    SELECT pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')
"""


def part(apps, schema_editor):
    """Turn plain tables into partitioned ones, with their rows."""
    for table in TABLES if schema_editor.connection.vendor == "postgresql" else []:
        with schema_editor.connection.cursor() as cursor:
            rebuild(cursor, table, "PARTITION BY RANGE (session_id)", "id, session_id")


def join(apps, schema_editor):
    """Turn partitioned tables into plain ones, with their rows."""
    for table in TABLES if schema_editor.connection.vendor == "postgresql" else []:
        with schema_editor.connection.cursor() as cursor:
            rebuild(cursor, table, "", "id")


def rebuild(cursor, table, how, primary_key):
    """Make the table anew, move its rows, and give it what it had."""
    # Foreign keys are checked at the end of a transaction; what waits for that forbids
    # the dropping of tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    cursor.execute(DEFINITIONS, [table])
    constraints = cursor.fetchall()
    cursor.execute(INDEXES, [table])
    indexes = [definition for (definition,) in cursor.fetchall()]
    cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    cursor.execute(
        f"CREATE TABLE {table} (LIKE {table}_before INCLUDING ALL"
        f" EXCLUDING INDEXES) {how}"
    )
    if how:
        make_parts(cursor, table)
    cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # our tables' names  # nosec B608
    cursor.execute(f"DROP TABLE {table}_before")
    cursor.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY ({primary_key})"
    )
    for name, definition in constraints:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for definition in indexes:
        cursor.execute(definition)
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make_parts(cursor, table):
    """Make the default part, one for each week that has rows, and those ahead."""
    cursor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
    now = datetime.now(UTC)
    ahead = {week_of(now + index * WEEK) for index in range(AHEAD + 1)}
    for start in sorted(ahead | weeks_with_rows(cursor, table, now)):
        cursor.execute(
            f"CREATE TABLE {table}_p{start:%Y%m%d} PARTITION OF {table}"
            f" FOR VALUES FROM ('{first_id(start)}') TO ('{first_id(start + WEEK)}')"
        )


def weeks_with_rows(cursor, table, now):
    """Return the Mondays of the weeks that rows of the old table are of."""
    found = set()
    first, last = first_id(now - OLDEST), first_id(week_of(now) + (AHEAD + 1) * WEEK)
    while True:
        cursor.execute(
            f"SELECT session_id FROM {table}_before WHERE session_id >= %s"  # our tables' names  # nosec B608
            " AND session_id < %s ORDER BY session_id LIMIT 1",
            [first, last],
        )
        row = cursor.fetchone()
        if row is None:
            return found
        start = week_of(EPOCH + timedelta(milliseconds=row[0].int >> 80))
        found.add(start)
        first = first_id(start + WEEK)


def week_of(moment):
    """Return the Monday before."""
    return ORIGIN + (moment - ORIGIN) // WEEK * WEEK


def first_id(moment):
    """Return the smallest UUIDv7 of a moment."""
    return UUID(int=(moment - EPOCH) // timedelta(milliseconds=1) << 80)


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_app', '0004_roughly_seen'),
        ('detection', '0002_network_list_and_agent_key'),
    ]

    operations = [migrations.RunPython(part, join)]
