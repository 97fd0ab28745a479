"""The overview's page: figures as people read them, and their pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.formats import DASH, number, percent
from detection.facade import CHECKS, VERDICTS
from sessions_app.facade import ChangedSurvey, Figures, Overview, Wanted

from ..engine.columns import Bar, bars, line
from .words import Fact, Text

# What needs a look first, from the bottom of a column to its top.
KINDS: Final = ("bot", "suspicious", "undecided", "human")
NAMES: Final[Mapping[str, Text]] = dict(VERDICTS)
WIDTH: Final = 720
HEIGHT: Final = 160
SHARE_HEIGHT: Final = 80
# The links above: how many days, and what they are called.
SPANS: Final = (1, 7, 30, 90)


@dataclass(frozen=True, slots=True)
class Share:
    """How many sessions have a verdict."""

    kind: str
    name: Text
    count: str
    share: str


@dataclass(frozen=True, slots=True)
class Day:
    """A line of the table behind the picture."""

    name: str
    sessions: str
    counts: Sequence[str]
    undecided: str
    events: str


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A check that fired, and the bar that shows how often."""

    name: Text
    code: str
    count: str
    width: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A survey whose share of bots changed."""

    name: str
    link: str
    before: str
    now: str
    interval: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A link to the last so many days."""

    name: Text
    link: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """All that the page shows."""

    spans: Sequence[Span]
    facts: Sequence[Fact]
    shares: Sequence[Share]
    is_empty: bool
    bars: Sequence[Bar]
    most: str
    undecided: str
    first: str
    last: str
    days: Sequence[Day]
    verdicts: Sequence[Text]
    reasons: Sequence[ShownReason]
    changes: Sequence[ShownChange]
    width: int
    height: int
    share_height: int


def overview_page(
    wanted: Wanted,
    seen: Overview,
    changes: Sequence[ChangedSurvey],
    asked: QueryDict,
) -> OverviewPage:
    """Return the page of some days."""
    days = list(seen.days.items())
    counts = [[day.by_verdict[kind] for kind in KINDS] for _date, day in days]
    return OverviewPage(
        spans=_spans(wanted, asked),
        facts=_facts(seen),
        shares=[_share(kind, seen.total) for kind in KINDS],
        is_empty=not seen.total.sessions,
        bars=bars(counts, KINDS, WIDTH, HEIGHT),
        most=number(max(map(sum, counts), default=0)),
        undecided=line(
            [day.share("undecided") for _date, day in days], WIDTH, SHARE_HEIGHT
        ),
        first=_short(wanted.first_day),
        last=_short(wanted.last_day),
        days=[_day(at, day) for at, day in reversed(days) if day.sessions],
        verdicts=[NAMES[kind] for kind in KINDS],
        reasons=_reasons(seen),
        changes=[_change(one, asked) for one in changes],
        width=WIDTH,
        height=HEIGHT,
        share_height=SHARE_HEIGHT,
    )


def _facts(seen: Overview) -> Sequence[Fact]:
    total = seen.total
    return [
        Fact(_("Sessions"), number(total.sessions)),
        Fact(_("Not final yet"), number(seen.under_way)),
        Fact(_("Events"), number(total.events)),
        Fact(_("Batches"), number(total.batches)),
        Fact(_("Judging a batch, median"), _ms(seen.median_ms)),
        Fact(_("Judging a batch, 95 %"), _ms(seen.p95_ms)),
    ]


def _ms(time_ms: float | None) -> str:
    """Return a time; it is known within 19 %, so two digits say all."""
    if time_ms is None:
        return DASH
    return _("%(time)s ms") % {"time": number(time_ms, 1 if time_ms < 10 else 0)}  # noqa: PLR2004 - two digits


def _share(kind: str, total: Figures) -> Share:
    return Share(
        kind, NAMES[kind], number(total.by_verdict[kind]), percent(total.share(kind))
    )


def _day(at: date, day: Figures) -> Day:
    return Day(
        _short(at),
        number(day.sessions),
        [number(day.by_verdict[kind]) for kind in KINDS],
        percent(day.share("undecided")),
        number(day.events),
    )


def _reasons(seen: Overview) -> Sequence[ShownReason]:
    most = max((count for _code, count in seen.reasons), default=0)
    return [
        ShownReason(CHECKS.get(code, code), code, number(n), f"{100 * n / most:.1f}")
        for code, n in seen.reasons
    ]


def _change(one: ChangedSurvey, asked: QueryDict) -> ShownChange:
    change = one.change
    return ShownChange(
        one.survey.name,
        _link(asked, survey=str(one.survey.id)),
        percent(change.before),
        percent(change.now),
        _("%(low)s to %(high)s")
        % {"low": percent(change.low), "high": percent(change.high)},
        is_worse=change.difference > 0,
    )


def _spans(wanted: Wanted, asked: QueryDict) -> Sequence[Span]:
    names = (_("1 day"), _("7 days"), _("30 days"), _("90 days"))
    return [
        Span(
            name,
            _link(
                asked,
                first=str(wanted.last_day - timedelta(days=days - 1)),
                last=str(wanted.last_day),
            ),
            is_chosen=len(wanted.days) == days,
        )
        for name, days in zip(names, SPANS, strict=True)
    ]


def _link(asked: QueryDict, **changed: str) -> str:
    """Return the same question with some of it changed."""
    query = asked.copy()
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
