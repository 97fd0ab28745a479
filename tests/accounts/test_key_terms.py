"""What a key may be used for, how it is replaced, and when it was used."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts import selectors
from accounts.models import ApiKey, Organization, User
from accounts.networks import is_within
from accounts.roles import OF_SECRET_KEY, ONLY_BY_NAME, Permission
from accounts.services.keys import (
    KeyTerms,
    create_key,
    note_use,
    revoke_key,
    rotate_key,
)
from common.errors import ConflictError, InvalidInputError, NotFoundError

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def make(organization: Organization, **terms: Any) -> ApiKey:
    """Make a secret key on some terms."""
    key, _text = create_key(
        organization_id=organization.id, kind="secret", terms=KeyTerms(**terms)
    )
    return key


def test_key_without_scopes_may_what_its_kind_may(organization: Organization) -> None:
    """And one with scopes may those."""
    assert make(organization).permissions == OF_SECRET_KEY - ONLY_BY_NAME
    named = make(organization, scopes=[one.value for one in ONLY_BY_NAME])
    assert named.permissions == ONLY_BY_NAME
    narrow = make(organization, scopes=["surveys.read", "surveys.read"])
    assert narrow.permissions == {Permission.SURVEYS_READ}
    assert narrow.scopes == ["surveys.read"]


def test_scope_that_is_no_more_allows_nothing(organization: Organization) -> None:
    """A row of an older release does not open what took its name's place."""
    key = make(organization)
    ApiKey.objects.update(scopes=["everything"])
    key.refresh_from_db()
    assert key.permissions == frozenset()


@pytest.mark.parametrize(
    "terms",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["members.edit"]},
        {"networks": ["nowhere"]},
        {"networks": ["10.0.0.0/33"]},
        {"networks": ["10.0.0.0/8\x00"]},
        {"networks": ["10.0.0.1"] * 51},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_impossible_terms_are_refused(
    organization: Organization, terms: dict[str, Any]
) -> None:
    """Keys open what programs need, and never people's doors."""
    with pytest.raises(InvalidInputError):
        make(organization, **terms)
    assert not ApiKey.objects.exists()


def test_publishable_key_only_opens_sessions(organization: Organization) -> None:
    """It stands in a page, for everyone to read."""
    with pytest.raises(InvalidInputError):
        create_key(
            organization_id=organization.id,
            kind="publishable",
            origins=["https://a.example"],
            terms=KeyTerms(scopes=["sessions.read"]),
        )


@pytest.mark.parametrize(
    ("address", "within"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("2001:db8::17", True),
        ("11.0.0.1", False),
        ("2001:db9::17", False),
        ("::ffff:11.1.2.3", False),
        ("10.1.2.3:4711", False),
        ("10.1.2.3, 10.1.2.4", False),
        ("0x0a000001", False),
        ("010.1.2.3", False),
        ("167772161", False),
        ("", False),
        ("unix:", False),
    ],
)
def test_addresses_are_read_to_the_letter(address: str, within: bool) -> None:  # noqa: FBT001 - pytest's own way
    """What is no address lies nowhere."""
    assert is_within(address, ["10.0.0.0/8", "2001:db8::/32"]) is within


def test_networks_are_kept_as_networks(organization: Organization) -> None:
    """An address within one stands for all of it."""
    key = make(organization, networks=["10.1.2.3/8", " 203.0.113.7", "10.0.0.0/8"])
    assert key.networks == ["10.0.0.0/8", "203.0.113.7/32"]


def test_last_use_is_written_once_a_minute(
    organization: Organization, django_assert_num_queries: Any
) -> None:
    """By one statement, and by none while the last one is fresh."""
    key = make(organization)
    now = timezone.now()
    with time_machine.travel(now, tick=False), django_assert_num_queries(1):
        note_use(key)
    key.refresh_from_db()
    assert key.last_used_at == now
    with time_machine.travel(now + timedelta(seconds=59)), django_assert_num_queries(0):
        note_use(key)
    with time_machine.travel(now + timedelta(seconds=61)):
        note_use(key)
    key.refresh_from_db()
    assert key.last_used_at > now + timedelta(seconds=60)


def test_late_writer_leaves_the_later_moment(organization: Organization) -> None:
    """Who read the row a minute ago does not write it again."""
    stale = make(organization)
    moment = timezone.now() - timedelta(seconds=5)
    ApiKey.objects.update(last_used_at=moment)
    note_use(stale)
    stale.refresh_from_db()
    assert stale.last_used_at == moment


def test_rotated_key_works_for_a_while(organization: Organization) -> None:
    """The new one has the same terms, and works at once."""
    user = User.objects.create_user("ada")
    old = make(organization, scopes=["surveys.read"], networks=["10.0.0.0/8"])
    ids = {"organization_id": organization.id, "key_id": old.id}
    new, text = rotate_key(**ids, overlap=HOUR, actor_id=user.id)
    old.refresh_from_db()
    assert (old.state, new.state, old.replaced_by) == ("active", "active", new)
    assert (new.scopes, new.networks) == (old.scopes, old.networks)
    assert (new.kind, new.is_test, new.created_by) == ("secret", False, user)
    assert selectors.key_of_text(text) == new
    with time_machine.travel(timezone.now() + HOUR + timedelta(seconds=1)):
        assert (old.state, new.state) == ("expired", "active")


def test_publishable_key_keeps_its_origins(organization: Organization) -> None:
    """Or the page would be refused with the new key."""
    origin = "https://a.example"
    old, _text = create_key(
        organization_id=organization.id,
        kind="publishable",
        origins=[origin],
        terms=KeyTerms(is_test=True),
    )
    new, text = rotate_key(organization_id=organization.id, key_id=old.id, overlap=HOUR)
    assert text.startswith("bf_pk_test_")
    assert [each.origin for each in new.origins.all()] == [origin]


def test_rotation_does_not_lengthen_a_life(organization: Organization) -> None:
    """A key that ends in a minute ends in a minute."""
    soon = timezone.now() + timedelta(minutes=1)
    old = make(organization, expires_at=soon)
    rotate_key(organization_id=organization.id, key_id=old.id, overlap=HOUR)
    old.refresh_from_db()
    assert old.expires_at == soon


def test_key_is_replaced_once(
    organization: Organization, stranger: Organization
) -> None:
    """A second new key would be one that nobody knows of."""
    old = make(organization)
    ids = {"organization_id": organization.id, "key_id": old.id}
    with pytest.raises(NotFoundError):
        rotate_key(organization_id=stranger.id, key_id=old.id, overlap=HOUR)
    with pytest.raises(InvalidInputError):
        rotate_key(**ids, overlap=timedelta(days=31))
    rotate_key(**ids, overlap=HOUR)
    with pytest.raises(ConflictError):
        rotate_key(**ids, overlap=HOUR)
    gone = make(organization)
    revoke_key(organization_id=organization.id, key_id=gone.id)
    with pytest.raises(ConflictError):
        rotate_key(organization_id=organization.id, key_id=gone.id, overlap=HOUR)


def test_revocation_says_who(organization: Organization) -> None:
    """The first one who did it."""
    user = User.objects.create_user("ada")
    key = make(organization)
    ids = {"organization_id": organization.id, "key_id": key.id}
    assert revoke_key(**ids, actor_id=user.id)
    assert not revoke_key(**ids)
    key.refresh_from_db()
    assert (key.state, key.revoked_by) == ("revoked", user)
