"""Which acts of this app the audit keeps."""

from django.utils.translation import gettext_lazy as _

from accounts.facade import declare

from .services.surveys import AUDITED_FIELDS

declare("survey.created", _("Survey created"), shown=AUDITED_FIELDS)
declare("survey.changed", _("Survey changed"), shown=AUDITED_FIELDS)
declare("sessions.exported", _("Sessions taken away as a table"), shown=["filters"])
declare("rows.dropped", _("A part with old rows dropped"), shown=["table", "rows"])
declare("rows.erased", _("Old rows erased"), shown=["table", "rows"])
declare("respondent.erased", _("Respondent erased"), shown=["sessions", "rows"])
declare("respondent.exported", _("Respondent's data taken away"), shown=["sessions"])
