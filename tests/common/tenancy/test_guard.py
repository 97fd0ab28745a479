"""Looking whether the walls stand, and whether a login could climb them."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction

from common import checks
from common.partitions.catalog import parts_of
from common.tenancy import guard
from common.tenancy.tables import tenant_tables, unclassified
from tests.services import postgres

needs_roles: Final = pytest.mark.skipif(
    "DATABASE_APP_ROLE" not in os.environ,
    reason="Roles are on a PostgreSQL of our own: `make test` brings it.",
)


@needs_roles
@pytest.mark.django_db(transaction=True)
def test_a_login_that_sees_everything_is_refused(login: Callable[..., Any]) -> None:
    """Nothing is served, not even a question that has nothing to do with rows."""
    with pytest.raises(ImproperlyConfigured, match="bypasses"):
        login("bonafide")
    login()


@needs_roles
@pytest.mark.django_db(transaction=True)
def test_a_refused_login_is_refused_again(settings: Any) -> None:
    """Its connection is not left open for the next who asks."""
    link: Any = connection.copy()
    settings.DATABASE_LOGIN = "app"
    guard._Seen.is_sound = False
    for _again in range(2):
        with pytest.raises(ImproperlyConfigured, match="bypasses"):
            link.cursor()


@needs_roles
@pytest.mark.parametrize(("user", "code"), [("bonafide", 1), (postgres.APP_ROLE, 0)])
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "start",
    [
        "import config.wsgi",
        (
            "import django; django.setup(); from celery.signals import worker_init;"
            " worker_init.send(None)"
        ),
    ],
)
def test_a_server_refuses_to_start(user: str, code: int, start: str) -> None:
    """It ends with the reason before it takes a request; a right one starts."""
    names = connection.get_connection_params()
    address = f"{user}@{names['host']}:{names['port']}/{names['dbname']}"
    done = subprocess.run(
        [sys.executable, "-c", start],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DATABASE_URL": f"postgres://{address}",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SECRET_KEY": "for a test only",
            "KEY_PEPPER": "for a test only",
            "FIELD_KEYS": settings.FIELD_KEYS,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert ("bypasses row-level security" in done.stderr) == bool(code)


def test_a_server_starts_while_its_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It answers 503 meanwhile; the first connection looks."""

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "ensure_connection", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    guard.refuse_at_start()


@needs_roles
@pytest.mark.django_db
def test_a_table_without_its_wall_is_refused(login: Callable[..., Any]) -> None:
    """A policy that is gone, one that lets through, security that is not forced."""

    def findings() -> list[str]:
        with connection.cursor() as cursor:
            return list(guard.missing_walls(cursor))

    assert findings() == []
    for statement in (
        "ALTER TABLE sessions_app_survey NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY organization ON sessions_app_survey",
        "ALTER POLICY organization ON sessions_app_survey USING (true)",
        "CREATE POLICY all_of_it ON sessions_app_survey USING (true)",
        "CREATE POLICY read_all ON flags_featureflag FOR SELECT USING (true)",
        "CREATE POLICY nobodys ON flags_featureflag USING (organization_id IS NULL)",
    ):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
            assert len(findings()) == 1, statement
            transaction.set_rollback(True)


@needs_roles
@pytest.mark.django_db(transaction=True)
def test_a_part_that_may_be_read_is_refused(login: Callable[..., Any]) -> None:
    """The reason names it."""
    parts = parts_of("sessions_app_behaviordata")
    assert parts is not None
    part, role = parts.spans[0][0].name, postgres.APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON {part} TO {role}")
        try:
            with pytest.raises(ImproperlyConfigured, match=part):
                login()
        finally:
            cursor.execute(f"REVOKE SELECT ON {part} FROM {role}")  # noqa: S608 - likewise


def test_a_model_that_nobody_classified_is_refused(settings: Any) -> None:
    """It names an organization, or somebody gave a reason why not."""
    assert unclassified() == []
    known = {"sessions_app.SavedView", "common.OutboxRow"}
    assert known < set(settings.OUTSIDE_THE_WALLS)
    settings.OUTSIDE_THE_WALLS = {
        name: why
        for name, why in settings.OUTSIDE_THE_WALLS.items()
        if name not in known
    }
    # One has no organization; the other has one, so a wall is missed.
    assert unclassified() == ["sessions_app.SavedView"]
    assert "common_outboxrow" in tenant_tables()
    assert [each.id for each in checks.every_model_has_a_place()] == ["tenancy.E001"]


def test_what_stands_outside_exists(settings: Any) -> None:
    """A name that fits nothing would let a new table of that name out."""
    for label in settings.OUTSIDE_THE_WALLS:
        assert apps.get_model(label)


@needs_roles
@pytest.mark.django_db
def test_the_check_speaks_of_both(settings: Any) -> None:
    """`manage.py check --database default` tells what the first connection refuses."""
    assert checks.walls_stand(databases=["default"]) == []
    settings.DATABASE_LOGIN = "app"
    found = {each.id for each in checks.walls_stand(databases=["default"])}
    assert found == {"tenancy.E003"}
    assert checks.walls_stand(databases=None) == []
