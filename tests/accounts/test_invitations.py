"""Invitations: a link, once, for a while."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import selectors
from accounts.models import Invitation, Membership, Organization, User
from accounts.services.invitations import (
    LIFE,
    invitation_of,
    invite,
    withdraw_invitation,
    write_letter,
)
from accounts.services.members import add_member
from common.errors import InvalidInputError, LimitReachedError, NotFoundError
from tests.accounts.test_getting_in import deliver, link_in

pytestmark = pytest.mark.django_db

ACCEPT = "/admin/invitation/"
NEW: dict[str, Any] = {
    "username": "grace",
    "password": "correct horse battery staple",
    "again": "correct horse battery staple",
}


def link_for(organization: Organization, **more: Any) -> str:
    """Invite somebody, and return what the letter says."""
    sent = {"email": "grace@survey.example", "role": "analyst", **more}
    invite(organization_id=organization.id, **sent)
    deliver()
    return link_in(mail.outbox[-1])


def test_invited_person_gets_an_account(organization: Organization) -> None:
    """With the role that was meant, and is in at once."""
    link = link_for(organization, may_publish=True)
    client = Client()
    assert client.get(link)["Location"] == ACCEPT
    assert "Work with Ours" in client.get(ACCEPT).content.decode()
    assert client.post(ACCEPT, NEW)["Location"] == "/admin/"
    member = Membership.objects.get()
    assert (member.user.username, member.role) == ("grace", "analyst")
    assert member.user.email == "grace@survey.example"
    assert member.may_publish
    assert not member.user.is_staff
    assert client.get("/admin/").status_code == 200
    assert selectors.invitations(organization_id=organization.id).get().state == (
        "accepted"
    )


def test_link_works_once(organization: Organization) -> None:
    """Also for who opened it before somebody else used it."""
    link = link_for(organization)
    late = Client()
    late.get(link)
    first = Client()
    first.get(link)
    first.post(ACCEPT, NEW)
    answer = late.post(ACCEPT, {**NEW, "username": "mallory"})
    assert answer.status_code == 404
    assert Client().get(link).status_code == 404
    assert [user.username for user in User.objects.all()] == ["grace"]


def test_who_has_an_account_joins_with_it(
    organization: Organization, stranger: Organization
) -> None:
    """And works in the new organization at once."""
    grace = User.objects.create_user("grace")
    add_member(organization_id=stranger.id, user_id=grace.id, role="viewer")
    client = Client()
    client.force_login(grace)
    client.get(link_for(organization))
    assert "signed in as grace" in client.get(ACCEPT).content.decode()
    assert client.post(ACCEPT)["Location"] == "/admin/"
    assert client.session["organization_id"] == str(organization.id)
    again = link_for(organization)
    client.get(again)
    assert "member already" in client.post(ACCEPT).content.decode()


@pytest.mark.parametrize(
    "body",
    [
        {**NEW, "again": "another"},
        {**NEW, "password": "12345678", "again": "12345678"},
        {**NEW, "password": "grace", "again": "grace"},
        {**NEW, "username": ""},
        {**NEW, "username": "a\x00b"},
        {**NEW, "username": "x" * 151},
        {**NEW, "username": "taken"},
        {**NEW, "username": "taken", "is_superuser": "on", "is_staff": "on"},
        {},
    ],
)
def test_wrong_form_makes_nobody(organization: Organization, body: Any) -> None:
    """And the link is still good."""
    User.objects.create_user("taken")
    link = link_for(organization)
    client = Client()
    client.get(link)
    assert client.post(ACCEPT, body).status_code == 200
    assert User.objects.count() == 1
    assert Client().get(link).status_code == 302


def test_link_ends(organization: Organization) -> None:
    """After a week, or when it is withdrawn, or when another one is sent."""
    first = link_for(organization)
    second = link_for(organization, email="GRACE@survey.example")
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 302
    with time_machine.travel(timezone.now() + LIFE + timedelta(seconds=1)):
        assert Client().get(second).status_code == 404
    newest = Invitation.objects.latest("id")
    withdraw_invitation(organization_id=organization.id, invitation_id=newest.id)
    assert Client().get(second).status_code == 404


def test_letter_that_is_sent_again_has_the_only_link(
    organization: Organization,
) -> None:
    """A worker that is killed after sending sends once more."""
    made = invite(
        organization_id=organization.id, email="grace@survey.example", role="viewer"
    )
    ids = {"organization_id": organization.id, "invitation_id": made.id}
    first, second = write_letter(**ids), write_letter(**ids)
    assert first is not None
    assert second is not None
    assert invitation_of(first.token) is None
    assert invitation_of(second.token) == made


def test_only_a_digest_is_kept(organization: Organization) -> None:
    """A stolen table makes nobody a member."""
    link = link_for(organization)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(Invitation.objects.values().get())


def test_name_of_an_organization_is_no_header(organization: Organization) -> None:
    """Whatever somebody called it."""
    Organization.objects.update(name="Ours\r\nBcc: everyone@survey.example")
    link_for(organization)
    (letter,) = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == ["grace@survey.example"]


def test_impossible_invitations_are_not_made(
    organization: Organization, stranger: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By role, by number, and by whose they are."""
    with pytest.raises(InvalidInputError):
        link_for(organization, role="king")
    with pytest.raises(InvalidInputError):
        link_for(organization, role="viewer", may_publish=True)
    link_for(organization)
    made = Invitation.objects.get()
    with pytest.raises(NotFoundError):
        withdraw_invitation(organization_id=stranger.id, invitation_id=made.id)
    monkeypatch.setattr("accounts.services.invitations.MOST_OPEN", 1)
    with pytest.raises(LimitReachedError):
        link_for(organization, email="another@survey.example")
    monkeypatch.setattr("accounts.services.invitations.MOST_A_DAY", 1)
    with pytest.raises(LimitReachedError):
        link_for(organization)
