"""The platform's own name for a respondent, as a keyed digest."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings


def respondent_digest(organization_id: UUID, external_id: str) -> str:
    """Return what is stored instead of a respondent's id.

    The organization is part of it: the same person in two organizations cannot be
    matched. Without the pepper nobody can try out ids.
    """
    text = f"{organization_id}:{external_id}".encode()
    return hmac.new(settings.KEY_PEPPER.encode(), text, hashlib.sha256).hexdigest()
