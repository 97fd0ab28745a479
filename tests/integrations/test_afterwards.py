"""New secrets, what is sent again, what is removed, and what is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from accounts.trail import AuditRow
from common.errors import ConflictError
from integrations.models import (
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
)
from integrations.services.endpoints import (
    change_endpoint,
    remove_endpoint,
    rotate_secret,
)
from integrations.services.replaying import Period, replay, replay_period
from integrations.services.retention import forget_messages
from tests.conftest import Visit

from .carrying import carry_all, end, ping
from .receiver import Receiver, says

pytestmark = pytest.mark.django_db(transaction=True)


def test_old_secret_signs_beside_the_new_one_for_a_while(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """And then it does not."""
    (old,) = endpoint.keys_at(timezone.now())
    _endpoint, new = rotate_secret(
        organization_id=endpoint.organization_id,
        endpoint_id=endpoint.id,
        overlap=timedelta(hours=1),
    )
    ping(endpoint)
    carry_all()
    for key in (old, new):
        Webhook(key).verify(receiver.received[0].body, receiver.received[0].headers)
    endpoint.refresh_from_db()
    assert endpoint.keys_at(timezone.now() + timedelta(hours=2)) == [new]


def test_secrets_are_sealed(endpoint: WebhookEndpoint) -> None:
    """A dump of the table opens no receiver."""
    (key,) = endpoint.keys_at(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM integrations_webhookendpoint")
        (stored,) = cursor.fetchone()
    assert key.removeprefix("whsec_") not in stored


def test_what_was_given_up_can_be_sent_again(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """With the id that it had, from the beginning of its schedule."""
    delivery = ping(endpoint)
    WebhookDelivery.objects.update(state=DeliveryState.EXHAUSTED, attempts=10)
    replayed = replay(
        organization_id=endpoint.organization_id,
        endpoint_id=endpoint.id,
        delivery_id=delivery.id,
    )
    assert (replayed.state, replayed.attempts) == ("waiting", 0)
    carry_all()
    assert len(receiver.received) == 1


def test_a_period_is_sent_again_with_what_was_missed(
    endpoint: WebhookEndpoint, receiver: Receiver, visit: Visit
) -> None:
    """A disabled endpoint is told afterwards; what arrived is not told again."""
    which: dict[str, Any] = {
        "organization_id": endpoint.organization_id,
        "endpoint_id": endpoint.id,
    }
    ping(endpoint)
    carry_all()
    change_endpoint(**which, enabled=False)
    end(visit)
    assert WebhookDelivery.objects.count() == 1
    hour = Period(timezone.now() - timedelta(hours=1), timezone.now())
    with pytest.raises(ConflictError):
        replay_period(**which, period=hour)
    change_endpoint(**which, enabled=True)
    assert replay_period(**which, period=hour) == 2
    carry_all()
    assert len(receiver.received) == 3
    assert replay_period(**which, period=hour) == 0
    assert replay_period(**which, period=hour, arrived_too=True) == 3


def test_removed_endpoint_takes_its_log_along(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """Nothing is sent to it any more."""
    ping(endpoint)
    remove_endpoint(organization_id=endpoint.organization_id, endpoint_id=endpoint.id)
    assert not WebhookDelivery.objects.exists()
    assert carry_all() == 0


def test_messages_are_forgotten_after_thirty_days(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """With all that is known of how they fared; younger ones stay."""
    ping(endpoint)
    carry_all()
    WebhookMessage.objects.update(created_at=timezone.now() - timedelta(days=30))
    kept = ping(endpoint)
    assert forget_messages() == 1
    assert [one.id for one in WebhookDelivery.objects.all()] == [kept.id]
    assert not WebhookAttempt.objects.exists()


def test_each_change_stands_in_the_audit(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """Also what the machine decides; neither URL nor secret does."""
    which: dict[str, Any] = {
        "organization_id": endpoint.organization_id,
        "endpoint_id": endpoint.id,
    }
    change_endpoint(**which, description="Somebody's words")
    change_endpoint(**which, description="Somebody's words")
    rotate_secret(**which, overlap=timedelta(hours=1))
    receiver.answer = says(410)
    ping(endpoint)
    carry_all()
    change_endpoint(**which, enabled=True)
    replay_period(
        **which, period=Period(timezone.now() - timedelta(hours=1), timezone.now())
    )
    remove_endpoint(**which)
    rows = AuditRow.objects.filter(organization_id=endpoint.organization_id)
    entries = rows.filter(verb__startswith="webhook.").order_by("id")
    assert [one.verb.partition(".")[2] for one in entries] == [
        "created",
        "changed",
        "secret_replaced",
        "tested",
        "disabled",
        "enabled",
        "replayed",
        "removed",
    ]
    said = str([one.difference for one in entries])
    for hidden in (receiver.url, "Somebody", "whsec_"):
        assert hidden not in said
    assert "gone" in said
