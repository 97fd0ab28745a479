"""Which acts of this app the audit keeps.

Neither URL nor description is shown: the one may hold a token, the other is somebody's
words. That they changed is kept.
"""

from django.utils.translation import gettext_lazy as _

from accounts.facade import declare

from .services.endpoints import SHOWN

declare("webhook.created", _("Webhook endpoint created"), shown=SHOWN)
declare("webhook.changed", _("Webhook endpoint changed"), shown=SHOWN)
declare("webhook.enabled", _("Webhook endpoint enabled"), shown=SHOWN)
declare("webhook.disabled", _("Webhook endpoint disabled"), shown=SHOWN)
declare("webhook.removed", _("Webhook endpoint removed"), shown=SHOWN)
declare("webhook.secret_replaced", _("Secret of a webhook replaced"), shown=["until"])
declare("webhook.tested", _("Webhook endpoint tested"))
declare(
    "webhook.replayed",
    _("Webhook messages sent again"),
    shown=["since", "until", "messages", "delivery"],
)
