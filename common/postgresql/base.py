"""Django looks for a database's wrapper here."""

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any, Final

from django.db.backends.postgresql import base
from psycopg import ServerCursor
from psycopg.pq import TransactionStatus

from common.tenancy import guard, scope
from common.tenancy.scope import Scope

from .kept import KEPT
from .pipeline import pipelined
from .straight import Answer, Statement, Straight

# A server does not go away and come back within this time; a firewall forgets later.
FRESH_S: Final = 1.0

TELL: Final = "SELECT set_config('app.organization', %s, true)"
TELL_ROLE: Final = "SELECT set_config('role', %s, true)"


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
    """Tells the database for whom a statement is; asks rarely whether it lives.

    Django asks before each request's first query: a round trip, which under load is
    the fifth part of what a batch takes from the database.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._alive_until = 0.0
        self._straight: Straight | None = None
        # What the open transaction was told; None if that is not certain.
        self._told: Scope | None = scope.UNTOLD
        self.execute_wrappers.append(self._tell)

    def init_connection_state(self) -> None:
        """Refuse a role that could see everything, before anything is asked."""
        super().init_connection_state()
        try:
            guard.refuse_bypass(self.connection)
        except BaseException:
            # Left open, it would be used by the next to come.
            self.close()
            raise
        if not self.get_autocommit():
            self.connection.rollback()

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

    def run_kept(self, text: str, values: Sequence[Any]) -> Answer:
        """Run a kept statement, by the shortest way there is.

        Within a transaction, where statements are counted, or without prepared ones
        that way is an ordinary cursor.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        if not self._may_go_straight():
            with self.cursor() as cursor:
                cursor.execute(text, values)
                rows = cursor.fetchall() if cursor.description else ()
                return Answer(rows, cursor.rowcount)
        if self._straight is None or self._straight.link is not self.connection:
            self._straight = Straight(self.connection)
        with self.wrap_database_errors:
            told = _sayings(scope.UNTOLD, scope.current())
            return self._straight.run(*told, (text, values))

    def _may_go_straight(self) -> bool:
        link = self.connection
        return (
            link.autocommit
            and link.prepare_threshold is not None
            and link.pgconn.transaction_status == TransactionStatus.IDLE
            and not self.queries_logged
            and self.execute_wrappers == [self._tell]
        )

    def _savepoint_rollback(self, sid: str) -> None:
        """Undo what came after a savepoint: what was told in it is undone as well."""
        super()._savepoint_rollback(sid)  # type: ignore[misc] # the stubs leave it out
        self._told = None

    def _tell(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,  # noqa: FBT001 - Django's signature
        context: dict[str, Any],
    ) -> Any:
        """Put the scope in front of a statement, if its transaction does not know it.

        Both travel together, in one round trip: psycopg's pipeline makes them one
        transaction where none is open. Its sync would end that too early for many
        statements, and it knows no server-side cursors: these get a real one.
        """
        status = self.connection.pgconn.transaction_status
        if status == TransactionStatus.IDLE:
            self._told = scope.UNTOLD
        wanted = scope.current()
        # In a broken transaction nothing is heard but its end.
        if wanted == self._told or status == TransactionStatus.INERROR:
            return execute(sql, params, many, context)
        is_plain = not many and not isinstance(context["cursor"].cursor, ServerCursor)
        own = self.connection.autocommit and status == TransactionStatus.IDLE
        with self.wrap_database_errors:
            if is_plain:
                with pipelined(self.connection):
                    self._say(wanted)
                    done = execute(sql, params, many, context)
            elif own:
                with self.connection.transaction():
                    self._say(wanted)
                    done = execute(sql, params, many, context)
            else:
                self._say(wanted)
                done = execute(sql, params, many, context)
        if not own:
            self._told = wanted
        return done

    def _say(self, wanted: Scope) -> None:
        """Tell what is not known yet."""
        for text, values in _sayings(self._told, wanted):
            self.connection.execute(text, values)


def _sayings(told: Scope | None, wanted: Scope) -> Iterator[Statement]:
    """Yield what has to be said; the role comes first, with the right to say more."""
    if told is None or told.role != wanted.role:
        yield TELL_ROLE, [wanted.role]
    if told is None or told.organization != wanted.organization:
        yield TELL, [wanted.organization]
