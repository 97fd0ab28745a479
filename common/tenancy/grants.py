"""What the roles may do; said again after each migration, which makes new tables."""

from typing import Any, Final

import structlog
from django.conf import settings
from django.db import connections
from psycopg import sql

log = structlog.get_logger(__name__)

# Parts are left out: who could read one directly would walk around the policy.
TABLES: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  AND NOT relispartition AND pg_has_role(relowner, 'USAGE')
"""
FUNCTIONS: Final = """
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prosecdef
  AND pg_has_role(proowner, 'USAGE')
"""
EXISTING: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)
"""
ROLES: Final = "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)"
# A function that runs as the owner would be held by the policies, since they are
# forced. Becoming an owner of anything needs the right to make things, for a moment.
HAND_OVER: Final = """
GRANT CREATE ON SCHEMA public TO {ops};
ALTER FUNCTION {function} OWNER TO {ops};
REVOKE CREATE ON SCHEMA public FROM {ops};
REVOKE ALL ON FUNCTION {function} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {function} TO {app}, {owner};
"""


def grant(using: str = "default", **_kwargs: Any) -> None:
    """Let the application's roles use the tables, and nothing more.

    Nothing happens where the roles do not exist; `guard` refuses to serve then.
    """
    connection = connections[using]
    roles = [settings.DATABASE_APP_ROLE, settings.DATABASE_OPS_ROLE]
    if connection.vendor != "postgresql" or not all(roles):
        return
    app, ops = map(sql.Identifier, roles)
    with connection.cursor() as cursor:
        cursor.execute(ROLES, [roles])
        if cursor.fetchone() != (len(roles),):
            log.warning("tenancy.no_roles", roles=roles)
            return
        cursor.execute(TABLES)
        tables = sql.SQL(", ").join(sql.Identifier(n) for (n,) in cursor.fetchall())
        for text in (
            "GRANT USAGE ON SCHEMA public TO {app}, {ops}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {app}, {ops}",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}, {ops}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}, {ops}",
        ):
            cursor.execute(sql.SQL(text).format(app=app, ops=ops, tables=tables))
        cursor.execute(EXISTING, [list(settings.APPEND_ONLY_TABLES)])
        for (name,) in cursor.fetchall():
            text = "REVOKE UPDATE, DELETE ON {table} FROM {app}, {ops}"
            table = sql.Identifier(name)
            cursor.execute(sql.SQL(text).format(table=table, app=app, ops=ops))
        cursor.execute(FUNCTIONS)
        for (function,) in cursor.fetchall():
            owner = sql.Identifier(connection.settings_dict["USER"])
            names = {"app": app, "ops": ops, "owner": owner}
            for text in HAND_OVER.strip().splitlines():
                cursor.execute(
                    sql.SQL(text).format(function=sql.SQL(function), **names)
                )
