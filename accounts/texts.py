"""What can be allowed, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .roles import Permission

PERMISSIONS: Final[Mapping[Permission, Promise]] = {
    Permission.SESSIONS_OPEN: _("Open sessions"),
    Permission.SESSIONS_SEND: _("Send events and end a session"),
    Permission.SESSIONS_STATUS: _("Read where a session stands"),
    Permission.SESSIONS_READ: _("Read sessions, results and reports"),
    Permission.SESSIONS_EXPORT: _("Take sessions away as a table"),
    Permission.ANSWERS_SEND: _("Send answers"),
    Permission.SURVEYS_READ: _("Read surveys and their policies"),
    Permission.SURVEYS_EDIT: _("Create and rename surveys"),
    Permission.POLICY_PUBLISH: _("Set what follows from a verdict"),
    Permission.ORGANIZATION_READ: _("See the organization"),
    Permission.ORGANIZATION_EDIT: _("Set how long the organization keeps what"),
    Permission.MEMBERS_READ: _("See the members"),
    Permission.MEMBERS_EDIT: _("Invite, change and remove members"),
    Permission.OWNERS_EDIT: _("Make and remove owners"),
    Permission.KEYS_READ: _("See keys, without what opens anything"),
    Permission.KEYS_EDIT: _("Make, replace and revoke keys"),
    Permission.WEBHOOKS_READ: _("See webhook endpoints and what was sent to them"),
    Permission.WEBHOOKS_EDIT: _("Make, change and remove webhook endpoints"),
    Permission.AUDIT_READ: _("Read who did what"),
    Permission.FLAGS_EVALUATE: _("Ask what flags say"),
    Permission.FLAGS_READ: _("See flags, their rules and their history"),
    Permission.FLAGS_EDIT: _("Make, change and override flags"),
    Permission.EXPERIMENTS_TAKE_PART: _("Ask for variants, tell what units did"),
    Permission.EXPERIMENTS_READ: _("See experiments and their results"),
    Permission.EXPERIMENTS_EDIT: _("Make, change, start and stop experiments"),
    Permission.RESPONDENTS_EXPORT: _("Take away all that is known of a respondent"),
    Permission.RESPONDENTS_ERASE: _("Erase a respondent, and read the receipts"),
}
