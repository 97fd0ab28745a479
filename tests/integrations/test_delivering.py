"""From an event to an answer: once at a time, again when it failed, never for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from accounts.models import Organization
from common import counters
from integrations import couriers, selectors, sending
from integrations.models import (
    DisabledReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
)
from integrations.services import delivering
from integrations.services.endpoints import (
    create_endpoint,
)
from tests.conftest import Visit

from .carrying import carry_all, end, ping
from .receiver import Receiver, hangs, says, served

pytestmark = pytest.mark.django_db(transaction=True)


def test_end_of_a_session_and_its_verdict_arrive(
    endpoint: WebhookEndpoint, receiver: Receiver, visit: Visit
) -> None:
    """Signed, with ids and the verdict, and nothing of the respondent."""
    end(visit)
    assert carry_all() == 2
    (key,) = WebhookEndpoint.objects.get().keys_at(timezone.now())
    told = {}
    for request in receiver.received:
        payload = Webhook(key).verify(request.body, request.headers)
        told[payload["type"]] = payload["data"]
        assert len(request.body) < 1_000
    completed, final = told["session.completed"], told["verdict.final"]
    assert completed.keys() == {"session_id", "survey_id", "status"}
    assert completed["session_id"] == final["session_id"] == visit.id
    assert final["verdict"] == "undecided"
    assert "reasons" not in final
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"succeeded"}
    assert carry_all() == 0


def test_nobody_who_listens_costs_no_row(
    organization: Organization, visit: Visit
) -> None:
    """Sessions of who has no endpoint leave nothing behind."""
    end(visit)
    assert not WebhookMessage.objects.exists()


def test_request_does_not_wait_for_a_receiver(
    endpoint: WebhookEndpoint, receiver: Receiver, visit: Visit
) -> None:
    """Where tasks run at once nobody sends but couriers."""
    receiver.answer = hangs
    end(visit)
    assert receiver.received == []
    assert WebhookDelivery.objects.filter(state="waiting").count() == 2


def test_event_is_told_once_however_often_its_task_runs(
    endpoint: WebhookEndpoint, organization: Organization, visit: Visit
) -> None:
    """A worker that is tried again finds the message that it made."""
    from integrations.services.publishing import publish_verdict  # noqa: PLC0415

    end(visit)
    again = publish_verdict(organization_id=organization.id, session_id=UUID(visit.id))
    assert again == []
    assert WebhookMessage.objects.count() == 2


def test_failure_is_tried_again_by_the_schedule(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """Ten times, and then it is given up; the id stays the same."""
    receiver.answer = says(500, b"<b>no</b>")
    failed = counters.read().get("webhooks.failed", 0)
    ping(endpoint)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        made = 0
        while WebhookDelivery.objects.filter(state="waiting").exists():
            made += carry_all()
            clock.shift(timedelta(hours=27))
            # The endpoint is not to be given up meanwhile.
            WebhookEndpoint.objects.update(failing_since=None)
    delivery = WebhookDelivery.objects.get()
    assert (made, delivery.state, delivery.attempts) == (10, "exhausted", 10)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    log = WebhookAttempt.objects.order_by("id")
    assert [one.number for one in log] == list(range(1, 11))
    assert {(one.status_code, one.error) for one in log} == {(500, "status")}
    assert log[0].response_start == "<b>no</b>"
    assert counters.read()["webhooks.failed"] - failed == 10


def test_second_attempt_comes_after_five_seconds(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """And not before."""
    receiver.answer = says(500)
    ping(endpoint)
    carry_all()
    wait = WebhookDelivery.objects.get().next_at - timezone.now()
    assert timedelta(seconds=4) < wait < timedelta(seconds=6)
    assert carry_all() == 0


def test_gone_disables_the_endpoint(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """What else was on its way there has failed as well."""
    receiver.answer = says(410)
    first, _second = ping(endpoint), ping(endpoint)
    couriers.work(organization_id=endpoint.organization_id, delivery_id=first.id)
    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == DisabledReason.GONE
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"failed"}
    assert len(receiver.received) == 1


def test_endpoint_that_fails_for_days_is_disabled(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """The list says why."""
    receiver.answer = says(500)
    ping(endpoint)
    WebhookEndpoint.objects.update(
        failures=9, failing_since=timezone.now() - timedelta(days=5)
    )
    carry_all()
    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == DisabledReason.FAILING


def test_breaker_opens_and_one_probe_closes_it(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """While it is open nothing is sent and no attempt used up."""
    opened = counters.read().get("webhooks.breaker_open", 0)
    receiver.answer = says(500)
    for _ in range(8):
        ping(endpoint)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while carry_all():
            pass
        assert len(receiver.received) == 5
        assert counters.read()["webhooks.breaker_open"] - opened == 1
        endpoint.refresh_from_db()
        assert endpoint.state == "paused"
        clock.shift(timedelta(seconds=31))
        carry_all()
        assert len(receiver.received) == 6
        receiver.answer = says(200)
        clock.shift(timedelta(hours=1))
        while carry_all():
            pass
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.failures) == ("enabled", 0)
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"succeeded"}


def test_busy_receiver_is_left_alone_as_long_as_it_asks(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """Everything for it waits."""
    receiver.answer = says(429, Retry_After="120")
    ping(endpoint)
    carry_all()
    ping(endpoint)
    assert carry_all() == 0
    assert WebhookDelivery.objects.order_by("id")[0].next_at > timezone.now() + (
        timedelta(seconds=110)
    )
    endpoint.refresh_from_db()
    assert endpoint.state == "paused"


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="Its one writer is no race to win."
)
def test_two_workers_make_an_attempt_once(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """Eight of them, for each of four deliveries."""
    ids = [ping(endpoint).id for _ in range(4)] * 8

    def carry(delivery_id: UUID) -> None:
        try:
            couriers.work(
                organization_id=endpoint.organization_id, delivery_id=delivery_id
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(carry, ids))
    sent = [one.headers["webhook-id"] for one in receiver.received]
    assert len(sent) == len(set(sent)) == 4
    assert WebhookAttempt.objects.count() == 4


def test_attempt_whose_worker_was_killed_is_made_again(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """After its lease; whoever was believed dead writes nothing any more."""
    delivery = ping(endpoint)
    which = {
        "organization_id": endpoint.organization_id,
        "delivery_id": delivery.id,
    }
    claim = delivering.claim_attempt(**which)
    assert claim is not None
    assert delivering.claim_attempt(**which) is None
    assert carry_all() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert carry_all() == 1
    late = delivering.write_down(claim, sending.Outcome("timeout", 1))
    assert late is False
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("succeeded", 2)


def test_last_attempt_whose_worker_was_killed_is_given_up(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """Not tried for ever."""
    delivery = ping(endpoint)
    WebhookDelivery.objects.update(attempts=10)
    carry_all()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("exhausted", "worker_lost")
    assert receiver.received == []


def test_no_transaction_is_open_while_a_receiver_is_asked(
    endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow one would hold locks and a connection's snapshot."""
    seen = []
    post = sending.post

    def look(*args: Any, **kwargs: Any) -> sending.Outcome:
        seen.append(connection.in_atomic_block)
        return post(*args, **kwargs)

    monkeypatch.setattr(delivering, "post", look)
    ping(endpoint)
    carry_all()
    assert seen == [False]


def test_receiver_that_hangs_delays_no_other(
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    authority: Any,
    settings: Any,
) -> None:
    """Twenty messages for the one that hangs stand before one for the other."""
    receiver.answer = hangs
    with served(authority[1:]) as quick:
        settings.WEBHOOK_PORTS = [receiver.port, quick.port]
        other, _secret = create_endpoint(
            organization_id=endpoint.organization_id,
            url=quick.url,
            event_types=["verdict.final"],
        )
        for _ in range(20):
            ping(endpoint)
        ping(other)
        crew = couriers.Couriers()
        crew.start()
        try:
            couriers.sweep()
            arrived = wait_until(lambda: bool(quick.received), 5)
        finally:
            receiver.over.set()
            crew.stop()
            crew._threads.shutdown(wait=True)
        assert arrived
        # No more than it may have at once, whatever else waits.
        under_way = WebhookDelivery.objects.filter(endpoint=endpoint, attempts=1)
        assert under_way.count() <= 4 + 4


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Wait for something to become true; say whether it did."""
    waiting = threading.Event()
    for _ in range(int(seconds * 20)):
        if is_so():
            return True
        waiting.wait(0.05)
    return False


def test_sweep_takes_turns_among_endpoints(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """Who has one waiting comes before who has many gets a second one."""
    other, _secret = create_endpoint(
        organization_id=endpoint.organization_id,
        url=receiver.url,
        event_types=["verdict.final"],
    )
    many = [ping(endpoint).id for _ in range(9)]
    one = ping(other).id
    due = [
        delivery_id for _owner, delivery_id in selectors.due_everywhere(timezone.now())
    ]
    assert due == [many[0], one, *many[1:4]]


def test_what_was_handed_over_is_left_to_whoever_has_it(
    endpoint: WebhookEndpoint,
) -> None:
    """For a minute, then for longer: no queue fills with copies."""
    delivery = ping(endpoint)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        waits = []
        for _ in range(6):
            delivering.note_handed(
                organization_id=endpoint.organization_id, delivery_ids=[delivery.id]
            )
            delivery.refresh_from_db()
            assert delivery.handed_until is not None
            wait = delivery.handed_until - timezone.now()
            waits.append(round(wait.total_seconds() / 60))
            assert selectors.due_everywhere(timezone.now()) == []
            clock.shift(wait)
            assert len(selectors.due_everywhere(timezone.now())) == 1
    assert waits[0] == 1
    assert waits == sorted(waits)
    assert waits[-1] == 16
