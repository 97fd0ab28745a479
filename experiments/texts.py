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

# Why nothing can be planned (`engine.statistics.ImpossibleError`).
PLANS: Final = {
    "power": _("Power is below 1, and above alpha: so often nothing is found as well."),
    "no_effect": _("No number of units shows that there is no effect."),
    "too_small": _("No number of units would show so small an effect."),
    "not_a_share": _("A share is between 0 and 1, with the effect as well."),
    "too_few_units": _("So few units show no effect at all."),
}
# What one wants more of, of what happens to a session by itself (`forms.WANTED`).
EVENTS: Final = {
    "completed": _("complete the survey"),
    "page": _("reach a page"),
}
# Why a number is missing (`engine.statistics.Reason`).
REASONS: Final = {
    "no_units": _("Nobody is in one of the variants yet."),
    "one_unit": _("One unit says nothing about how units differ."),
    "no_variation": _("All units are the same."),
    "no_baseline": _("The control has none: there is no share of nothing."),
    "no_denominator": _("There is nothing to divide by."),
    "sample_too_small": _("Too few units for this quantile."),
    "unbounded": _("The control may as well be nothing: any share is possible."),
    "no_logarithm": _("One variant has none."),
}
ALARMS: Final = {
    "sample_ratio": _("The variants do not have their shares of units."),
    "sample_ratio_today": _(
        "Today the variants do not have their shares of units; that may be chance."
    ),
    "in_several": _("Many units saw several variants; they are in no result."),
    "leak": _("A variant without a weight has units."),
}
ROLES: Final = {
    "goal": _("Goal"),
    "guardrail": _("Guardrail"),
    "secondary": _("Secondary"),
}
STANDS: Final = {
    "better": _("better"),
    "worse": _("worse"),
    "unclear": _("not known"),
}
BEARABLE: Final = {
    "better": _("bearable"),
    "worse": _("not bearable"),
    "unclear": _("not known"),
}
ADVICE: Final = {
    "ship": _("Ship"),
    "roll_back": _("Roll back"),
    "keep_running": _("Keep running"),
    "no_difference": _("No difference"),
    "broken": _("Broken"),
    "not_started": _("Nobody yet"),
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
