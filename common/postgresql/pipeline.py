"""Several statements in one round trip, as a pooler can follow them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Pipeline
from psycopg.abc import PQGen


class SyncedPipeline(Pipeline):
    """psycopg's pipeline without the Flush that it sends behind its last Sync.

    When the answers are slow that Flush arrives after the transaction has ended. A
    pooler then hands the client a server again, and none of what follows gives it back:
    with one server, everybody waits until PgBouncer's `query_wait_timeout`. A Sync
    makes the server send everything as well.
    """

    def _exit_gen(self) -> PQGen[None]:
        try:
            self._enqueue_sync()
            yield from self._communicate_gen()
        finally:
            yield from self._fetch_gen(flush=False)


@contextmanager
def pipelined(link: Any) -> Iterator[None]:
    """Send what is executed within the block together, and end with a Sync."""
    if link._pipeline is None:  # noqa: SLF001 - `Connection.pipeline` uses what is there
        link._pipeline = SyncedPipeline(link)  # noqa: SLF001 - it makes its own otherwise
    with link.pipeline():
        yield
