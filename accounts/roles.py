"""Who may do what: the one table that the API and the admin both ask.

Nothing is allowed that does not stand here. docs/access.md shows the table, and a test
compares the two.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a member is in an organization, from the most to the least."""

    OWNER = "owner"
    ADMIN = "admin"
    ANALYST = "analyst"
    VIEWER = "viewer"


class Permission(StrEnum):
    """One thing that can be allowed. A key's scopes have the same names."""

    SESSIONS_OPEN = "sessions.open"
    SESSIONS_SEND = "sessions.send"
    SESSIONS_STATUS = "sessions.status"
    SESSIONS_READ = "sessions.read"
    SESSIONS_EXPORT = "sessions.export"
    ANSWERS_SEND = "answers.send"
    SURVEYS_READ = "surveys.read"
    SURVEYS_EDIT = "surveys.edit"
    # A policy acts on respondents from the moment it is saved, so setting it is apart
    # from everything else that can be edited.
    POLICY_PUBLISH = "policy.publish"
    ORGANIZATION_READ = "organization.read"
    ORGANIZATION_EDIT = "organization.edit"
    MEMBERS_READ = "members.read"
    MEMBERS_EDIT = "members.edit"
    OWNERS_EDIT = "owners.edit"
    KEYS_READ = "keys.read"
    KEYS_EDIT = "keys.edit"
    WEBHOOKS_READ = "webhooks.read"
    WEBHOOKS_EDIT = "webhooks.edit"
    AUDIT_READ = "audit.read"
    FLAGS_EVALUATE = "flags.evaluate"
    FLAGS_READ = "flags.read"
    # A flag can switch a detector off.
    FLAGS_EDIT = "flags.edit"
    # Which variant somebody sees, and what they did.
    EXPERIMENTS_TAKE_PART = "experiments.take_part"
    EXPERIMENTS_READ = "experiments.read"
    # An experiment decides what respondents see.
    EXPERIMENTS_EDIT = "experiments.edit"
    RESPONDENTS_EXPORT = "respondents.export"
    RESPONDENTS_ERASE = "respondents.erase"


Permissions = frozenset[Permission]

_VIEWER: Final[Permissions] = frozenset(
    {
        Permission.SESSIONS_STATUS,
        Permission.SESSIONS_READ,
        Permission.SURVEYS_READ,
        Permission.ORGANIZATION_READ,
        Permission.MEMBERS_READ,
        Permission.FLAGS_EVALUATE,
        Permission.FLAGS_READ,
    }
)
_ANALYST: Final[Permissions] = _VIEWER | {
    Permission.SESSIONS_EXPORT,
    Permission.SURVEYS_EDIT,
    Permission.EXPERIMENTS_TAKE_PART,
    Permission.EXPERIMENTS_READ,
}
_ADMIN: Final[Permissions] = _ANALYST | {
    Permission.ORGANIZATION_EDIT,
    Permission.MEMBERS_EDIT,
    Permission.KEYS_READ,
    Permission.KEYS_EDIT,
    Permission.WEBHOOKS_READ,
    Permission.WEBHOOKS_EDIT,
    Permission.AUDIT_READ,
    Permission.FLAGS_EDIT,
    Permission.EXPERIMENTS_EDIT,
    Permission.RESPONDENTS_EXPORT,
    Permission.RESPONDENTS_ERASE,
}
_OWNER: Final[Permissions] = _ADMIN | {Permission.OWNERS_EDIT}

OF_ROLE: Final[Mapping[Role, Permissions]] = {
    Role.OWNER: _OWNER,
    Role.ADMIN: _ADMIN,
    Role.ANALYST: _ANALYST,
    Role.VIEWER: _VIEWER,
}
# Who may be trusted with publishing, one member at a time. No role brings it along.
MAY_BE_PUBLISHER: Final = frozenset({Role.OWNER, Role.ADMIN, Role.ANALYST})

# What a key of each kind can be allowed; its scopes narrow that further. Keys know
# programs, not people: none of them makes members or other keys.
OF_SECRET_KEY: Final[Permissions] = frozenset(
    {
        Permission.SESSIONS_OPEN,
        Permission.SESSIONS_SEND,
        Permission.SESSIONS_STATUS,
        Permission.SESSIONS_READ,
        Permission.ANSWERS_SEND,
        Permission.SURVEYS_READ,
        Permission.SURVEYS_EDIT,
        Permission.POLICY_PUBLISH,
        Permission.WEBHOOKS_READ,
        Permission.WEBHOOKS_EDIT,
        Permission.FLAGS_EVALUATE,
        Permission.FLAGS_READ,
        Permission.FLAGS_EDIT,
        Permission.EXPERIMENTS_TAKE_PART,
        Permission.EXPERIMENTS_READ,
        Permission.EXPERIMENTS_EDIT,
        Permission.RESPONDENTS_EXPORT,
        Permission.RESPONDENTS_ERASE,
    }
)
# What a key may do only if its scopes say so: it cannot be undone, shows everything, or
# decides what is judged.
ONLY_BY_NAME: Final[Permissions] = frozenset(
    {
        Permission.FLAGS_EDIT,
        Permission.EXPERIMENTS_EDIT,
        Permission.RESPONDENTS_EXPORT,
        Permission.RESPONDENTS_ERASE,
    }
)
# Flags: those alone that are marked as visible to clients.
OF_PUBLISHABLE_KEY: Final[Permissions] = frozenset(
    {Permission.SESSIONS_OPEN, Permission.FLAGS_EVALUATE}
)
OF_KEY: Final[Mapping[str, Permissions]] = {
    "secret": OF_SECRET_KEY,
    "publishable": OF_PUBLISHABLE_KEY,
}
# For its own session alone, which the views see to.
OF_SESSION_TOKEN: Final[Permissions] = frozenset(
    {
        Permission.SESSIONS_SEND,
        Permission.SESSIONS_STATUS,
        Permission.EXPERIMENTS_TAKE_PART,
    }
)

# The admin's names for the same things. What is missing here (users, lists, the
# outbox) belongs to the installation, and only its operators see it.
OF_MODEL: Final[Mapping[str, Permission]] = {
    "sessions_app.view_session": Permission.SESSIONS_READ,
    "sessions_app.view_behaviordata": Permission.SESSIONS_READ,
    "sessions_app.export_session": Permission.SESSIONS_EXPORT,
    "sessions_app.view_survey": Permission.SURVEYS_READ,
    "sessions_app.add_survey": Permission.SURVEYS_EDIT,
    "sessions_app.change_survey": Permission.SURVEYS_EDIT,
    "sessions_app.publish_policy": Permission.POLICY_PUBLISH,
    "detection.view_detectionresult": Permission.SESSIONS_READ,
    "accounts.view_organization": Permission.ORGANIZATION_READ,
    "accounts.change_organization": Permission.ORGANIZATION_EDIT,
    "accounts.view_membership": Permission.MEMBERS_READ,
    "accounts.change_membership": Permission.MEMBERS_EDIT,
    "accounts.delete_membership": Permission.MEMBERS_EDIT,
    "accounts.view_invitation": Permission.MEMBERS_EDIT,
    "accounts.add_invitation": Permission.MEMBERS_EDIT,
    "accounts.view_apikey": Permission.KEYS_READ,
    "accounts.view_keyorigin": Permission.KEYS_READ,
    "accounts.add_apikey": Permission.KEYS_EDIT,
    "integrations.view_webhookendpoint": Permission.WEBHOOKS_READ,
    "integrations.add_webhookendpoint": Permission.WEBHOOKS_EDIT,
    "integrations.change_webhookendpoint": Permission.WEBHOOKS_EDIT,
    "integrations.delete_webhookendpoint": Permission.WEBHOOKS_EDIT,
    "integrations.view_webhookdelivery": Permission.WEBHOOKS_READ,
    "integrations.view_webhookattempt": Permission.WEBHOOKS_READ,
    "integrations.change_webhookdelivery": Permission.WEBHOOKS_EDIT,
    "accounts.view_auditrow": Permission.AUDIT_READ,
    "flags.view_featureflag": Permission.FLAGS_READ,
    "flags.add_featureflag": Permission.FLAGS_EDIT,
    "flags.change_featureflag": Permission.FLAGS_EDIT,
    "flags.delete_featureflag": Permission.FLAGS_EDIT,
    "experiments.view_experiment": Permission.EXPERIMENTS_READ,
    "experiments.add_experiment": Permission.EXPERIMENTS_EDIT,
    "experiments.change_experiment": Permission.EXPERIMENTS_EDIT,
    "sessions_app.view_erasure": Permission.RESPONDENTS_ERASE,
    "sessions_app.erase_respondent": Permission.RESPONDENTS_ERASE,
    "sessions_app.export_respondent": Permission.RESPONDENTS_EXPORT,
}


def permissions_of(role: Role, *, may_publish: bool) -> Permissions:
    """Return what a member may do.

    Examples
    --------
    >>> Permission.KEYS_EDIT in permissions_of(Role.ANALYST, may_publish=True)
    False
    """
    if may_publish and role in MAY_BE_PUBLISHER:
        return OF_ROLE[role] | {Permission.POLICY_PUBLISH}
    return OF_ROLE[role]


def key_permissions(kind: str, scopes: Sequence[str] | None) -> Permissions:
    """Return what a key may do; without scopes, whatever its kind may unasked.

    A scope that is not in the table any more allows nothing.
    """
    if scopes is None:
        return OF_KEY[kind] - ONLY_BY_NAME
    return frozenset(one for one in OF_KEY[kind] if one.value in scopes)


def may_pass_publishing_on(own: Permissions) -> bool:
    """Say whether someone may trust others, or a key, with publishing.

    Who is not trusted with it could otherwise trust themselves. An owner can anyway.
    """
    return bool(own & {Permission.POLICY_PUBLISH, Permission.OWNERS_EDIT})


def may_assign(own: Permissions, *, old: Role | None, new: Role | None) -> bool:
    """Say whether someone may make a member of one role one of another.

    None stands for no member at all: someone who comes, or who goes. Only owners make
    owners, and end them: an admin would be one by asking.
    """
    if Role.OWNER in {old, new}:
        return Permission.OWNERS_EDIT in own
    return Permission.MEMBERS_EDIT in own
