"""Which acts of this app the audit keeps."""

from django.utils.translation import gettext_lazy as _

from accounts.facade import declare

declare(
    "network_list.stored",
    _("List of addresses stored"),
    shown=["address_class", "source", "range_count"],
)
declare(
    "network_list.removed",
    _("List of addresses removed"),
    shown=["address_class", "source"],
)
declare("agent_keys.stored", _("Keys of an agent stored"), shown=["agent", "count"])
declare("agent_keys.removed", _("Keys of an agent removed"), shown=["agent", "count"])
