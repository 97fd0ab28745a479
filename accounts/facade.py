"""The door to accounts: who asks, for whom, with what."""

from .acting import classify_by, current as acting_now
from .audit.declared import declare
from .audit.record import record_act
from .models import Organization
from .presence import Presence, next_step, presence_of
from .principals import Principal, PrincipalKind
from .selectors import (
    organization_named,
    organizations,
    own_days,
    publishable_key,
)
from .services.keys import allow_origin, create_key, revoke_key
from .services.organizations import create_operator, create_organization
from .tokens import issue_session_token, principal_of_token

__all__ = [
    "Organization",
    "Presence",
    "Principal",
    "PrincipalKind",
    "acting_now",
    "allow_origin",
    "classify_by",
    "create_key",
    "create_operator",
    "create_organization",
    "declare",
    "issue_session_token",
    "next_step",
    "organization_named",
    "organizations",
    "own_days",
    "presence_of",
    "principal_of_token",
    "publishable_key",
    "record_act",
    "revoke_key",
]
