"""Session tokens: what a respondent's browser holds instead of a key.

A token names its organization and its session and is signed; it opens nothing else,
and no table is asked to check it.
"""

from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from .principals import Principal, PrincipalKind
from .roles import OF_SESSION_TOKEN

MARK: Final = "bf_st_"
# The longest interview that panels field is about two hours; twice that covers a
# lunch in between. A session that idles is closed long before.
LIFE_S: Final = 4 * 3600

_SALT: Final = "bonafide.session-token"


@cache
def _signer(key: str) -> TimestampSigner:
    """Return who signs with a key: making one takes longer than signing."""
    return TimestampSigner(key=key, salt=_SALT)


def issue_session_token(*, organization_id: UUID, session_id: UUID) -> str:
    """Return a token for one session."""
    return MARK + _signer(settings.SECRET_KEY).sign(
        f"{organization_id.hex}.{session_id.hex}"
    )


def principal_of_token(token: str) -> Principal | None:
    """Return whom a token stands for; None if it is forged or too old."""
    signer = _signer(settings.SECRET_KEY)
    try:
        value = signer.unsign(token.removeprefix(MARK), max_age=LIFE_S)
        organization, session = value.split(".")
        return Principal(
            kind=PrincipalKind.SESSION_TOKEN,
            organization_id=UUID(organization),
            session_id=UUID(session),
            permissions=OF_SESSION_TOKEN,
        )
    except (BadSignature, ValueError):
        return None
