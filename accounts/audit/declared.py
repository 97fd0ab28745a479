"""Which acts there are, and what a difference may show of each.

A field that is not named is kept as "changed": no value of it is written down. Apps
above declare theirs in `audited.py`.
"""

from collections.abc import Collection, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_titles: Final[dict[str, Promise]] = {}
_shown: Final[dict[str, frozenset[str]]] = {}


class UndeclaredError(LookupError):
    """An act that nobody declared: a programmer's mistake."""


def declare(verb: str, title: Promise, *, shown: Collection[str] = ()) -> None:
    """Declare an act; `shown` are fields whose values a difference may hold.

    Never name a field that holds a person's words, name or address, or a secret.
    """
    _titles[verb] = title
    _shown[verb] = frozenset(shown)


def titles() -> Mapping[str, Promise]:
    """Return what each act is called."""
    return _titles


def shown_of(verb: str) -> frozenset[str]:
    """Return the fields of an act whose values may be kept.

    Raises
    ------
    UndeclaredError
        There is no such act.
    """
    if verb not in _shown:
        message = f"{verb} is declared nowhere: see accounts/audit/declared.py."
        raise UndeclaredError(message)
    return _shown[verb]


_MEMBER: Final = ("role", "may_publish", "user_id")
_KEY: Final = (
    *("kind", "name", "prefix", "scopes", "networks", "origins", "is_test"),
    *("expires_at", "revoked_at", "replaced_by_id"),
)

declare("organization.created", _("Organization created"), shown=["name"])
declare(
    "retention.changed",
    _("Retention changed"),
    shown=["behaviour_kept_days", "results_kept_days", "sessions_kept_days"],
)
declare("operator.created", _("Operator created"), shown=["username"])
declare("member.added", _("Member added"), shown=_MEMBER)
declare("member.changed", _("Member changed"), shown=_MEMBER)
declare("member.removed", _("Member removed"), shown=_MEMBER)
declare("invitation.sent", _("Somebody invited"), shown=["role", "may_publish"])
declare("invitation.withdrawn", _("Invitation withdrawn"))
declare("invitation.accepted", _("Invitation accepted"), shown=["role", "may_publish"])
declare("account.created", _("Account created"), shown=["username"])
declare("key.created", _("Key created"), shown=_KEY)
declare("key.replaced", _("Key replaced"), shown=_KEY)
declare("key.revoked", _("Key revoked"), shown=_KEY)
declare("key.origin_allowed", _("Origin allowed"), shown=["origin"])
declare("second_factor.set_up", _("Second factor set up"))
declare("second_factor.removed", _("Second factor removed"))
declare("second_factor.refused", _("Second factor refused"))
declare("recovery_codes.made", _("Recovery codes made"))
declare("password.reset_asked", _("New password asked for"))
declare("password.changed", _("Password changed"))
declare("signed_in", _("Signed in"))
declare("sign_in.refused", _("Sign-in refused"))
declare("sign_in.locked", _("Sign-in locked"))
declare("program.signed_in", _("A member's program signed in"))
declare("program.signed_out", _("A member's program signed out"))
declare("refresh_token.used_twice", _("A used refresh token was shown again"))
declare("request.refused", _("Request refused"), shown=["route", "status", "method"])
declare("audit.exported", _("Audit taken away as a table"), shown=["filters"])
declare(
    "account.changed",
    _("Account changed"),
    shown=["username", "is_active", "is_staff", "is_superuser"],
)
declare("account.deleted", _("Account deleted"), shown=["username"])
declare("outbox.sent_again", _("Work sent again"), shown=["topic"])
