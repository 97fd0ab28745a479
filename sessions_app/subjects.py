"""Whose data it is: a respondent by any name that a platform has for them."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import FieldError, InvalidInputError, NotFoundError

from .identity import respondent_digest
from .models import Erasure, Respondent, Session

# Apart from the digests of respondents: a receipt is no list of who was here.
_RECEIPT: Final = "erasure"


@dataclass(frozen=True, slots=True)
class Name:
    """What a platform calls somebody: its own name for them, or one of their sessions.

    Exactly one of the two.
    """

    organization_id: UUID
    respondent_id: str | None = None
    session_id: UUID | None = None

    def __post_init__(self) -> None:
        if bool(self.respondent_id) == bool(self.session_id):
            reason = _("Give either respondent_id or session_id.")
            raise InvalidInputError(reason, [FieldError("/", reason)])

    @property
    def digest(self) -> str:
        """Return what a receipt keeps; nobody tries names out without the pepper."""
        kind, value = (
            ("respondent", self.respondent_id)
            if self.respondent_id
            else ("session", str(self.session_id))
        )
        text = f"{_RECEIPT}:{self.organization_id}:{kind}:{value}".encode()
        return hmac.new(settings.KEY_PEPPER.encode(), text, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, as far as an organization knows them: their sessions in their order."""

    organization_id: UUID
    respondent: Respondent | None
    session_ids: Sequence[UUID]


def subject(name: Name) -> Subject:
    """Return whom a name means; a session's respondent is meant with all of theirs.

    Raises
    ------
    NotFoundError
        The organization knows nobody of this name.
    """
    respondent = _respondent(name)
    sessions = Session.objects.filter(organization_id=name.organization_id)
    if respondent is not None:
        sessions = sessions.filter(respondent=respondent)
    elif name.session_id is not None:
        sessions = sessions.filter(id=name.session_id)
    else:
        sessions = sessions.none()
    ids = list(sessions.order_by("id").values_list("id", flat=True))
    if respondent is None and not ids:
        raise NotFoundError(_("Nothing is known of this respondent."))
    return Subject(name.organization_id, respondent, ids)


def _respondent(name: Name) -> Respondent | None:
    rows = Respondent.objects.filter(organization_id=name.organization_id)
    if name.respondent_id:
        digest = respondent_digest(name.organization_id, name.respondent_id)
        return rows.filter(digest=digest).first()
    of_session = Session.objects.filter(
        organization_id=name.organization_id, id__in=[name.session_id]
    )
    return rows.filter(id__in=of_session.values("respondent_id")).first()


def erasures(*, organization_id: UUID) -> QuerySet[Erasure]:
    """Return an organization's receipts, the newest first."""
    return Erasure.objects.filter(organization_id=organization_id).order_by("-id")


def erasure(*, organization_id: UUID, erasure_id: UUID) -> Erasure:
    """Return a receipt.

    Raises
    ------
    NotFoundError
        The organization has no such receipt.
    """
    found = erasures(organization_id=organization_id).filter(id=erasure_id).first()
    if found is None:
        raise NotFoundError(_("There is no such receipt."))
    return found


def erasure_of(name: Name) -> Erasure | None:
    """Return the newest receipt for a name, None if nobody of it was erased."""
    rows = erasures(organization_id=name.organization_id)
    return rows.filter(whom=name.digest).first()
