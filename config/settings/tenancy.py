"""Which tables stand outside the walls between organizations, each with its reason.

Whatever else has no `organization` is refused by `manage.py check`.
"""

from typing import Final

_DJANGO: Final = "Django's own; only staff of the installation get at it"
_SIGN_IN: Final = "read before it is known who asks, let alone for whom"
_INSTALLATION: Final = "the installation's own; every organization uses it"

OUTSIDE: Final = {
    "common.Bucket": _SIGN_IN,
    "common.FieldKey": "names of the installation's keys, and no key",
    "common.OutboxRow": "holds ids only, and is swept for everybody at once",
    "accounts.AuditSeal": "digests only, made for all organizations at once",
    "accounts.User": "people work for several organizations, and sign in before any",
    "accounts.User_groups": _DJANGO,
    "accounts.User_user_permissions": _DJANGO,
    "sessions_app.SavedView": "belongs to a person, who is asked for in each read",
    "detection.NetworkList": _INSTALLATION,
    "flags.FlagClock": "one number for everybody",
    "flags.FlagSet": "ids and numbers only, asked for everybody at once",
    "detection.AgentKey": _INSTALLATION,
    "admin.LogEntry": _DJANGO,
    "auth.Group": _DJANGO,
    "auth.Group_permissions": _DJANGO,
    "auth.Permission": _DJANGO,
    "contenttypes.ContentType": _DJANGO,
    "sessions.Session": _DJANGO,
    "accounts.Authenticator": _SIGN_IN,
    "otp_totp.TOTPDevice": _SIGN_IN,
    "otp_static.StaticDevice": _SIGN_IN,
    "otp_static.StaticToken": _SIGN_IN,
    "axes.AccessAttempt": _SIGN_IN,
    "axes.AccessAttemptExpiration": _SIGN_IN,
    "axes.AccessFailureLog": _SIGN_IN,
    "axes.AccessLog": _SIGN_IN,
}

# Tables to which rows are added, and that nobody changes.
APPEND_ONLY: Final = ("accounts_auditrow", "accounts_auditseal")
