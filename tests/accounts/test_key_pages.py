"""Keys in the admin: shown once, revoked at once, never changed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, KeyOrigin, Organization, User
from tests.conftest import Caller

pytestmark = pytest.mark.django_db

ADD = "/admin/accounts/apikey/add/"


@pytest.fixture
def staff(db: None) -> Client:
    """Sign in as someone who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    return client


def make(staff: Client, organization: Organization, **fields: str) -> Any:
    """Send the form of a new key."""
    sent = {"organization": str(organization.id), "kind": "secret", "name": "Server"}
    return staff.post(ADD, {**sent, **fields})


def text_of(answer: Any) -> str:
    """Return the key that the page shows."""
    text: str = answer.context_data["text"]
    assert text in answer.content.decode()
    return text


def test_new_key_is_shown_once_and_works(
    staff: Client, organization: Organization
) -> None:
    """No cache keeps the page, and no other page has the key."""
    answer = make(staff, organization)
    text = text_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert Caller(text).get("surveys").status_code == 200
    key = ApiKey.objects.get()
    assert text not in f"{key.digest}{key.public_text}"
    page = staff.get(reverse("admin:accounts_apikey_change", args=[key.id]))
    assert text not in page.content.decode()
    assert key.prefix in page.content.decode()


def test_publishable_key_has_its_origins(
    staff: Client, organization: Organization
) -> None:
    """One a line, as browsers write them."""
    origins = "https://Survey.example/\nhttp://localhost:8000\n"
    text_of(make(staff, organization, kind="publishable", origins=origins))
    kept = set(KeyOrigin.objects.values_list("origin", flat=True))
    assert kept == {"https://survey.example", "http://localhost:8000"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "publishable"}, "names its origins"),
        ({"origins": "https://survey.example"}, "has no origins"),
        ({"kind": "publishable", "origins": "survey"}, "looks like https://"),
        ({"networks": "the office"}, "looks like 203.0.113.0/24"),
        ({"expires_at_0": "2020-01-01", "expires_at_1": "0:00"}, "is past"),
        (
            {
                "kind": "publishable",
                "origins": "https://survey.example",
                "scopes": "surveys.read",
            },
            "cannot have the scope",
        ),
    ],
)
def test_wrong_form_makes_no_key(
    staff: Client, organization: Organization, fields: dict[str, str], reason: str
) -> None:
    """The reason stands beside the field."""
    answer = make(staff, organization, **fields)
    assert reason in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_key_cannot_be_changed(staff: Client, organization: Organization) -> None:
    """Only made, and ended."""
    make(staff, organization)
    key = ApiKey.objects.get()
    address = reverse("admin:accounts_apikey_change", args=[key.id])
    assert staff.post(address, {"name": "Mine"}).status_code == 403


def test_revoked_key_opens_nothing(staff: Client, organization: Organization) -> None:
    """From the moment the action runs."""
    text = text_of(make(staff, organization))
    chosen = {"action": "revoke", "_selected_action": [str(ApiKey.objects.get().id)]}
    answer = staff.post("/admin/accounts/apikey/", chosen, follow=True)
    assert "1 key was revoked." in answer.content.decode()
    assert Caller(text).get("surveys").status_code == 401
    assert ApiKey.objects.get().revoked_by == User.objects.get()


def test_key_has_the_terms_that_were_asked_for(
    staff: Client, organization: Organization
) -> None:
    """Scopes, networks and an end; nothing chosen leaves them open."""
    make(staff, organization)
    key = ApiKey.objects.get()
    assert (key.scopes, key.networks, key.expires_at) == (None, None, None)
    assert key.created_by == User.objects.get()
    terms: Any = {"scopes": ["surveys.read"], "networks": "10.0.0.0/8\n203.0.113.7"}
    end = {"expires_at_0": "2199-12-31", "expires_at_1": "12:00", "is_test": "on"}
    make(staff, organization, **terms, **end)
    key = ApiKey.objects.latest("id")
    assert key.scopes == ["surveys.read"]
    assert key.networks == ["10.0.0.0/8", "203.0.113.7/32"]
    assert (key.expires_at and key.expires_at.year, key.is_test) == (2199, True)


def test_key_is_replaced_with_an_overlap(
    staff: Client, organization: Organization
) -> None:
    """The new one is shown once; a second replacement is refused."""
    old = text_of(make(staff, organization))
    address = f"/admin/accounts/apikey/{ApiKey.objects.get().id}/replace/"
    assert staff.get(address).status_code == 200
    answer = staff.post(address, {"overlap": "3600"})
    new = text_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert Caller(old).get("surveys").status_code == 200
    assert Caller(new).get("surveys").status_code == 200
    again = staff.post(address, {"overlap": "0"})
    assert "was replaced before" in again.content.decode()
    assert ApiKey.objects.count() == 2


def test_who_may_only_look_makes_no_key(organization: Organization) -> None:
    """Staff without the right are refused."""
    client = Client()
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert make(client, organization).status_code == 403
    assert not ApiKey.objects.exists()
