"""Django looks for a database's wrapper here."""

from time import monotonic
from typing import Any, Final

from django.db.backends.postgresql import base

from .kept import KEPT

# A server does not go away and come back within this time; a firewall forgets later.
FRESH_S: Final = 1.0


class Cursor(base.ServerBindingCursor):
    """Prepares the statements that are kept, and no others."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = None, **how: Any
    ) -> Any:
        """Run a statement."""
        kept = isinstance(query, str) and query in KEPT
        return super().execute(  # type: ignore[misc] # the stubs know no cursor
            query, params, prepare=prepare or kept, **how
        )


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks whether a connection lives only after it has rested.

    Django asks before each request's first query: a round trip, which under load is
    the fifth part of what a batch takes from the database.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._alive_until = 0.0

    def get_connection_params(self) -> dict[str, Any]:
        """Return what a connection is opened with."""
        params: dict[str, Any] = super().get_connection_params()
        if params["prepare_threshold"] is not None:
            params["cursor_factory"] = Cursor
        return params

    def close_if_health_check_failed(self) -> None:
        """Close a connection that does not answer, unless it did a moment ago."""
        if monotonic() < self._alive_until:
            self.health_check_done = True
        super().close_if_health_check_failed()

    def close_if_unusable_or_obsolete(self) -> None:
        """Remember, after a request that used the connection, that it worked."""
        was_used = self.health_check_done
        super().close_if_unusable_or_obsolete()
        if was_used and self.connection is not None:
            self._alive_until = monotonic() + FRESH_S
