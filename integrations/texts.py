"""What went wrong, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What is wrong with a URL: `engine.places.Flaw`.
FLAWS: Final[Mapping[str, Promise]] = {
    "url_unreadable": _(
        "A URL looks like https://survey.example/hook: visible ASCII characters, no"
        " backslash, at most %(longest)d of them."
    ),
    "url_scheme": _("Webhooks are sent by https only."),
    "url_user": _("A URL with a user or a password is not accepted; check signatures."),
    "url_port": _("Webhooks are not sent to this port. Use 443 or 8443."),
    "url_fragment": _("A URL with “#” is not accepted: that part is never sent."),
    "url_host": _(
        "This is no host that webhooks are sent to: use a full name, in ASCII, or a"
        " plain address."
    ),
}
UNRESOLVED: Final = _("This host name leads nowhere: there is no such address.")
FORBIDDEN: Final = _(
    "This host leads to an address that is not public. Webhooks are not sent there."
)

# Why an attempt failed. The codes are kept in the log, and never change.
ERRORS: Final[Mapping[str, Promise]] = {
    "status": _("The receiver did not answer with success."),
    "redirect": _("The receiver leads elsewhere; redirects are not followed."),
    "timeout": _("The receiver took too long."),
    "connection": _("The connection was refused or broke."),
    "tls": _("The receiver's certificate is not valid, or TLS failed."),
    "unresolved": UNRESOLVED,
    "address": FORBIDDEN,
    "url": _("The URL is none that webhooks are sent to any more."),
    "broken_answer": _("The receiver's answer is no HTTP."),
    "endpoint_disabled": _("The endpoint was disabled before it arrived."),
    "worker_lost": _("Whoever sent it was stopped before the answer came."),
}
