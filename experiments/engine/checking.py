"""What is wrong with a design, each fault with its place and a code."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .design import SIZES, Design, Metric

LONGEST_NAME: Final = 100
# What a name is made of, beside letters and digits.
_BESIDE: Final = frozenset("._-")
# A percentile below this caps half of everybody's values.
LEAST_PERCENTILE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is (a JSON pointer), and what it is."""

    place: str
    code: str


def is_name(text: str) -> bool:
    """Say whether something may be the name of an experiment, arm, metric or event."""
    plain = all(one.isascii() and (one.isalnum() or one in _BESIDE) for one in text)
    return bool(text) and plain and text[0].isalnum() and len(text) <= LONGEST_NAME


def faults(design: Design) -> list[Fault]:
    """Return what is wrong; nothing if it can be started."""
    return [*_sizes(design), *_variants(design), *_metrics(design), *_numbers(design)]


def _sizes(design: Design) -> Iterator[Fault]:
    for name in ("variants", "metrics", "audience"):
        if len(getattr(design, name)) > SIZES[name]:
            yield Fault(f"/{name}", "too_many")
    if len(design.variants) < 2:  # noqa: PLR2004 - one arm has nothing beside it
        yield Fault("/variants", "too_few")


def _variants(design: Design) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, one in enumerate(design.variants):
        place = f"/variants/{at}"
        if not is_name(one.name):
            yield Fault(f"{place}/name", "not_a_name")
        if one.name in seen:
            yield Fault(f"{place}/name", "taken")
        if not (math.isfinite(one.weight) and 0 <= one.weight <= 1e6):  # noqa: PLR2004 - a limit like another
            yield Fault(f"{place}/weight", "out_of_range")
        seen.add(one.name)
    weights = [one.weight for one in design.variants if math.isfinite(one.weight)]
    if design.variants and sum(1 for one in weights if one > 0) < 2:  # noqa: PLR2004 - as above
        yield Fault("/variants", "too_few_with_weight")


def _metrics(design: Design) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, one in enumerate(design.metrics):
        place = f"/metrics/{at}"
        if not is_name(one.name):
            yield Fault(f"{place}/name", "not_a_name")
        if one.name in seen:
            yield Fault(f"{place}/name", "taken")
        seen.add(one.name)
        for field, code in _of_metric(one):
            yield Fault(f"{place}/{field}", code)


def _of_metric(metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield the fields of a metric that are wrong."""
    yield from _events(metric)
    if metric.role == "guardrail" and not 0 < metric.margin < 1:
        yield "margin", "out_of_range"
    if not 0 < metric.level < 1:
        yield "level", "out_of_range"
    capped = metric.cap_percentile
    if capped != 0 and not LEAST_PERCENTILE <= capped < 1:
        yield "cap_percentile", "out_of_range"
    if not 0 <= metric.window_hours <= 24 * 90:
        yield "window_hours", "out_of_range"
    if not 0 <= metric.prior_deviation <= 10:  # noqa: PLR2004 - a thousand per cent
        yield "prior_deviation", "out_of_range"
    if metric.covariate and metric.kind not in {"mean", "count"}:
        yield "covariate", "not_of_this_kind"


def _events(metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the events that a metric is made of."""
    if metric.kind == "funnel":
        yield from _steps(metric)
        return
    if not is_name(metric.event):
        yield "event", "not_a_name"
    if metric.kind == "ratio" and not is_name(metric.per):
        yield "per", "not_a_name"


def _steps(metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a funnel."""
    if not 2 <= len(metric.steps) <= SIZES["steps"]:  # noqa: PLR2004 - one is no funnel
        yield "steps", "out_of_range"
    if metric.role != "secondary":
        yield "role", "not_of_this_kind"
    for at, step in enumerate(metric.steps):
        if not is_name(step):
            yield f"steps/{at}", "not_a_name"


def _numbers(design: Design) -> Iterator[Fault]:
    ranges = {
        "share": 0 <= design.share <= 1,
        "alpha": 0.0001 <= design.alpha <= 0.5,  # noqa: PLR2004 - limits
        "power": 0.5 <= design.power < 1,  # noqa: PLR2004 - limits
        "planned_units": 0 <= design.planned_units <= 10**9,
        "min_days": 0 <= design.min_days <= 365,  # noqa: PLR2004 - a year
    }
    for name, is_fine in ranges.items():
        if not is_fine:
            yield Fault(f"/{name}", "out_of_range")
    space = design.namespace
    if space is not None and not (
        is_name(space.name) and 0 <= space.start < space.end <= 1
    ):
        yield Fault("/namespace", "out_of_range")
    if design.looking == "group_sequential" and not design.planned_units:
        yield Fault("/planned_units", "needed_for_group_sequential")
