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
    "needed_for_group_sequential": _(
        "Looks on the way need to know where the way ends: plan the units, or look by"
        " confidence sequences."
    ),
}

# By the rule that fired (`engine.deciding`).
SENTENCES: Final = {
    "sample_ratio": _(
        "This experiment is broken: the variants do not have the shares of units that"
        " they should have, so something keeps units of one from being counted. Find"
        " out what, and start anew."
    ),
    "no_units": _("Nobody took part yet."),
    "goal_worse": _(
        "Roll back “%(variant)s”: it makes “%(metric)s” worse, and that is no chance."
    ),
    "guardrail_worse": _(
        "Roll back “%(variant)s”: it makes “%(metric)s” worse than is bearable."
    ),
    "goal_won": _(
        "Ship “%(variant)s”: it makes “%(metric)s” better, and nothing that is guarded"
        " gets worse than is bearable."
    ),
    "guardrail_unproven": _(
        "Keep running: “%(variant)s” reaches a goal, but “%(metric)s” may be worse than"
        " is bearable."
    ),
    "too_few_days": _(
        "Keep running: “%(variant)s” reaches its goal, but a whole week has other"
        " people than a part of it."
    ),
    "no_goal_yet": _(
        "Keep running: whether “%(variant)s” reaches a goal is not known yet."
    ),
    "plan_ended": _(
        "Keep the control: the plan is at its end, and “%(variant)s” reaches no goal."
    ),
}
AT_END: Final = _(
    "Keep the control: the plan is at its end, and “%(metric)s” may be worse with"
    " “%(variant)s” than is bearable."
)
DAYS_LEFT: Final = _("At this pace that takes about %(days)d more days.")
