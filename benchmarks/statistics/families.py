"""What our statistics answer to each family of reference cases."""

from collections.abc import Callable
from typing import Any, Final

from . import comparisons, decisions
from .comparing import Answers

FAMILIES: Final[dict[str, Callable[[dict[str, Any]], Answers]]] = {
    "proportion": comparisons.proportions,
    "mean": comparisons.others,
    "ratio": comparisons.others,
    "cuped": comparisons.others,
    "quantile": comparisons.others,
    "sequential": comparisons.sequences,
    "bayesian": comparisons.beliefs,
    "guardrail": comparisons.guardrails,
    "srm": decisions.shares,
    "sequential_srm": decisions.shares_over_time,
    "multiple": decisions.corrections,
    "group_sequential": decisions.boundaries,
    "power": decisions.sizes,
}
