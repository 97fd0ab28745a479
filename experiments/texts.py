"""What people read about experiments."""

from typing import Final

from django.utils.translation import gettext_lazy as _

# By the codes of `engine.checking`.
FAULTS: Final = {
    "too_many": _("There are too many of these."),
    "too_few": _("A control and at least one other variant are needed."),
    "too_few_with_weight": _("At least two variants need a weight above 0."),
    "not_a_name": _(
        "A name has up to 100 letters, digits, dots, hyphens and underscores, and"
        " begins with a letter or a digit."
    ),
    "taken": _("This name stands twice."),
    "out_of_range": _("This is outside of what is possible."),
    "not_of_this_kind": _("Metrics of this kind do not have this."),
    "event_has_no_value": _("This event happens or not: count it, or take its share."),
    "needed_for_group_sequential": _(
        "Looks on the way need to know where the way ends: plan the units, or look by"
        " confidence sequences."
    ),
}
