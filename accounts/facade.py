"""The door to accounts: who asks, for whom, with what."""

from .principals import Principal, PrincipalKind
from .selectors import organization_named, publishable_key
from .services import (
    allow_origin,
    create_key,
    create_operator,
    create_organization,
    revoke_key,
)
from .tokens import issue_session_token, principal_of_token

__all__ = [
    "Principal",
    "PrincipalKind",
    "allow_origin",
    "create_key",
    "create_operator",
    "create_organization",
    "issue_session_token",
    "organization_named",
    "principal_of_token",
    "publishable_key",
    "revoke_key",
]
