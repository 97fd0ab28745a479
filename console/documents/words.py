"""Numbers and values as people read them, in the language of the moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, pgettext

from common.formats import DASH, number
from detection.facade import EVIDENCE

Text = str | Promise

TIMES: Final = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value, such as a line of a list."""

    name: Text
    value: Text


def clock(at_ms: float | None, *, tenths: bool = False) -> str:
    """Return a moment of a session, as minutes and seconds.

    Rounded down, as clocks are: `1:05` is the second that began at 65 s.
    """
    if at_ms is None:
        return DASH
    seconds = floor(at_ms / 1000)
    hours, minutes = divmod(seconds // 60, 60)
    text = f"{minutes}:{seconds % 60:02}"
    if hours:
        text = f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{text}.{floor(at_ms / 100) % 10}" if tenths else text


def moment(at: datetime | None) -> str:
    """Return a date and a time to the second."""
    if at is None:
        return DASH
    at = localtime(at)
    return f"{date_format(at, 'SHORT_DATE_FORMAT')} {at:%H:%M:%S}"


def yes_or_no(*, value: bool | None) -> str:
    """Return an answer; None is not known."""
    if value is None:
        return _("Not known")
    return pgettext("answer", "Yes") if value else pgettext("answer", "No")


def evidence(values: Mapping[str, float | int | str]) -> Sequence[Fact]:
    """Return what a check measured, with its names."""
    return [
        Fact(
            EVIDENCE.get(name, name),
            value if isinstance(value, str) else number(value),
        )
        for name, value in values.items()
    ]
