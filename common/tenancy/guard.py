"""Looking whether the walls stand, and whether whoever logs in could climb them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from .tables import tenant_tables

log = structlog.get_logger(__name__)

ROLE: Final = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user"
WALLS: Final = """
SELECT relname, relrowsecurity AND relforcerowsecurity,
  (SELECT count(*) = 1 AND bool_and(
     polpermissive AND polcmd = '*' AND polroles = '{0}'::oid[]
     AND pg_get_expr(polqual, polrelid) LIKE prefix
     AND pg_get_expr(polwithcheck, polrelid) LIKE prefix)
   FROM pg_policy WHERE polrelid = pg_class.oid
     -- Reading what belongs to no organization (walls.share_installation).
     AND NOT (polcmd = 'r'
       AND pg_get_expr(polqual, polrelid) = '(organization_id IS NULL)')),
  pg_has_role(session_user, relowner, 'MEMBER'),
  has_table_privilege(session_user, pg_class.oid, 'TRUNCATE'),
  (SELECT string_agg(part.relname, ', ') FROM pg_inherits
   JOIN pg_class part ON part.oid = inhrelid
   WHERE inhparent = pg_class.oid AND has_table_privilege(
     session_user, part.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'))
FROM unnest(%s::text[], %s::text[]) AS wanted (name, prefix)
JOIN pg_class ON relname = name AND relnamespace = 'public'::regnamespace
ORDER BY relname
"""
# As PostgreSQL writes the policy that `walls` makes; the rest says the setting's name.
WRITTEN: Final = "({column} = ( SELECT (NULLIF(current_setting('app.organization'%"


class _Seen:
    """Whether this process has looked."""

    is_sound = False


def missing_walls(cursor: Any) -> Iterator[str]:
    """Yield what is wrong with the tables, a sentence each."""
    for name, forced, policy, *_rights in _look(cursor):
        if not forced:
            yield f"{name} has no row-level security, or its owner walks through it."
        if not policy:
            yield f"{name} has not the one policy that keeps organizations apart."


def excess_rights(cursor: Any) -> Iterator[str]:
    """Yield how the role that logged in could see other organizations' rows."""
    cursor.execute(ROLE)
    is_super, bypasses = cursor.fetchone()
    if is_super or bypasses:
        yield "The database's role is a superuser or bypasses row-level security."
    for name, _forced, _policy, owns, truncates, parts in _look(cursor):
        if owns:
            yield f"The database's role owns {name}, or can become its owner."
        elif truncates:
            yield f"The database's role may truncate {name}."
        elif parts:
            yield f"The database's role reaches parts of {name} directly: {parts}."


def refuse_bypass(link: Any) -> None:
    """Look once a process, at its first connection.

    Raises
    ------
    ImproperlyConfigured
        Somebody else's rows could be seen. Nothing is served then.
    """
    if settings.DATABASE_LOGIN != "app" or _Seen.is_sound:
        return
    with link.cursor() as cursor:
        found = [*excess_rights(cursor), *missing_walls(cursor)]
    if found:
        log.critical("tenancy.refused", findings=found)
        message = f"{found[0]} docs/security.md says what to do."
        raise ImproperlyConfigured(message)
    _Seen.is_sound = True


def refuse_at_start() -> None:
    """Look before anything is served, unless the database is away: then it is later.

    Raises
    ------
    ImproperlyConfigured
        As `refuse_bypass`.
    """
    try:
        connection.ensure_connection()
    except OperationalError as error:
        # The intake must come up without the database and say "try again" (503); the
        # first connection looks.
        log.warning("tenancy.not_looked", error=type(error).__name__)
    finally:
        # A worker that forks must not share it.
        connection.close()


def _look(cursor: Any) -> list[tuple[Any, ...]]:
    tables: Mapping[str, str] = tenant_tables()
    written = [WRITTEN.format(column=c) for c in tables.values()]
    cursor.execute(WALLS, [list(tables), written])
    return list(cursor.fetchall())
