"""Acts are written with what they did, by whom, and with nothing that is private."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts import acting
from accounts.acting import ActorKind, address_class
from accounts.audit.declared import UndeclaredError, titles
from accounts.audit.record import record_act
from accounts.models import ApiKey, AuditRow, Membership, Organization, User
from accounts.services.invitations import invite
from accounts.services.keys import KeyTerms, create_key, revoke_key, rotate_key
from accounts.services.members import add_member, change_role, remove_member
from common import outbox
from common.models import OutboxRow
from detection.engine.requests.addresses import NamedRange
from detection.models import NetworkList
from detection.selectors.networks import address_book
from detection.services.networks import store_list
from sessions_app.facade import Survey
from sessions_app.services.surveys import change_survey
from tests.accounts.conftest import Enter
from tests.conftest import Caller

pytestmark = pytest.mark.django_db


def last(verb: str) -> AuditRow:
    """Return the newest entry of an act."""
    return AuditRow.objects.filter(verb=verb).latest("id")


def test_member_leaves_a_trail(organization: Organization) -> None:
    """Comes, changes, goes."""
    person = User.objects.create_user("ada")
    member = add_member(
        organization_id=organization.id, user_id=person.id, role="viewer"
    )
    ours = {"organization_id": organization.id, "membership_id": member.id}
    change_role(**ours, role="analyst", may_publish=True)
    change_role(**ours, role="analyst", may_publish=True)
    remove_member(**ours)
    changed = AuditRow.objects.filter(verb="member.changed")
    assert [row.difference for row in changed] == [
        {"role": ["viewer", "analyst"], "may_publish": [False, True]}
    ]
    assert last("member.added").difference["user_id"] == [None, str(person.id)]
    assert last("member.removed").difference["role"] == ["analyst", None]
    assert {
        row.organization_id for row in AuditRow.objects.filter(target_id=member.id)
    } == {organization.id}


def test_addresses_and_secrets_are_no_part_of_it(organization: Organization) -> None:
    """That they are there is all that is kept."""
    invite(organization_id=organization.id, email="bob@survey.example", role="viewer")
    key, text = create_key(
        organization_id=organization.id,
        kind="secret",
        terms=KeyTerms(("sessions.read",)),
    )
    assert last("invitation.sent").difference["email"] is None
    created = last("key.created")
    assert created.target_id == str(key.id)
    assert created.difference["scopes"] == [None, ["sessions.read"]]
    everything = str(list(AuditRow.objects.values()))
    assert "bob@survey" not in everything
    assert text not in everything


def test_key_leaves_a_trail(organization: Organization) -> None:
    """Replaced and revoked, with the moments."""
    key, _text = create_key(organization_id=organization.id, kind="secret")
    made, _text = rotate_key(
        organization_id=organization.id,
        key_id=key.id,
        overlap=timedelta(hours=1),
    )
    assert last("key.replaced").difference["replaced_by_id"] == [None, str(made.id)]
    assert revoke_key(organization_id=organization.id, key_id=key.id)
    assert not revoke_key(organization_id=organization.id, key_id=key.id)
    assert AuditRow.objects.filter(verb="key.revoked").count() == 1


def test_policy_leaves_its_difference(survey: Survey) -> None:
    """What is saved unchanged leaves nothing."""
    ours = {"organization_id": survey.organization_id, "survey_id": survey.id}
    change_survey(**ours, bot_action="review", families_off=["network"])
    change_survey(**ours, bot_action="review")
    (row,) = AuditRow.objects.filter(verb="survey.changed")
    assert row.difference == {
        "bot_action": ["block", "review"],
        "families_off": [[], ["network"]],
    }


def test_act_is_undone_with_its_transaction(organization: Organization) -> None:
    """Never one without the other."""
    before = AuditRow.objects.count()
    with transaction.atomic():
        create_key(organization_id=organization.id, kind="secret")
        transaction.set_rollback(True)
    assert AuditRow.objects.count() == before
    assert ApiKey.objects.count() == 0


def test_undeclared_act_is_refused(organization: Organization) -> None:
    """Nobody would know what may be shown of it."""
    with pytest.raises(UndeclaredError, match=r"no\.such"):
        record_act("no.such", target=organization)


def test_every_act_has_a_name() -> None:
    """The list shows it in place of its code."""
    assert all(str(title) and str(title) != verb for verb, title in titles().items())


def test_key_is_the_actor_of_a_call(server: Caller, organization: Organization) -> None:
    """With the request's id, and the class of the address alone."""
    answer = server.post("surveys", {"name": "By key"})
    row = last("survey.created")
    assert answer.status_code == 201
    assert row.actor_kind == ActorKind.SECRET_KEY
    assert row.key_id == ApiKey.objects.get(kind="secret").id
    assert row.request_id == answer["X-Request-ID"]
    assert row.address_class == "loopback"
    assert row.organization_id == organization.id


def test_person_is_the_actor_in_the_console(enter: Enter) -> None:
    """Signed in, and with what they changed there."""
    client = enter("owner", may_publish=True)
    person = User.objects.get(username="our-owner")
    client.post(
        "/admin/accounts/invitation/add/",
        {
            "organization": str(place_of(person)),
            "email": "bob@survey.example",
            "role": "viewer",
        },
    )
    row = last("invitation.sent")
    assert (row.actor_kind, row.user_id) == (ActorKind.USER, person.id)
    assert last("signed_in").target_id == str(person.id)


def place_of(person: User) -> UUID:
    """Return where somebody works."""
    found: UUID = Membership.objects.get(user=person).organization_id
    return found


def test_nobody_is_left_behind(server: Caller, survey: Survey) -> None:
    """The next request of the thread begins with nobody."""
    server.post("surveys", {"name": "By key"})
    assert acting.current() == acting.NOBODY


def test_task_is_the_actor_of_what_it_does(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever ran it in the same thread is themselves again."""

    def handler(*, organization_id: UUID | None, key: str) -> None:
        record_act("invitation.withdrawn", target=organization)

    monkeypatch.setitem(outbox._handlers, "test", handler)
    row = OutboxRow.objects.create(topic="test", key="a")
    someone = acting.Actor(ActorKind.USER)
    with acting.acting(someone):
        outbox.nudge(row.id)
        assert acting.current() == someone
    written = last("invitation.withdrawn")
    assert written.actor_kind == ActorKind.TASK
    assert written.actor_name.startswith("outbox.")


def test_revived_work_is_written_down() -> None:
    """By whoever revived it."""
    row = OutboxRow.objects.create(topic="test", key="a", dead_at=timezone.now())
    assert outbox.send_again(row.id)
    assert last("outbox.sent_again").difference == {"topic": [None, "test"]}


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("10.1.2.3", "private"),
        ("fe80::1", "private"),
        ("8.8.8.8", "public"),
        ("", "unknown"),
        ("203.0.113.7:4711", "unknown"),
        ("nonsense\x00", "unknown"),
    ],
)
def test_address_is_told_by_its_class(address: str, named: str) -> None:
    """Itself it is kept nowhere."""
    assert address_class(address) == named


def test_listed_address_is_told_by_its_list() -> None:
    """Lists come from above."""
    start = int.from_bytes(bytes([8, 8, 8, 0]))
    store_list(
        address_class="vpn",
        source="test",
        licence="none",
        ranges=[NamedRange(4, start, start + 255)],
    )
    address_book.forget()
    assert address_class("8.8.8.8") == "vpn"
    NetworkList.objects.all().delete()
    address_book.forget()


def test_sign_in_and_out_of_a_visitor() -> None:
    """A name that nobody has is refused, and nobody is named."""
    Client().post("/admin/login/", {"username": "nobody", "password": "x"})
    row: Any = last("sign_in.refused")
    assert (row.outcome, row.actor_kind) == ("refused", ActorKind.NOBODY)
    assert row.address_class == "loopback"
    assert "nobody" not in str(row.difference)
