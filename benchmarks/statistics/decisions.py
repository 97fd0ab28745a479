"""Reference cases about shares, several p-values, boundaries and sizes."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import optimize

from experiments.engine import statistics as stats

from .comparing import Answers, Number


def shares(case: dict[str, Any]) -> Answers:
    """Answer with the chi-square test; zero-weight arms are no arms."""
    found = stats.chi_square(case["inputs"]["observed"], case["inputs"]["weights"])
    return {
        "independent.scipy": {"chisquare_p": found.p},
        "independent.mpmath": {"chisquare_p": found.p, "log10_p": found.log10_p},
    }


def shares_over_time(case: dict[str, Any]) -> Answers:
    """Answer with the sequential multinomial test."""
    inputs = case["inputs"]
    counts = np.cumsum(inputs["batches"], axis=0)
    found = stats.sequential(counts, inputs["theta"], inputs["k"]).tolist()
    steps = case["expected"].get("independent.savvi")
    if isinstance(steps, list):
        named = {str(at): step for at, step in enumerate(steps)}
        case["expected"]["independent.savvi"] = named
    return {
        "independent.savvi": {f"{at}.running_min_p": p for at, p in enumerate(found)},
    }


def corrections(case: dict[str, Any]) -> Answers:
    """Answer with Holm and Benjamini-Hochberg."""
    p_values = case["inputs"]["p_values"]
    numbers: dict[str, Number] = {
        "holm": stats.holm(p_values).tolist(),
        "fdr_bh": stats.benjamini_hochberg(p_values).tolist(),
    }
    return {
        "independent.statsmodels": numbers,
        "independent.growthbook_typescript_rule": numbers,
    }


def boundaries(case: dict[str, Any]) -> Answers:
    """Answer with the bounds, and with how often nothing crosses them."""
    inputs = case["inputs"]
    information = tuple(inputs["information"])
    found = stats.bounds(information, inputs["alpha"])
    total = stats.crossing(information, found).total
    simulated = case["expected"].get("independent.monte_carlo") or {}
    # Four standard errors of the simulation itself.
    margin = 4 * np.sqrt(0.05 * 0.95 / simulated.get("n", 1))
    near = abs(total - simulated.get("total_type_1", total)) <= margin
    return {
        "independent.spotify_confidence": {"z_bounds": list(found)},
        "independent.monte_carlo": {
            "total_type_1": simulated.get("total_type_1") if near else total
        },
    }


def sizes(case: dict[str, Any]) -> Answers:
    """Answer with whichever of units, power and effect the case does not give."""
    inputs = case["inputs"]
    baseline = stats.Baseline(inputs["baseline"], inputs.get("sd"))
    ratio = inputs.get("ratio", 1.0)
    # Libraries differ in which arm the ratio multiplies.
    plans = [
        stats.Plan(baseline, inputs["alpha"], treatment_per_control=per_control)
        for per_control in {ratio, 1 / ratio}
    ]
    units = inputs.get("n_per_arm", inputs.get("n_control"))
    if units is None:
        lift, power = inputs["rel_mde"], inputs["power"]
        found = [stats.units_for(plan, lift, power) for plan in plans]
        exact = [_either_way(plan, lift, power) for plan in plans]
        return {
            "independent.normal_unpooled": {"n_control": found},
            "independent.statsmodels": {"NormalIndPower_n": exact},
        }
    if "rel_mde" in inputs:
        powers = [stats.power_of(plan, inputs["rel_mde"], units) for plan in plans]
        return {"independent.normal_unpooled": {"power": powers}}
    return _smallest(case, plans, units, inputs["power"])


def _either_way(plan: stats.Plan, lift: float, power: float) -> float:
    """Return the units, finds in the wrong direction counted: a millionth fewer."""
    about = stats.units_for(plan, lift, power)

    def missing(units: float) -> float:
        return stats.power_of(plan, lift, units) - power

    return float(optimize.brentq(missing, about / 2, about * 2, rtol=1e-12))


def _smallest(
    case: dict[str, Any], plans: list[stats.Plan], units: float, power: float
) -> Answers:
    """Answer with the smallest effect: of the difference, and of the lift."""
    found = []
    for plan in plans:
        for of_lift in (False, True):
            with suppress(ValueError):
                kind = replace(plan, of_lift=of_lift)
                found.append(stats.detectable(kind, units, power))
    return {
        name: {key: found for key in numbers if "mde" in key}
        for name, numbers in case["expected"].items()
        if isinstance(numbers, dict)
    }
