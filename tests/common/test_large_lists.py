"""Lists of large tables are only narrowed by what the key answers."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common.ids import first_id_of
from common.models import OutboxRow

pytestmark = pytest.mark.django_db

LARGE = ["common_outboxrow", "detection_detectionresult", "sessions_app_behaviordata"]


@pytest.fixture
def staff() -> Client:
    """Sign in as someone who may see everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    return client


def address(name: str) -> str:
    """Return where a list is."""
    return reverse(f"admin:{name}_changelist")


def test_days_are_ranges_of_ids(staff: Client) -> None:
    """Whatever a row says of the moment at which it was made."""
    days = [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]
    for day in days:
        OutboxRow.objects.create(id=first_id_of(day), topic="x", key="x")
    asked = {"created_at_from": "2026-11-21", "created_at_to": "2026-11-21"}
    answer: Any = staff.get(address("common_outboxrow"), asked)
    assert [r.id for r in answer.context["cl"].result_list] == [first_id_of(days[1])]


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize(
    "asked", [{"created_at__gte": "2026-11-21"}, {"session__metadata__icontains": "x"}]
)
def test_what_no_index_answers_is_refused(
    staff: Client, name: str, asked: dict[str, str]
) -> None:
    """Django's admin would read the whole table for it."""
    assert staff.get(address(name), asked).status_code == 400


@pytest.mark.parametrize("name", LARGE)
def test_order_is_that_of_the_key(staff: Client, name: str) -> None:
    """Whatever an address asks for."""
    answer: Any = staff.get(address(name), {"o": "3.-1"})
    assert answer.context["cl"].queryset.query.order_by == ("-id",)


@pytest.mark.parametrize("state", ["waiting", "done", "dead"])
def test_outbox_is_narrowed_to_a_state(staff: Client, state: str) -> None:
    """And to days with it."""
    answer = staff.get(
        address("common_outboxrow"), {"state": state, "created_at_from": "2026-11-21"}
    )
    assert answer.status_code == 200
