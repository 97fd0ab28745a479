"""How likely an effect is, given what was believed before."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Array, floats


@dataclass(frozen=True, slots=True)
class Prior:
    """What was believed of an effect before: normal; no variance is no belief."""

    mean: float = 0.0
    variance: float = float("inf")


FLAT = Prior()


@dataclass(frozen=True, slots=True)
class Posterior:
    """What to believe of an effect; all arrays of shape `(...)`.

    Attributes
    ----------
    mean, error, low, high
        Its mean, standard deviation and equal-tailed interval.
    chance
        That the effect is above 0; of a metric that should fall, 1 - chance is won.
    gain, loss
        What is expected to be lost by staying (E[max(effect, 0)]), and by changing
        (E[max(-effect, 0)]).
    """

    mean: Array
    error: Array
    low: Array
    high: Array
    chance: Array
    gain: Array
    loss: Array


def normal_posterior(
    point: ArrayLike, error: ArrayLike, alpha: float, prior: Prior = FLAT
) -> Posterior:
    """Return what to believe of an effect with this standard error.

    Notes
    -----
    Normal with a normal prior: precisions add. With z = mean / error, the gain is
    mean Φ(z) + error φ(z), the loss error φ(z) - mean Φ(-z).

    >>> round(normal_posterior(0.2, 0.153362316, 0.05).chance.item(), 4)
    0.9039
    """
    precision = 1 / floats(error) ** 2 + 1 / prior.variance
    known = prior.mean / prior.variance
    mean = (floats(point) / floats(error) ** 2 + known) / precision
    deviation = 1 / np.sqrt(precision)
    z = mean / deviation
    width = -special.ndtri(alpha / 2) * deviation
    return Posterior(
        mean=mean,
        error=deviation,
        low=mean - width,
        high=mean + width,
        chance=special.ndtr(z),
        gain=deviation * _expected_above(z),
        loss=deviation * _expected_above(-z),
    )


def _expected_above(z: Array) -> Array:
    """Return E[max(z + N, 0)], which keeps its digits far below 0.

    φ(z) + z Φ(z) cancels there: with the Mills ratio m = Φ(z) / φ(z) it is
    φ(z) (1 + z m), and 1 + z m goes as 1 / z² - 3 / z⁴ + 15 / z⁶ - 105 / z⁸.
    """
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    mills = np.sqrt(np.pi / 2) * special.erfcx(-np.minimum(z, 0.0) / np.sqrt(2.0))
    far = 1 / np.where(z < 0, z, -1.0) ** 2
    series = far * (1 - far * (3 - far * (15 - far * (105 - 945 * far))))
    below = density * np.where(z < -25, series, 1 + np.minimum(z, 0.0) * mills)  # noqa: PLR2004 - ten digits from there
    return floats(np.where(z < 0, below, density + z * special.ndtr(z)))
