"""Invitations: a link that makes whoever opens it a member, once."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import outbox
from common.encryption.blind_index import index_of
from common.errors import (
    ConflictError,
    FieldError,
    InvalidInputError,
    LimitReachedError,
    NotFoundError,
)
from common.tenancy import scope

from .. import selectors
from ..audit.record import record_act
from ..models import Invitation, InvitationState, Membership, User
from .members import add_member, check_role

INVITED: Final = "invitation.made"
# Over a weekend and a holiday; a link that lies in a mailbox for long is found there.
LIFE: Final = timedelta(days=7)
# Letters cost others their time: nobody has more colleagues who have not answered.
MOST_OPEN: Final = 100
MOST_A_DAY: Final = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """An invitation, and the only copy of what its link holds."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(
    *,
    organization_id: UUID,
    email: str,
    role: str,
    may_publish: bool = False,
    actor_id: UUID | None = None,
) -> Invitation:
    """Invite somebody; the letter follows. An earlier invitation of theirs ends.

    Whether they have an account already, or work for somebody else, is neither asked
    nor told.

    Raises
    ------
    InvalidInputError
        There is no such role, or it cannot be trusted with publishing.
    LimitReachedError
        Too many have not answered yet.
    """
    check_role(role, may_publish=may_publish)
    now = timezone.now()
    waiting = selectors.open_invitations(organization_id=organization_id)
    same = index_of(Invitation, "email_index", email, organization_id)
    waiting.filter(email_index=same).update(revoked_at=now)
    today = selectors.invitations(organization_id=organization_id).filter(
        created_at__gt=now - timedelta(days=1)
    )
    if today.count() >= MOST_A_DAY:
        raise LimitReachedError(_("These are enough for a day."))
    if waiting.count() >= MOST_OPEN:
        reason = _("%(count)d people have not answered yet: withdraw some first.")
        raise LimitReachedError(reason % {"count": MOST_OPEN})
    invitation = Invitation.objects.create(
        organization_id=organization_id,
        email=email,
        role=role,
        may_publish=may_publish,
        expires_at=now + LIFE,
        invited_by_id=actor_id,
    )
    said = {"email": email, "role": role, "may_publish": may_publish}
    record_act("invitation.sent", target=invitation, after=said)
    outbox.add(topic=INVITED, key=invitation.id, organization_id=organization_id)
    return invitation


@transaction.atomic
def write_letter(*, organization_id: UUID, invitation_id: UUID) -> Letter | None:
    """Return an invitation with a new link; None if it is not open any more.

    Whoever has an older link, such as from a letter that was sent twice, has none.
    """
    found = (
        selectors.open_invitations(organization_id=organization_id)
        .select_for_update()
        .filter(id=invitation_id)
        .first()
    )
    if found is None:
        return None
    token = secrets.token_urlsafe(32)
    found.digest = _digest(token)
    found.save(update_fields=["digest"])
    return Letter(found, token)


@transaction.atomic
def withdraw_invitation(*, organization_id: UUID, invitation_id: UUID) -> None:
    """End an invitation; one that is over stays as it is.

    Raises
    ------
    NotFoundError
        The organization has no such invitation.
    """
    found = selectors.invitation(
        organization_id=organization_id, invitation_id=invitation_id
    )
    still_open = selectors.open_invitations(organization_id=organization_id)
    if still_open.filter(id=found.id).update(revoked_at=timezone.now()):
        record_act("invitation.withdrawn", target=found)


def invitation_of(token: str) -> Invitation | None:
    """Return the open invitation behind a link; None for any other text."""
    of_link = Invitation.objects.filter(digest=_digest(token))
    with scope.everywhere("accounts.invitation"):
        found = of_link.select_related("organization").first()
    return found if found and found.state == InvitationState.OPEN else None


@transaction.atomic
def accept(*, token: str, user_id: UUID) -> Membership:
    """Make a person who is signed in a member.

    Raises
    ------
    NotFoundError
        The link is not good, or no longer.
    ConflictError
        They are a member already.
    """
    over = NotFoundError(_("This link is not good any more: ask for a new one."))
    found = invitation_of(token)
    if found is None:
        raise over
    unused = Invitation.objects.filter(id=found.id, accepted_at=None, revoked_at=None)
    with scope.entered(found.organization_id):
        if not unused.update(accepted_at=timezone.now()):
            raise over
        said = {"role": found.role, "may_publish": found.may_publish}
        record_act("invitation.accepted", target=found, after=said)
        return add_member(
            organization_id=found.organization_id,
            user_id=user_id,
            role=found.role,
            may_publish=found.may_publish,
        )


@transaction.atomic
def accept_as_new(*, token: str, username: str, password: str) -> User:
    """Make an account for an invited person, and them a member.

    Raises
    ------
    NotFoundError
        The link is not good, or no longer.
    InvalidInputError
        The password is too easy.
    ConflictError
        The name is taken.
    """
    found = invitation_of(token)
    person = User(username=username, email=found.email if found else "")
    try:
        validate_password(password, person)
    except ValidationError as error:
        wrong = [FieldError("/password", text) for text in error.messages]
        raise InvalidInputError(" ".join(error.messages), wrong) from None
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise ConflictError(
            _("This name is taken: choose another."), code="name_taken"
        ) from None
    record_act("account.created", target=person, after={"username": username})
    accept(token=token, user_id=person.id)
    return person


def _digest(token: str) -> str:
    """Return what is kept of a link: useless without the server's pepper."""
    key = f"invitation:{settings.KEY_PEPPER}".encode()
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
