"""Which acts of this app the audit keeps."""

from django.utils.translation import gettext_lazy as _

from accounts.facade import declare

from .services import experiments

declare("experiment.created", _("Experiment created"), shown=experiments.SHOWN)
declare("experiment.changed", _("Experiment changed"), shown=experiments.SHOWN)
declare("experiment.started", _("Experiment started"), shown=experiments.SHOWN)
declare("experiment.stopped", _("Experiment stopped"), shown=experiments.SHOWN)
declare("experiment.archived", _("Experiment archived"), shown=experiments.SHOWN)
