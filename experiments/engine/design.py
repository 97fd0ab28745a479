"""What an experiment is: its arms, whom it is for, and what it is judged by."""

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

import msgspec

Kind: TypeAlias = Literal["proportion", "mean", "count", "ratio", "quantile", "funnel"]
Role: TypeAlias = Literal["goal", "secondary", "guardrail"]
Better: TypeAlias = Literal["higher", "lower"]
Unit: TypeAlias = Literal["respondent", "session"]
LookingAs: TypeAlias = Literal["group_sequential", "always_valid", "once"]

# What the intake tells by itself, once a session; everything else comes by `track`.
# `page` has the number of pages as its value, `completed`, `abandoned` and `blocked`
# the seconds since the session opened.
AUTOMATIC: Final = (
    "page",
    "completed",
    "abandoned",
    "challenged",
    "passed",
    "flagged",
    "blocked",
    "automated",
    "confirmed_fraud",
)
SIZES: Final = {"variants": 10, "metrics": 20, "steps": 8, "audience": 20}


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An arm; the first is the control."""

    name: str
    weight: float = 1.0
    payload: Mapping[str, Any] = {}
    description: str = ""


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an experiment is judged by, from events of one name.

    Attributes
    ----------
    kind
        `proportion`: units with an event. `mean`: sum of its values. `count`: how many.
        `ratio`: sum of values over the sum of those of `per`. `quantile`: of the units'
        sums, at `level`, among units with an event. `funnel`: how far through `steps`.
    role
        A `goal` decides; a `guardrail` must not get worse by more than `margin`;
        `secondary` explains.
    window_hours
        Events count so long after exposure, and units once that time is over.
    cap_percentile
        Values above this percentile of all arms together count as it; 0 is no cap.
    covariate
        Whether events from before exposure are used to explain those after (CUPED).
    prior_deviation
        What is believed of lifts before: normal around 0; 0 is no belief.
    """

    name: str
    kind: Kind = "proportion"
    event: str = ""
    per: str = ""
    steps: tuple[str, ...] = ()
    level: float = 0.9
    role: Role = "goal"
    better: Better = "higher"
    margin: float = 0.0
    window_hours: float = 0.0
    cap_percentile: float = 0.0
    covariate: bool = False
    prior_deviation: float = 0.0


class Namespace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of everybody: experiments with parts that do not meet share nobody."""

    name: str
    start: float = 0.0
    end: float = 1.0


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An experiment, without its name and its state.

    Attributes
    ----------
    unit
        Who is put into an arm: a respondent, whatever they answer, or each session.
    audience
        Constraints as flags have them; all have to hold.
    share
        The part of the audience that takes part; raising it moves nobody.
    forced
        Variants by unit, for a look at each; left out of results.
    planned_units
        Of all arms together: the end of the plan. 0 is not known.
    segment_by
        The attribute by which results are shown apart as well; empty is none.
    """

    variants: tuple[Variant, ...]
    metrics: tuple[Metric, ...] = ()
    unit: Unit = "respondent"
    audience: tuple[Mapping[str, Any], ...] = ()
    share: float = 1.0
    namespace: Namespace | None = None
    looking: LookingAs = "group_sequential"
    alpha: float = 0.05
    power: float = 0.8
    planned_units: int = 0
    min_days: int = 7
    segment_by: str = "device"

    @property
    def control(self) -> Variant:
        """Return the arm that the others are compared with."""
        return self.variants[0]

    @property
    def longest_window_hours(self) -> float:
        """Return how long after exposure the last event counts; 0 is no limit."""
        return max((one.window_hours for one in self.metrics), default=0.0)


def read(document: Mapping[str, Any]) -> Design:
    """Return a stored design.

    Raises
    ------
    msgspec.ValidationError
        It has another shape; the message names the place.
    """
    return msgspec.convert(document, Design)


def dump(design: Design) -> dict[str, Any]:
    """Return a design as JSON holds it, all fields named."""
    found: dict[str, Any] = msgspec.to_builtins(design)
    return found
