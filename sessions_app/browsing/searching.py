"""Finding sessions by what somebody has in hand."""

import re
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.facade import organizations

from ..identity import respondent_digest
from ..models import Respondent, Session

# As many first digits of an id or a digest tell one from another.
LEAST_DIGITS: Final = 6
ID_DIGITS: Final = 32
DIGEST_DIGITS: Final = 64
# More respondents than that share no digits but by chance.
MOST_RESPONDENTS: Final = 100

_DIGITS: Final = re.compile(r"[0-9a-f]+")


def search(
    rows: QuerySet[Session], term: str, *, owner_id: UUID | None = None
) -> QuerySet[Session]:
    """Keep the sessions that a term names, of one organization or of all.

    It is a session's id or its beginning, the name that a platform has for a
    respondent, or the beginning of the digest that is stored in its place.
    """
    named = term.strip()
    if not named:
        return rows
    # The ids first: one query over both tables made the database read all sessions.
    respondents = list(_respondents(named, owner_id).values_list("id", flat=True))
    return rows.filter(_of_id(named) | Q(respondent_id__in=respondents))


def _of_id(term: str) -> Q:
    """Return what ids that begin so have in common; Q() would be all of them."""
    digits = term.lower().replace("-", "")
    if not (_DIGITS.fullmatch(digits) and LEAST_DIGITS <= len(digits) <= ID_DIGITS):
        return Q(pk__in=())
    first, last = (UUID(digits.ljust(ID_DIGITS, fill)) for fill in "0f")
    return Q(id__gte=first, id__lte=last)


def _respondents(term: str, owner_id: UUID | None) -> QuerySet[Respondent]:
    """Return those whom some organization calls so, or whose digest begins so."""
    owners = [owner_id] if owner_id else [one.id for one in organizations().only("id")]
    digests = [respondent_digest(one, term) for one in owners]
    fits = Q(digest__in=digests)
    digits = term.lower()
    if _DIGITS.fullmatch(digits) and LEAST_DIGITS <= len(digits) <= DIGEST_DIGITS:
        fits |= Q(digest__startswith=digits)
    found = Respondent.objects.filter(fits)
    if owner_id is not None:
        # Others' respondents must not use the number up.
        found = found.filter(organization_id=owner_id)
    return found[:MOST_RESPONDENTS]
