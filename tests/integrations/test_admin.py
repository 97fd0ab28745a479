"""Webhooks in the console: made, shown once, tested, replaced, sent again."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from accounts.services.members import add_member
from integrations import sending
from integrations.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from integrations.services.endpoints import create_endpoint
from integrations.services.publishing import send_test

pytestmark = pytest.mark.django_db

URL: Final = "https://survey.example/hook?token=k7Qz"


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is public but one name."""
    found = {"inside.example": ["10.0.0.1"]}
    monkeypatch.setattr(
        sending, "resolve", lambda host, _port: found.get(host, ["93.184.216.34"])
    )


@pytest.fixture
def owner(organization: Organization) -> Client:
    """An owner of ours in the console."""
    person = User.objects.create_user("ada")
    add_member(organization_id=organization.id, user_id=person.id, role="owner")
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def hook(organization: Organization) -> WebhookEndpoint:
    """An endpoint of ours."""
    made, _secret = create_endpoint(
        organization_id=organization.id, url=URL, event_types=["verdict.final"]
    )
    return made


def page(name: str, *args: Any) -> str:
    """Return a page's address."""
    return reverse(f"admin:integrations_{name}", args=args)


def text_of(answer: Any) -> str:
    """Return what somebody reads."""
    content: bytes = answer.content
    return content.decode()


def act(owner: Client, name: str, action: str, *ids: Any) -> str:
    """Do something with chosen rows; return the page that follows."""
    sent = {"action": action, "_selected_action": [str(one) for one in ids]}
    return text_of(owner.post(page(f"{name}_changelist"), sent, follow=True))


def test_new_endpoint_shows_its_secret_once(
    owner: Client, organization: Organization
) -> None:
    """On a page that no cache keeps."""
    sent = {
        "organization": str(organization.id),
        "url": URL,
        "description": "Production",
        "event_types": ["verdict.final"],
    }
    answer = owner.post(page("webhookendpoint_add"), sent)
    endpoint = WebhookEndpoint.objects.get()
    (key,) = endpoint.keys_at(timezone.now())
    assert key in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert key not in text_of(owner.get(page("webhookendpoint_change", endpoint.id)))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "https://inside.example/"}, "not public"),
        ({"url": "http://survey.example/"}, "https only"),
        ({"event_types": []}, "required"),
    ],
)
def test_form_says_what_is_wrong(
    owner: Client, organization: Organization, fields: dict[str, Any], reason: str
) -> None:
    """Beside the field."""
    sent = {
        "organization": str(organization.id),
        "url": URL,
        "event_types": ["verdict.final"],
    }
    answer = owner.post(page("webhookendpoint_add"), {**sent, **fields})
    assert reason in text_of(answer)
    assert not WebhookEndpoint.objects.exists()


def test_endpoint_is_changed_by_the_service(
    owner: Client, hook: WebhookEndpoint
) -> None:
    """Another URL begins with a clean slate."""
    WebhookEndpoint.objects.update(failures=7)
    sent = {
        "url": "https://other.example",
        "description": "Other",
        "event_types": ["session.completed"],
    }
    answer = owner.post(page("webhookendpoint_change", hook.id), sent)
    assert answer.status_code == 302, text_of(answer)
    hook.refresh_from_db()
    assert (hook.url, hook.failures) == ("https://other.example/", 0)
    assert hook.event_types == ["session.completed"]


def test_list_shows_how_it_fares_and_hides_the_query(
    owner: Client, hook: WebhookEndpoint
) -> None:
    """One of two attempts failed."""
    delivery = send_test(organization_id=hook.organization_id, endpoint_id=hook.id)
    for error in ("", "timeout"):
        WebhookAttempt.objects.create(
            organization_id=hook.organization_id,
            endpoint=hook,
            delivery=delivery,
            number=1,
            error=error,
            duration_ms=5,
        )
    shown = text_of(owner.get(page("webhookendpoint_changelist")))
    assert "50.0 % of 2" in shown
    assert "k7Qz" not in shown


def test_empty_lists_say_what_to_do(owner: Client) -> None:
    """Both of them."""
    assert "send it a test" in text_of(owner.get(page("webhookendpoint_changelist")))
    assert "Each message" in text_of(owner.get(page("webhookdelivery_changelist")))


def test_actions_switch_and_test(owner: Client, hook: WebhookEndpoint) -> None:
    """A disabled one is not tested, and it is said why."""
    act(owner, "webhookendpoint", "disable", hook.id)
    hook.refresh_from_db()
    assert hook.state == "disabled"
    assert "Enable it first" in act(owner, "webhookendpoint", "test", hook.id)
    act(owner, "webhookendpoint", "enable", hook.id)
    assert "on its way" in act(owner, "webhookendpoint", "test", hook.id)
    assert WebhookDelivery.objects.count() == 1


def test_pages_of_one_endpoint(owner: Client, hook: WebhookEndpoint) -> None:
    """Asking changes nothing; sending the form does."""
    (old,) = hook.keys_at(timezone.now())
    base = page("webhookendpoint_changelist") + f"{hook.id}"
    for name in ("test", "secret", "again"):
        assert owner.get(f"{base}/{name}/").status_code == 200
    hook.refresh_from_db()
    assert hook.keys_at(timezone.now()) == [old]
    assert not WebhookDelivery.objects.exists()
    owner.post(f"{base}/test/", {})
    WebhookDelivery.objects.update(state="failed")
    answer = owner.post(f"{base}/secret/", {"overlap": "3600"})
    hook.refresh_from_db()
    new = hook.keys_at(timezone.now())[0]
    assert new != old
    assert new in text_of(answer)
    assert old not in text_of(answer)
    said = owner.post(f"{base}/again/", {"period": "3600"}, follow=True)
    assert "1 message is sent again" in text_of(said)
    assert WebhookDelivery.objects.get().state == "waiting"


def test_log_shows_answers_escaped_and_sends_again(
    owner: Client, hook: WebhookEndpoint
) -> None:
    """A receiver's words are somebody else's."""
    delivery = send_test(organization_id=hook.organization_id, endpoint_id=hook.id)
    WebhookDelivery.objects.update(state="exhausted", error="status", status_code=500)
    WebhookAttempt.objects.create(
        organization_id=hook.organization_id,
        endpoint=hook,
        delivery=delivery,
        number=1,
        status_code=500,
        error="status",
        duration_ms=1_234,
        response_start="<script>alert(1)</script>",
    )
    shown = text_of(owner.get(page("webhookdelivery_change", delivery.id)))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
    assert "did not answer with success" in shown
    assert "Given up" in shown
    assert "&#x27;exhausted" not in shown
    listed = page("webhookdelivery_changelist")
    for query, count in (
        ("?state=exhausted&event=test.ping", 1),
        (f"?endpoint={hook.id}", 1),
        ("?state=waiting", 0),
        ("?event=verdict.final", 0),
        ("?state=strange", 1),
    ):
        found = text_of(owner.get(listed + query))
        assert ("did not answer with success" in found) == bool(count), query
    assert "is sent again" in act(owner, "webhookdelivery", "replay", delivery.id)
    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_endpoint_is_removed_with_its_log(owner: Client, hook: WebhookEndpoint) -> None:
    """One page asks, and names it."""
    send_test(organization_id=hook.organization_id, endpoint_id=hook.id)
    address = page("webhookendpoint_delete", hook.id)
    assert owner.get(address).status_code == 200
    owner.post(address, {"post": "yes"})
    assert not WebhookEndpoint.objects.exists()
    assert not WebhookDelivery.objects.exists()
