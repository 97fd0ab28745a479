"""What two do at the same moment: one of them does it."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import ApiKey, Membership, Organization, TokenFamily, User
from accounts.services.invitations import accept, invite, write_letter
from accounts.services.keys import create_key, note_use, rotate_key
from accounts.services.members import add_member
from accounts.services.signing_in import begin, renew
from common.errors import BonafideError

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*doings: Callable[[], object]) -> list[str]:
    """Do all of them at the same moment; return the codes of what was refused."""
    barrier, refused = threading.Barrier(len(doings)), []

    def run(doing: Callable[[], object]) -> None:
        barrier.wait()
        try:
            doing()
        except BonafideError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[doing]) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_refresh_token_is_used_up_by_one(organization: Organization) -> None:
    """The other one shows a token that was used: the family ends."""
    person = User.objects.create_user("ada")
    member = add_member(
        organization_id=organization.id, user_id=person.id, role="viewer"
    )
    refresh = begin(membership=member).refresh
    refused = at_once(*[lambda: renew(refresh=refresh)] * 2)
    assert refused == ["refresh_refused"]
    assert TokenFamily.objects.get().revoked_at is not None


def test_key_is_replaced_by_one(organization: Organization) -> None:
    """There is no second new key that nobody knows of."""
    key, _text = create_key(organization_id=organization.id, kind="secret")

    def replace() -> None:
        rotate_key(organization_id=organization.id, key_id=key.id, overlap=timedelta(0))

    assert at_once(replace, replace) == ["key_not_active"]
    assert ApiKey.objects.count() == 2


def test_invitation_is_accepted_by_one(organization: Organization) -> None:
    """A link that two people have makes one a member."""
    made = invite(
        organization_id=organization.id, email="g@survey.example", role="viewer"
    )
    letter = write_letter(organization_id=organization.id, invitation_id=made.id)
    assert letter is not None
    ids = [User.objects.create_user(name).id for name in ("ada", "grace")]
    refused = at_once(
        *[lambda who=who: accept(token=letter.token, user_id=who) for who in ids]
    )
    assert refused == ["not_found"]
    assert Membership.objects.count() == 1


def test_use_that_many_note_is_written(organization: Organization) -> None:
    """Nobody fails, and the moment stands there."""
    key, _text = create_key(organization_id=organization.id, kind="secret")
    assert at_once(*[lambda: note_use(key)] * 4) == []
    key.refresh_from_db()
    assert key.last_used_at is not None
