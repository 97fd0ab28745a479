"""Members, invitations and keys over HTTP: who may, and what others see of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ApiKey, Invitation, Membership, Organization
from accounts.services.keys import create_key
from tests.accounts.api.conftest import Join, SignIn, anyone
from tests.conftest import Caller

pytestmark = pytest.mark.django_db

NOBODYS = "0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f"


@pytest.fixture
def places(organization: Organization, join: Join, server: Caller) -> dict[str, Any]:
    """Return the ids of what is ours."""
    ApiKey.objects.update(scopes=["surveys.read"])
    invited = Invitation.objects.create(
        organization=organization,
        email="grace@survey.example",
        role="viewer",
        expires_at=timezone.now() + timedelta(days=1),
    )
    return {
        "other": join("other", "viewer").id,
        "key": ApiKey.objects.get().id,
        "invited": invited.id,
    }


def test_who_lacks_a_permission_is_told_which(join: Join, sign_in: SignIn) -> None:
    """So that they can ask an owner for it."""
    refused = sign_in(join("ada", "viewer")).get("keys")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert "keys.read" in refused.json()["detail"]


def test_lists_hold_ones_own(
    places: dict[str, Any], join: Join, sign_in: SignIn, stranger: Organization
) -> None:
    """The control: our owner sees what the other one does not."""
    ours = sign_in(join("ada", "owner"))
    theirs = sign_in(join("mallory", "owner", stranger))
    for path, of_ours in (("members", 2), ("keys", 1), ("invitations", 1)):
        assert len(ours.get(path).json()["results"]) == of_ours
    assert len(theirs.get("members").json()["results"]) == 1
    assert theirs.get("keys").json()["results"] == []
    assert theirs.get("invitations").json()["results"] == []


def test_admin_makes_and_ends_no_owner(join: Join, sign_in: SignIn) -> None:
    """They would be one by asking; an owner may."""
    owner, member = join("ada", "owner"), join("grace", "viewer")
    admin = sign_in(join("mallory", "admin"))
    up = {"role": "owner"}
    refused = [
        admin.patch(f"members/{member.id}", up),
        admin.patch(f"members/{owner.id}", {"role": "viewer"}),
        admin("DELETE", f"members/{owner.id}"),
        admin.post("invitations", {"email": "m@survey.example", "role": "owner"}),
    ]
    assert {answer.status_code for answer in refused} == {403}
    raised = sign_in(owner).patch(f"members/{member.id}", up)
    assert (raised.status_code, raised.json()["role"]) == (200, "owner")


def test_nobody_trusts_themselves_with_publishing(
    join: Join, sign_in: SignIn, organization: Organization
) -> None:
    """Neither by their own membership, nor by another's, nor by a key."""
    mallory, other = join("mallory", "admin"), join("other", "analyst")
    _key, _text = create_key(organization_id=organization.id, kind="secret")
    admin, owner = sign_in(mallory), sign_in(join("ada", "owner"))
    trust = {"may_publish": True}
    invitation = {"email": "m@survey.example", "role": "analyst", **trust}
    calls: list[tuple[str, str, Any]] = [
        ("PATCH", f"members/{mallory.id}", trust),
        ("PATCH", f"members/{other.id}", trust),
        ("POST", "invitations", invitation),
        ("POST", "keys", {"kind": "secret"}),
        ("POST", "keys", {"kind": "secret", "scopes": ["policy.publish"]}),
        ("POST", f"keys/{ApiKey.objects.get().id}/rotate", {}),
    ]
    assert {admin(*call).status_code for call in calls} == {403}
    assert {owner(*call).status_code for call in calls} == {200, 201}


def test_last_owner_is_kept(join: Join, sign_in: SignIn) -> None:
    """Also from themselves."""
    owner = join("ada", "owner")
    answer = sign_in(owner)("DELETE", f"members/{owner.id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert Membership.objects.filter(id=owner.id).exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("members/{id}", {"organization": "x"}),
        ("members/{id}", {"user": "x"}),
        ("members/{id}", {"version": 1}),
        ("members/{id}", {"is_staff": True}),
        ("members/{id}", {"role": "king"}),
        ("members/{id}", {"role": None}),
        ("members/{id}", {"role": "viewer", "may_publish": True}),
        ("members/{id}", []),
    ],
)
def test_nothing_else_can_be_written(
    join: Join, sign_in: SignIn, path: str, body: Any
) -> None:
    """A field that nobody reads is refused, and so is a role that there is not."""
    owner, member = join("ada", "owner"), join("grace", "analyst")
    before = Membership.objects.values().get(id=member.id)
    answer = sign_in(owner).patch(path.format(id=member.id), body)
    assert answer.status_code == 400
    assert Membership.objects.values().get(id=member.id) == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/kind"),
        ({"kind": "magic"}, "/kind"),
        ({"kind": "publishable"}, "/origins"),
        ({"kind": "secret", "origins": ["https://a.example"]}, "/origins"),
        ({"kind": "secret", "scopes": []}, "/scopes"),
        ({"kind": "secret", "scopes": ["members.edit"]}, "/scopes/0"),
        ({"kind": "secret", "networks": ["nowhere"]}, "/networks"),
        ({"kind": "secret", "networks": ["10.0.0.1"] * 51}, "/networks"),
        ({"kind": "secret", "expires_at": "1969-12-31T23:59:59Z"}, "/expires_at"),
        ({"kind": "secret", "expires_at": "9999-12-31T23:59:60Z"}, "/expires_at"),
        ({"kind": "secret", "name": "a\nb"}, "/name"),
        ({"kind": "secret", "name": "x" * 121}, "/name"),
        ({"kind": "secret", "digest": "0"}, "/digest"),
        ({"kind": "secret", "organization_id": NOBODYS}, "/organization_id"),
    ],
)
def test_wrong_key_is_not_made(
    join: Join, sign_in: SignIn, body: dict[str, Any], pointer: str
) -> None:
    """And the field is named."""
    answer = sign_in(join("ada", "owner")).post("keys", body)
    assert answer.status_code == 400, answer.content
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert not ApiKey.objects.exists()


def test_key_is_answered_once(join: Join, sign_in: SignIn) -> None:
    """And works; what is read later has its prefix."""
    caller = sign_in(join("ada", "owner"))
    made = caller.post("keys", {"kind": "secret", "scopes": ["surveys.read"]})
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    text = made.json()["key"]
    assert Caller(text).get("surveys").status_code == 200
    seen = caller.get(f"keys/{made.json()['id']}").json()
    assert text not in str(seen)
    assert (seen["scopes"], seen["state"]) == (["surveys.read"], "active")
    assert seen["last_used_at"]


def test_key_is_replaced_and_revoked(
    join: Join, sign_in: SignIn, server: Caller
) -> None:
    """The old one works beside the new one until it is ended."""
    caller = sign_in(join("ada", "owner"))
    old = ApiKey.objects.get().id
    new = caller.post(f"keys/{old}/rotate", {"overlap_s": 60})
    assert new.status_code == 201
    assert server.get("surveys").status_code == 200
    assert Caller(new.json()["key"]).get("surveys").status_code == 200
    assert caller.post(f"keys/{old}/rotate", {}).status_code == 409
    assert caller("DELETE", f"keys/{old}").status_code == 204
    assert caller("DELETE", f"keys/{old}").status_code == 204
    refused = server.get("surveys")
    assert (refused.status_code, refused.json()["code"]) == (401, "key_revoked")


def test_invitation_does_not_tell_who_has_an_account(
    join: Join, sign_in: SignIn, stranger: Organization
) -> None:
    """An address of somebody elsewhere is like any other."""
    join("mallory", "owner", stranger)
    caller = sign_in(join("ada", "owner"))
    answers = [
        caller.post("invitations", {"email": f"{name}@survey.example", "role": "admin"})
        for name in ("mallory", "nobody")
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert set(answers[0].json()) == set(answers[1].json())
    assert "digest" not in answers[0].json()


def test_lists_take_a_fixed_number_of_queries(
    join: Join, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    """More rows do not mean more queries."""
    caller = sign_in(join("ada", "owner"))
    for n in range(5):
        join(f"member{n}", "viewer")
        caller.post("keys", {"kind": "publishable", "origins": ["https://a.example"]})
    with django_assert_num_queries(2):
        caller.get("members")
    with django_assert_num_queries(3):
        caller.get("keys")


@pytest.mark.parametrize(
    "path",
    ["members", "keys", "invitations", "auth/me", f"keys/{NOBODYS}", "auth/token"],
)
def test_wrong_method_and_no_token_are_told_apart(
    join: Join, sign_in: SignIn, path: str
) -> None:
    """405 for who may call, 401 for who has shown nothing."""
    assert sign_in(join("ada", "owner"))("PUT", path, {}).status_code == 405
    expected = 405 if path == "auth/token" else 401
    assert anyone()("PUT", path, {}).status_code == expected


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "keys"),
        ("POST", "keys/{key}/rotate"),
        ("POST", "invitations"),
        ("PATCH", "members/{other}"),
    ],
)
@pytest.mark.parametrize(
    "raw",
    [
        b"null",
        b"[]",
        b'"x"',
        b'{"kind": ',
        b'{"kind": "secret", "kind": "secret"}',
        b'{"kind": "secret", "name": "\\u0000", "email": "\\u0000", "role": "\\u0000"}',
        b'{"overlap_s": 1e400, "role": NaN}',
        b'{"overlap_s": 9223372036854775808, "role": {}, "kind": 1}',
        b'{"overlap_s": -1, "role": "admin\\ud800", "kind": "\\ud800"}',
        b'{"__proto__": {"role": "owner"}}',
        b"[" * 10_000,
    ],
)
def test_bad_bodies_are_told_so(
    places: dict[str, Any],
    join: Join,
    sign_in: SignIn,
    method: str,
    path: str,
    raw: bytes,
) -> None:
    """With 400 and a problem document, and nothing is written."""
    caller = sign_in(join("ada", "owner"))
    before = ApiKey.objects.count(), Invitation.objects.count()
    answer = caller(method, path.format(**places), raw=raw)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert (ApiKey.objects.count(), Invitation.objects.count()) == before
