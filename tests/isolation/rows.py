"""Rows of organizations, asked for raw."""

from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from accounts.models import User
from accounts.services.invitations import invite
from accounts.services.members import add_member
from accounts.services.signing_in import begin
from common.tenancy.tables import tenant_tables
from integrations.models import WebhookAttempt
from integrations.services.endpoints import create_endpoint
from integrations.services.publishing import send_test
from sessions_app.facade import Survey
from sessions_app.services.erasing import erase_respondent
from sessions_app.subjects import Name
from tests.conftest import Caller, make_moves

from .world import HOOK, leave_experiment, leave_flag

PID: Final = "SELECT pg_backend_pid()"
# `fill` leaves a row in each.
TABLES: Final = sorted(
    {
        "accounts_apikey",
        "accounts_auditrow",
        "accounts_invitation",
        "accounts_keyorigin",
        "accounts_membership",
        "accounts_organization",
        "accounts_tokenfamily",
        "common_keptanswer",
        "detection_detectionresult",
        "experiments_experiment",
        "experiments_experimentevent",
        "experiments_experimentidentity",
        "experiments_experimentmoments",
        "experiments_experimentparticipation",
        "experiments_experimentphase",
        "experiments_experimentunitvalue",
        "flags_featureflag",
        "flags_featureflagoverride",
        "flags_featureflagrevision",
        "flags_flagsegment",
        "flags_flagusage",
        "integrations_webhookattempt",
        "integrations_webhookdelivery",
        "integrations_webhookendpoint",
        "integrations_webhookmessage",
        "sessions_app_answer",
        "sessions_app_behaviordata",
        "sessions_app_erasure",
        "sessions_app_respondent",
        "sessions_app_session",
        "sessions_app_sessiontag",
        "sessions_app_survey",
        "sessions_app_tally",
    }
)


def fill(server: Caller, survey: Survey) -> str:
    """Leave a row of an organization in each table that somebody writes to."""
    name = str(survey.organization_id)
    person = User.objects.create_user(name, f"{name}@survey.example", "a password")
    member = add_member(
        organization_id=survey.organization_id, user_id=person.id, role="admin"
    )
    begin(membership=member)
    invite(organization_id=survey.organization_id, email=person.email, role="viewer")
    leave_webhook(survey.organization_id)
    leave_flag(survey.organization_id)
    leave_experiment(survey.organization_id)
    gone = {"survey_id": str(survey.id), "respondent_id": "r-gone"}
    assert server.post("sessions", gone).status_code == 201
    erase_respondent(Name(survey.organization_id, respondent_id="r-gone"))
    opened = server.post(
        "sessions",
        {"survey_id": str(survey.id), "respondent_id": "r-1", "tags": ["first"]},
        headers={"Idempotency-Key": f"opened-once-{name}"},
    )
    session_id = str(opened.json()["id"])
    calls = [
        ("data", make_moves(0)),
        ("answers", {"answers": [{"item": "q1", "type": "number", "value": 3}]}),
        ("complete", None),
    ]
    for path, body in calls:
        answer = server.post(f"sessions/{session_id}/{path}", body)
        assert answer.status_code == 200, answer.content
    return session_id


def leave_webhook(organization_id: UUID) -> None:
    """Leave an endpoint, and an attempt that nobody answered: no courier sent it."""
    endpoint, _secret = create_endpoint(
        organization_id=organization_id, url=HOOK, event_types=["verdict.final"]
    )
    delivery = send_test(organization_id=organization_id, endpoint_id=endpoint.id)
    WebhookAttempt.objects.create(
        organization_id=organization_id,
        endpoint=endpoint,
        delivery=delivery,
        number=1,
        error="connection",
        duration_ms=1,
    )


def enter(link: psycopg.Connection, organization_id: UUID) -> None:
    """Do by hand what the product does in front of a transaction's statements."""
    link.execute(
        "SELECT set_config('app.organization', %s, true)", [str(organization_id)]
    )


def owners(link: psycopg.Connection, table: str) -> set[UUID]:
    """Return whose rows are seen."""
    column = sql.Identifier(tenant_tables()[table])
    query = sql.SQL("SELECT DISTINCT {} FROM {}").format(column, sql.Identifier(table))
    return {owner for (owner,) in link.execute(query)}


def count(link: Any, table: str = "sessions_app_session") -> int:
    """Return how many rows a connection of Django's sees."""
    with link.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        (number,) = cursor.fetchone()
    return int(number)


def owners_seen(link: Any) -> set[UUID]:
    """Return whose sessions a connection of Django's sees."""
    with link.cursor() as cursor:
        cursor.execute("SELECT organization_id FROM sessions_app_session")
        return {owner for (owner,) in cursor.fetchall()}
