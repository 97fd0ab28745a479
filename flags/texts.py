"""What people read about flags."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What is wrong with a definition; `word` is what it says there.
FAULTS: Final[Mapping[str, str | Promise]] = {
    "unreadable": _("This cannot be read: %(word)s."),
    "name_missing": _("A name is missing."),
    "name_too_long": _("This name is too long."),
    "name_taken": _("There is one of that name already: %(word)s."),
    "variant_unknown": _("There is no variant %(word)s."),
    "value_of_other_type": _("This value has another type than the flag."),
    "value_too_large": _("This value is too large or too deep."),
    "flag_unknown": _("There is no flag %(word)s."),
    "flag_needs_itself": _("This flag would need itself, by way of others."),
    "too_many_prerequisites": _("It needs %(word)s flags, which takes too long."),
    "segment_unknown": _("There is no segment %(word)s."),
    "value_missing": _("This operator needs a value."),
    "values_missing": _("This operator needs at least one value."),
    "not_a_number": _("This is no number: %(word)s."),
    "not_a_date": _("This is no moment with a time zone: %(word)s."),
    "not_a_version": _("This is no version like 1.2.3: %(word)s."),
    "not_a_network": _("This is no address or network: %(word)s."),
    "not_an_expression": _("This regular expression cannot be used: %(word)s."),
    "percent_out_of_range": _("A share lies between 0 and 100 percent."),
    "points_missing": _("A progression needs points."),
    "points_out_of_order": _("The points must follow each other in time."),
    "window_empty": _("This window ends before it starts."),
    "weight_negative": _("A weight cannot be negative."),
    "weights_missing": _("At least one weight must be above zero."),
    "key_missing": _("Say which field of the context a rollout sticks to."),
    "nobody_named": _("Say for which user or organization this is."),
    "strategy_unknown": _(
        "Unleash's strategy %(word)s is unknown: nobody gets through."
    ),
    "strategy_disabled": _("A strategy that was switched off was left out."),
    "rule_left_out": _("A rule was left out: %(word)s."),
    "operator_unknown": _("The operator %(word)s is unknown."),
    "dependency_never_met": _("The dependency on %(word)s can never be met."),
    "rollout_missing": _("The rollout was missing: nobody gets through."),
}

# Which rule decided, where it is none of the flag's own.
DECIDED: Final = {
    "kill_switch": _("The flag is switched off."),
    "window": _("It is outside the times when the flag is on."),
    "override:user": _("There is an override for this user."),
    "override:organization": _("There is an override for this organization."),
    "release": _("The gradual rollout decided."),
    "default": _("No rule applied, so the default holds."),
    "": _("The flag could not be evaluated, so what is safe holds."),
}
ERRORS: Final = {
    "FLAG_NOT_FOUND": _("There is no flag of that name."),
    "PARSE_ERROR": _("The definition has a fault."),
    "TYPE_MISMATCH": _("The flag has another type."),
    "TARGETING_KEY_MISSING": _("A rollout needs a targetingKey to stick to."),
    "INVALID_CONTEXT": _("The context cannot be read."),
}

STATES: Final = {
    "archived": _("Archived"),
    "expired": _("Expired"),
    "launched": _("Launched"),
    "inactive": _("Not asked"),
    "new": _("New"),
    "active": _("Active"),
    "permanent": _("Permanent"),
}
STATE_REASONS: Final = {
    "archived": _("It is archived and serves nobody."),
    "expired": _("It was expected to be gone by %(date)s."),
    "launched": _(
        "It has served everybody the same for %(days)d days: remove it from the code."
    ),
    "inactive": _("Nobody has asked for it for %(days)d days."),
    "new": _("It is younger than a week."),
    "active": _("It is asked for, and decides."),
    "permanent": _("It is there to stay."),
}
