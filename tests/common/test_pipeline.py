"""What is told in front of a statement travels with it, and nothing follows."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from psycopg.pq import Trace

from common.tenancy import scope

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="PostgreSQL's own protocol"
    ),
]


def test_nothing_is_sent_behind_the_sync(tmp_path: Path) -> None:
    """A late Flush would take a server from a pooler, and never give it back."""
    connection.ensure_connection()
    wire = connection.connection.pgconn
    heard = tmp_path / "heard"
    with heard.open("w") as file, scope.entered(uuid4()):
        wire.trace(file.fileno())
        wire.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.2), %s::int", [7])
                assert cursor.fetchone()[1] == 7
        finally:
            wire.untrace()
    sent = [
        line.split()[2]
        for line in heard.read_text().splitlines()
        if line.startswith("F")
    ]
    assert sent[-1] == "Sync"
    assert "Flush" not in sent
