"""Which acts of this app the audit keeps.

Of a definition it shows what is nobody's words; a flag's history has it whole.
"""

from django.utils.translation import gettext_lazy as _

from accounts.facade import declare

from .services import flags, overrides, segments

declare("flag.created", _("Flag created"), shown=flags.SHOWN)
declare("flag.changed", _("Flag changed"), shown=flags.SHOWN)
declare("flag.archived", _("Flag archived"))
declare("flag.restored", _("Flag restored"), shown=flags.SHOWN)
declare("flag.removed", _("Flag removed"), shown=flags.SHOWN)
declare("flag.overridden", _("Override of a flag set"), shown=overrides.SHOWN)
declare("flag.override_removed", _("Override of a flag removed"), shown=overrides.SHOWN)
declare("segment.created", _("Segment created"), shown=segments.SHOWN)
declare("segment.changed", _("Segment changed"), shown=segments.SHOWN)
declare("segment.removed", _("Segment removed"), shown=segments.SHOWN)
