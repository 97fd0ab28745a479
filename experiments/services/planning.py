"""How long an experiment will take, or what it will show, before anything starts."""

from dataclasses import dataclass
from math import ceil
from typing import Final, NoReturn

from django.utils.translation import gettext as _

from common.errors import FieldError, InvalidInputError

from ..engine.statistics import (
    Baseline,
    ImpossibleError,
    Looking,
    Plan,
    detectable,
    power_of,
    units_for,
)
from ..texts import PLANS

# As many daily looks are planned for; more of them need hardly more units.
MOST_LOOKS: Final = 28
LONGEST_DAYS: Final = 3650
# More than there are people, a hundred times.
MOST_UNITS: Final = 1e12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody plans.

    Attributes
    ----------
    baseline, deviation
        The metric without treatment; no deviation is a share.
    lift
        The effect to be found, as a share of the baseline; or None to ask which.
    days
        How long it may take; or None to ask how long.
    units_per_day
        Of all arms together.
    arms
        With the control, all of one weight.
    """

    baseline: float
    deviation: float | None = None
    lift: float | None = None
    days: int | None = None
    units_per_day: float | None = None
    arms: int = 2
    goals: int = 1
    alpha: float = 0.05
    power: float = 0.8
    looking: str = "group_sequential"


@dataclass(frozen=True, slots=True)
class Planned:
    """What follows: units of each arm and of all, days, the lift, and how likely."""

    units_per_arm: int
    units: int
    days: int | None
    lift: float
    power: float
    looks: int


def plan(wanted: Wanted) -> Planned:
    """Return how many units and days a lift needs; or which lift some days show.

    Raises
    ------
    InvalidInputError
        Too little is said, or no number of units would do.
    """
    if wanted.lift is None and (wanted.days is None or wanted.units_per_day is None):
        _refuse("lift", _("Say the lift, or the days and the units of a day."))
    looks = _looks(wanted)
    plan_ = _plan(wanted, looks)
    try:
        if wanted.lift is None:
            units = float(wanted.units_per_day or 0) * float(wanted.days or 0)
            per_arm = units / wanted.arms
            lift = detectable(plan_, per_arm, wanted.power)
        else:
            lift = wanted.lift
            per_arm = units_for(plan_, lift, wanted.power)
    except ImpossibleError as error:
        _refuse("lift", str(PLANS[error.code]))
    if wanted.lift is not None and not per_arm < MOST_UNITS:
        _refuse("lift", str(PLANS["too_small"]))
    rounded = ceil(per_arm)
    return Planned(
        units_per_arm=rounded,
        units=rounded * wanted.arms,
        days=wanted.days if wanted.lift is None else _days(wanted, rounded),
        lift=lift,
        power=power_of(plan_, lift, rounded),
        looks=looks,
    )


def _looks(wanted: Wanted) -> int:
    """Return how many looks are planned for."""
    if wanted.looking == "once":
        return 1
    return min(wanted.days or MOST_LOOKS, MOST_LOOKS)


def _plan(wanted: Wanted, looks: int) -> Plan:
    """Return the plan of one comparison; goals and treatments share alpha."""
    comparisons = wanted.goals * (wanted.arms - 1)
    return Plan(
        baseline=Baseline(wanted.baseline, wanted.deviation),
        alpha=wanted.alpha / comparisons,
        looking=Looking(wanted.looking),
        looks=looks,
    )


def _days(wanted: Wanted, per_arm: int) -> int | None:
    """Return how many days that takes."""
    if not wanted.units_per_day:
        return None
    return min(ceil(per_arm * wanted.arms / wanted.units_per_day), LONGEST_DAYS)


def _refuse(field: str, told: str) -> NoReturn:
    raise InvalidInputError(told, [FieldError(f"/{field}", told)])
