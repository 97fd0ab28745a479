"""Numbers as people read them, in the language of the moment."""

from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

# For what is not there, and between the ends of a range.
DASH: Final = "\N{EN DASH}"
# Nobody is certain: what rounds to all or to nothing is written as nearly so.
LEAST_LIKELY: Final = 0.001


def number(value: float | None, digits: int | None = None) -> str:
    """Return a number with the signs of the language."""
    if value is None:
        return DASH
    if digits is not None:
        # Django cuts off what it does not show.
        value = round(value, digits)
    elif float(value).is_integer():
        value = int(value)
    return number_format(value, digits, use_l10n=True, force_grouping=True)


def percent(share: float | None) -> str:
    """Return a share of one as a percentage."""
    if share is None:
        return DASH
    return _("%(number)s %%") % {"number": number(100 * share, 1)}


def likelihood(probability: float | None) -> str:
    """Return a probability as a percentage that is never 0 and never 100.

    Examples
    --------
    >>> likelihood(0.99996), likelihood(0.5), likelihood(0.0)
    ('99.9 %', '50.0 %', '0.1 %')
    """
    if probability is None:
        return DASH
    return percent(min(max(probability, LEAST_LIKELY), 1 - LEAST_LIKELY))
