"""Kept statements, sent straight through libpq: one round trip, prepared once.

psycopg's cursors and its pipeline are for any statement, and take time for that: a row
by its key took 134 us, and 320 us with the scope told in front of it; sent like this
both together take 88 (median of 30 rounds of 60, one run, PostgreSQL on this machine;
`benchmarks.ingest` has what that is to a whole request).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from psycopg import adapters, generators
from psycopg.abc import PQGen
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.errors import (
    FeatureNotSupported,
    InvalidSqlStatementName,
    error_from_result,
)
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

# The server infers types of parameters, so they travel as text; bytes would double.
BYTES: Final = (bytes, bytearray, memoryview)
MOMENT: Final = "timestamptz"
GOOD: Final = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)

# A table has changed since its statement was prepared, or a pooler has forgotten it.
OUTDATED: Final = (FeatureNotSupported, InvalidSqlStatementName)

Statement = tuple[str, Sequence[Any]]
# A statement, its values as they travel, and which of them are binary.
Dumped = tuple[str, Sequence[Any], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement returned, and how many rows it touched."""

    rows: Sequence[tuple[Any, ...]]
    count: int


class _Adapting:
    """A connection's way with types, but for moments: those are read in C.

    Django reads a moment in Python so that it may have any time zone. That took a
    twentieth of the lookup of a row that has one.
    """

    def __init__(self, link: Any) -> None:
        self.connection = link
        self.adapters = AdaptersMap(link.adapters)
        moments = adapters.types[MOMENT].oid
        loader = adapters.get_loader(moments, Format.TEXT)
        if loader is not None:
            self.adapters.register_loader(moments, loader)


class Straight:
    """A connection's kept statements; they are its session's, and end with it."""

    def __init__(self, link: Any) -> None:
        self.link = link
        self._names: dict[str, bytes] = {}
        self._numbers = count()
        # It remembers how it wrote and read each type, which is worth keeping.
        self._adapter = Transformer(_Adapting(link))

    def run(self, *statements: Statement) -> Answer:
        """Run statements as one transaction; return what the last one gave.

        The connection must be in autocommit, and idle.

        Raises
        ------
        psycopg.Error
            One of them failed, and none has happened.
        """
        sent = [(text, *self._dumped(values)) for text, values in statements]
        try:
            last = self._sent(sent)
        except OUTDATED:
            last = self._sent(sent)
        self._adapter.set_pgresult(last)
        rows = self._adapter.load_rows(0, last.ntuples, tuple)
        return Answer(rows, last.command_tuples or 0)

    def _sent(self, sent: Sequence[Dumped]) -> PGresult:
        """Send them and return what the last one gave; nothing is kept of a failure."""
        with self.link.lock:
            results: list[PGresult] = self.link.wait(self._converse(sent))
        for result in results:
            if result.status not in GOOD:
                self._names.clear()
                raise error_from_result(result)
        return results[-1]

    def _dumped(self, values: Sequence[Any]) -> tuple[Sequence[Any], Sequence[int]]:
        formats = [
            PyFormat.BINARY if isinstance(value, BYTES) else PyFormat.TEXT
            for value in values
        ]
        dumped = self._adapter.dump_sequence(values, formats)
        return dumped, self._adapter.formats or ()

    def _converse(self, sent: Sequence[Dumped]) -> PQGen[list[PGresult]]:
        """Send all of them, and read what each gave."""
        pgconn = self.link.pgconn
        results: list[PGresult] = []
        pgconn.enter_pipeline_mode()
        try:
            answers = sum(self._queue(pgconn, *one) for one in sent)
            pgconn.pipeline_sync()
            yield from generators.send(pgconn)
            for _each in range(answers):
                results += yield from generators.fetch_many(pgconn)
            # The sync's own.
            yield from generators.fetch_many(pgconn)
        except BaseException:
            # What was not read would be the next statement's answer.
            pgconn.finish()
            raise
        pgconn.exit_pipeline_mode()
        return results

    def _queue(self, pgconn: Any, text: str, values: Any, formats: Any) -> int:
        """Queue a statement, prepared if it is new; return how many answers come."""
        is_new = text not in self._names
        if is_new:
            self._names[text] = f"kept_{next(self._numbers)}".encode()
            pgconn.send_prepare(self._names[text], numbered(text))
        pgconn.send_query_prepared(self._names[text], values, formats)
        return 1 + is_new


def numbered(text: str) -> bytes:
    """Return a statement with the server's places (``$1``) for Django's (``%s``)."""
    first, *others = text.split("%s")
    places = (f"${at}{part}" for at, part in enumerate(others, start=1))
    return "".join([first, *places]).replace("%%", "%").encode()
