"""Every page of the admin opens, and what happened cannot be edited."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.facade import create_operator
from accounts.models import User
from common.models import OutboxRow
from sessions_app.models import Erasure, Session
from tests.conftest import Visit, make_moves
from tests.detection.lists import PRIVATE, load, load_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    """Sign in as the operator."""
    assert create_operator(username="operator")
    client = Client()
    client.force_login(User.objects.get())
    return client


def names() -> list[str]:
    """Return each registered model as the admin's addresses name it."""
    models = (model._meta for model in admin.site._registry)
    return sorted(f"{meta.app_label}_{meta.model_name}" for meta in models)


@pytest.mark.parametrize("name", names())
def test_list_opens(staff: Client, visit: Visit, name: str) -> None:
    """With something in it."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    assert staff.get(reverse(f"admin:{name}_changelist")).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in names()
        if name.startswith(("sessions", "detection")) and name != "sessions_app_survey"
    ],
)
def test_row_opens_and_cannot_be_changed(
    staff: Client, visit: Visit, name: str
) -> None:
    """Results, lists and keys are read-only."""
    load("tor", "192.0.2.0/24")
    load_keys(PRIVATE)
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    Erasure.objects.create(
        organization_id=Session.objects.get().organization_id, sessions=1
    )
    model: Any = next(
        m
        for m in admin.site._registry
        if f"{m._meta.app_label}_{m._meta.model_name}" == name
    )
    address = reverse(f"admin:{name}_change", args=[model.objects.first().pk])
    assert staff.get(address).status_code == 200
    # A session's page is no form at all.
    assert staff.post(address, {}).status_code in {403, 405}
    assert staff.get(reverse(f"admin:{name}_add")).status_code == 403


def test_each_empty_list_says_where_its_rows_come_from() -> None:
    """Who sees nothing is told how something gets there; users there always are."""
    silent = {
        model.__name__
        for model, page in admin.site._registry.items()
        if not getattr(page, "empty_text", "")
    }
    assert silent == {"User"}


def test_empty_list_tells_what_to_do(staff: Client) -> None:
    """Nothing yet is another thing than nothing that fits."""
    address = reverse("admin:sessions_app_session_changelist")
    assert "Answer the demo survey" in staff.get(address).content.decode()
    narrowed = staff.get(f"{address}?status__exact=active").content.decode()
    assert "Take away a filter" in narrowed


@pytest.mark.parametrize(
    "name",
    [
        "common_outboxrow",
        "detection_detectionresult",
        "sessions_app_behaviordata",
        "sessions_app_session",
    ],
)
def test_large_table_is_not_counted(
    staff: Client, visit: Visit, django_assert_max_num_queries: Any, name: str
) -> None:
    """A list of what every batch adds to is read as far as its pages reach."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    with django_assert_max_num_queries(6) as seen:
        staff.get(reverse(f"admin:{name}_changelist"))
    (count,) = (one["sql"] for one in seen if "COUNT(" in one["sql"])
    assert "LIMIT 10001" in count


def test_dead_work_can_be_sent_again(staff: Client) -> None:
    """By the action on the outbox."""
    from django.utils import timezone  # noqa: PLC0415 - used here alone

    row = OutboxRow.objects.create(
        topic="session.ended", key="x", attempts=5, dead_at=timezone.now()
    )
    answer = staff.post(
        reverse("admin:common_outboxrow_changelist"),
        {"action": "send_again", "_selected_action": [str(row.id)]},
        follow=True,
    )
    row.refresh_from_db()
    assert row.dead_at is None
    assert "1 row was sent again." in answer.content.decode()


def test_operator_is_made_once() -> None:
    """The password is printed at the first start only."""
    assert create_operator(username="operator")
    assert create_operator(username="operator") is None
