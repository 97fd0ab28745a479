"""Which spans are planned: arithmetic, no database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, strategies as some

from common.ids import new_id
from common.partitions.bounds import (
    Bounds,
    first_id,
    moment_of,
    span_of,
    spans_ahead,
    uncovered,
    whole_before,
)

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
MOMENTS = some.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2500, 1, 1),  # noqa: DTZ001
    timezones=some.just(UTC),
)
DAYS = some.integers(1, 366)


def weeks(first: int, last: int) -> Bounds:
    """Return a span from one week to another, counted from now."""
    return Bounds(
        first_id(NOW + timedelta(weeks=first)), first_id(NOW + timedelta(weeks=last))
    )


def test_id_tells_when_it_was_made() -> None:
    """As the clock of its maker said."""
    before = datetime.now(UTC) - timedelta(milliseconds=1)  # noqa: TID251
    made = moment_of(new_id())
    assert before <= made <= datetime.now(UTC)  # noqa: TID251


@given(moment=MOMENTS)
def test_first_id_of_a_moment_is_before_all_others_of_it(moment: datetime) -> None:
    """To the millisecond."""
    first = first_id(moment)
    assert timedelta(0) <= moment - moment_of(first) < timedelta(milliseconds=1)
    assert first <= UUID(int=first.int | (1 << 80) - 1)


def test_moments_before_1970_are_1970() -> None:
    """Ids have no sign; whoever keeps rows for a century asks for 1926."""
    assert first_id(datetime(1926, 1, 1, tzinfo=UTC)) == UUID(int=0)


def test_id_of_no_clock_has_no_moment() -> None:
    """Rather than some year."""
    with pytest.raises(OverflowError):
        moment_of(UUID(int=2**128 - 1))


def test_weeks_begin_on_mondays() -> None:
    """As calendars show them, and parts are called."""
    span = span_of(NOW, days=7)
    assert moment_of(span.start) == datetime(2026, 11, 23, tzinfo=UTC)
    assert moment_of(span.end) == datetime(2026, 11, 30, tzinfo=UTC)


@given(moment=MOMENTS, days=DAYS)
def test_moment_lies_in_its_span(moment: datetime, days: int) -> None:
    """Of any length."""
    assert first_id(moment) in span_of(moment, days=days)


@given(now=MOMENTS, days=DAYS, ahead=some.integers(1, 52))
def test_spans_ahead_leave_no_hole(now: datetime, days: int, ahead: int) -> None:
    """Each begins where the one before ends."""
    spans = spans_ahead(now, days=days, ahead=ahead)
    assert len(spans) == ahead + 1
    assert all(one.end == next_.start for one, next_ in pairwise(spans))


@given(
    edges=some.lists(some.integers(-20, 20), max_size=8, unique=True).map(sorted),
    wanted=some.tuples(some.integers(-20, 19), some.integers(1, 10)),
)
def test_pieces_fill_a_span_and_meet_nothing(
    edges: list[int], wanted: tuple[int, int]
) -> None:
    """Whatever spans there are already."""
    existing = [weeks(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    span = weeks(wanted[0], wanted[0] + wanted[1])
    pieces = [*uncovered(span, existing)]
    for week in range(-25, 35):
        here = weeks(week, week + 1).start
        there = sum(here in one for one in [*existing, *pieces])
        assert there == (here in span or any(here in one for one in existing))


def test_past_is_not_cut_through_a_span() -> None:
    """What is dropped as a whole in a week is not deleted row by row today."""
    existing = [weeks(-2, -1), weeks(-1, 0)]
    assert whole_before(NOW - timedelta(days=3), existing) == existing[1].start
    assert whole_before(NOW - timedelta(days=30), existing) == first_id(
        NOW - timedelta(days=30)
    )
