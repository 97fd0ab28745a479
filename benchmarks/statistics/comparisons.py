"""Two arms of a reference case, compared by our statistics."""

from typing import Any, Final

import numpy as np

from experiments.engine import statistics as stats

from .comparing import GROWTHBOOK, Answers, Number, failed

MPMATH: Final = "independent.mpmath"
SCALES: Final = ("relative", "absolute")


def estimate(arm: dict[str, Any], raw: Any) -> stats.Estimate:
    """Return what an arm of a case says, by the sums that it has."""
    # Of pairs, what a ratio or an adjustment is made of, the sums are exact enough.
    if raw is not None and not isinstance(raw, dict):
        return stats.mean(stats.Moments.of(raw))
    if "m_sum" in arm:
        return stats.ratio(_pair(arm, "m", "d", "m_d_sum_of_products"))
    if "sum_squares" in arm:
        sums, squares = [arm["sum"]], [[arm["sum_squares"]]]
        return stats.mean(stats.Moments.of_sums(arm["n"], sums, squares))
    return stats.proportion(arm["n"], arm["sum"])


def contrast(case: dict[str, Any]) -> stats.Contrast:
    """Return the difference of a case's arms."""
    inputs = case["inputs"]
    arms = [inputs["control"], inputs["treatment"]]
    if "post_sum" in arms[0]:
        product = "post_pre_sum_of_products"
        return stats.adjusted_contrast(
            *(_pair(a, "post", "pre", product) for a in arms)
        )
    if "q" in arms[0]:
        return stats.contrast(*(_quantile(arm, inputs["nu"]) for arm in arms))
    raw = case.get("raw") or {}
    return stats.contrast(
        estimate(arms[0], raw.get("control")), estimate(arms[1], raw.get("treatment"))
    )


def proportions(case: dict[str, Any]) -> Answers:
    """Answer with the difference, and with what holds where events are few."""
    inputs = case["inputs"]
    answers = others(case)
    control, treatment = _counts(inputs["control"]), _counts(inputs["treatment"])
    if min(control[0], treatment[0]) == 0:
        return answers
    z = float(stats.fixed(np.inf, inputs["alpha"]).item())
    ratio = stats.log_ratio_adjusted(control, treatment, z)
    answers["independent.scipy"] = {
        "fisher_exact_p": _float(stats.fisher(control, treatment))
    }
    answers["independent.statsmodels"] = {
        "ci_diff_newcomb": _pair_of(stats.newcombe(control, treatment, z)),
        "ci_ratio_log-adjusted": [one + 1 for one in _pair_of(ratio)],
        "ci_control_wilson": _pair_of(stats.wilson(*control, z)),
        "ci_treatment_wilson": _pair_of(stats.wilson(*treatment, z)),
    }
    for name, prior in (("jeffreys", 0.5), ("uniform", 1.0)):
        chance = stats.chance_higher(control, treatment, (prior, prior))
        key = f"independent.beta_binomial_{name}"
        answers[key] = {"chance_treatment_higher": _float(chance)}
    return answers


def others(case: dict[str, Any]) -> Answers:
    """Answer with the difference and the lift of GrowthBook's kind."""
    alpha, difference = case["inputs"]["alpha"], contrast(case)
    critical = stats.fixed(difference.dof, alpha)
    effects = {
        "absolute": stats.absolute(difference, critical),
        "relative": stats.lift(difference, critical, stats.Lift.DELTA),
    }
    numbers: dict[str, Number] = {}
    for scale, effect in effects.items():
        numbers |= {f"{scale}.{name}": one for name, one in _named(effect).items()}
        numbers[f"{scale}.dof"] = _float(difference.dof)
    return _by_precision(case, numbers)


def sequences(case: dict[str, Any]) -> Answers:
    """Answer with confidence sequences."""
    inputs, difference = case["inputs"], contrast(case)
    alpha, tightest = inputs["alpha"], inputs["tuning_parameter"]
    critical = stats.critical_always(difference.units, alpha, tightest)
    answers: Answers = {GROWTHBOOK: {}}
    for scale in SCALES:
        effect = (
            stats.absolute(difference, critical)
            if scale == "absolute"
            else stats.lift(difference, critical, stats.Lift.DELTA)
        )
        z = effect.point / effect.error
        p = stats.always_valid_p(z, difference.units, alpha, tightest)
        found = _named(effect) | {"p_value": _float(p)}
        found.pop("log10_p")
        answers[GROWTHBOOK] |= {f"{scale}.{name}": one for name, one in found.items()}
        answers[f"independent.{scale}"] = {
            f"{library}.{name}": one
            for library in ("confseq", "mpmath")
            for name, one in found.items()
        }
    return answers


def beliefs(case: dict[str, Any]) -> Answers:
    """Answer with the posterior of an effect."""
    inputs, difference = case["inputs"], contrast(case)
    critical = stats.fixed(difference.dof, inputs["alpha"])
    effect = (
        stats.absolute(difference, critical)
        if inputs["difference"] == "absolute"
        else stats.lift(difference, critical, stats.Lift.DELTA)
    )
    given = inputs["prior"]
    variance = given["variance"] if given["proper"] else np.inf
    sign = -1.0 if inputs["inverse"] else 1.0
    believed = stats.normal_posterior(
        sign * effect.point,
        effect.error,
        inputs["alpha"],
        stats.Prior(sign * given["mean"], variance),
    )
    bounds = sorted([sign * believed.low.item(), sign * believed.high.item()])
    numbers: dict[str, Number] = {
        "expected": _float(sign * believed.mean),
        "standard_error": _float(believed.error),
        "ci": _finite(bounds),
        "chance_to_win": _float(believed.chance),
        "risk": _finite([believed.gain.item(), believed.loss.item()]),
    }
    scale = inputs["difference"]
    if isinstance(case["expected"].get("independent.scipy"), dict):
        return {"independent.scipy": numbers} | _chances(inputs)
    return {GROWTHBOOK: {f"{scale}.{name}": one for name, one in numbers.items()}}


def guardrails(case: dict[str, Any]) -> Answers:
    """Answer with the worst that a lift may be."""
    inputs, difference = case["inputs"], contrast(case)
    falls = inputs["preferred_direction"] == "decrease"
    found = stats.guard(
        difference,
        inputs["nim"],
        stats.fixed(difference.dof, 2 * inputs["alpha"]),
        should_fall=falls,
        method=stats.Lift.DELTA,
    )
    worst = found.worst.item()
    numbers: dict[str, Number] = {
        "relative.expected": _float(found.point),
        "relative.ci": [-np.inf, worst] if falls else [worst, np.inf],
        "relative.p_value": _float(found.p),
    }
    return {GROWTHBOOK: numbers, MPMATH: numbers}


def _by_precision(case: dict[str, Any], numbers: dict[str, Number]) -> Answers:
    """Return numbers for the reference with the most digits; without it, GrowthBook's.

    Of a quantile that GrowthBook refuses, the digits evaluate a formula that does not
    hold there.
    """
    exact = case["expected"].get(MPMATH) or {}
    has = {scale for scale in SCALES if exact.get(scale) is not None}
    refused = case["expected"].get(GROWTHBOOK) or {}
    if case["family"] == "quantile":
        has -= {scale for scale in has if failed(refused.get(scale) or {})}
    return {
        MPMATH: {n: one for n, one in numbers.items() if n.partition(".")[0] in has},
        GROWTHBOOK: {
            n: one for n, one in numbers.items() if n.partition(".")[0] not in has
        },
    }


def _chances(inputs: dict[str, Any]) -> Answers:
    """Return the exact chance of two shares."""
    control, treatment = inputs["control"], inputs["treatment"]
    if any(set(arm) != {"n", "sum"} for arm in (control, treatment)):
        return {}
    chance = stats.chance_higher(_counts(control), _counts(treatment))
    name = "independent.beta_binomial_uniform"
    return {name: {"chance_treatment_higher": _float(chance)}}


def _counts(arm: dict[str, Any]) -> tuple[float, float]:
    """Return units and successes."""
    return arm["n"], arm["sum"]


def _pair(arm: dict[str, Any], one: str, other: str, product: str) -> stats.Moments:
    """Return the moments of two variables."""
    both = arm[product]
    return stats.Moments.of_sums(
        arm["n"],
        [arm[f"{one}_sum"], arm[f"{other}_sum"]],
        [[arm[f"{one}_sum_squares"], both], [both, arm[f"{other}_sum_squares"]]],
    )


def _quantile(arm: dict[str, Any], level: float) -> stats.Estimate:
    """Return a quantile and its variance."""
    bounds = {"point": arm["q"], "low": arm["lo"], "high": arm["hi"]}
    return stats.quantile(arm["n"], arm["n_star"], level, **bounds)


def _named(effect: stats.Effect) -> dict[str, Number]:
    """Return an effect's numbers under the names of the cases."""
    return {
        "expected": _float(effect.point),
        "standard_error": _float(effect.error),
        "ci": _finite([effect.low.item(), effect.high.item()]),
        "p_value": _float(effect.p),
        "log10_p": _float(effect.log10_p),
    }


def _float(value: stats.Array) -> float | None:
    """Return a number, or None for what cannot be computed."""
    number = float(value)
    return None if np.isnan(number) else number


def _finite(values: list[float]) -> list[float] | None:
    """Return numbers, or None if one cannot be computed."""
    return None if any(np.isnan(one) for one in values) else values


def _pair_of(bounds: tuple[stats.Array, stats.Array]) -> list[float]:
    """Return an interval's bounds."""
    return [bounds[0].item(), bounds[1].item()]
