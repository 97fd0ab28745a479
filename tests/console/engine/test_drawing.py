"""The pictures of a session: what is drawn is what happened."""

import re

import pytest
from hypothesis import given, strategies as st

from console.engine.axis import MOST_TICKS, Axis, axis_over
from console.engine.course import Step, course
from console.engine.lanes import LANE_OF, LANES, lanes
from console.engine.trail import MOST_POINTS, SHADES, Point, trail
from detection.engine.events import AnyEvent

times = st.floats(0, 604_800_000)


@given(st.lists(times, min_size=1))
def test_axis_holds_every_moment(moments: list[float]) -> None:
    """Nothing is drawn outside of the picture."""
    axis = axis_over(moments)
    assert axis is not None
    assert all(0 <= axis.percent(at_ms) <= 100 for at_ms in moments)


def test_without_moments_there_is_no_axis() -> None:
    """A session without events has no picture."""
    assert axis_over([]) is None


@given(times, times)
def test_few_ticks_at_round_moments(start: float, length: float) -> None:
    """As many as a phone has room for, each on a whole second."""
    ticks = Axis(start, start + length).ticks()
    assert len(ticks) <= MOST_TICKS + 1
    assert all(tick.at_ms % 1000 == 0 for tick in ticks)


def test_each_kind_of_event_has_a_lane() -> None:
    """A new event must be put somewhere before it is released."""
    kinds = {str(kind.__struct_config__.tag) for kind in AnyEvent.__args__}
    assert kinds == set(LANE_OF)


def test_lanes_count_what_happened() -> None:
    """And silent ones are there, with nothing in them."""
    events = [(0.0, "keydown"), (80.0, "keyup"), (90.0, "keydown"), (1000.0, "click")]
    by_name = {lane.name: lane for lane in lanes(events, Axis(0, 1000))}
    assert list(by_name) == list(LANES)
    keyboard = by_name["keyboard"]
    assert (keyboard.count, keyboard.by_kind) == (3, {"keydown": 2, "keyup": 1})
    assert (keyboard.first_ms, keyboard.last_ms) == (0.0, 90.0)
    assert by_name["touch"].count == 0
    assert by_name["touch"].outline == ""
    assert by_name["touch"].first_ms is None


def test_last_event_stays_in_the_picture() -> None:
    """The end of the axis belongs to the last bar."""
    click = lanes([(1000.0, "click")], Axis(0, 1000))[2]
    assert click.outline.startswith("M995 ")


def test_course_marks_where_the_verdict_changed() -> None:
    """The first, the last, and each that is another than the one before."""
    said = ["undecided", "undecided", "human", "human", "bot", "bot"]
    steps = [Step(n, 100 * n, word, 0.5) for n, word in enumerate(said)]
    marks = course(steps, Axis(0, 500)).marks
    assert [mark.step.seq for mark in marks] == [0, 2, 4, 5]
    assert [mark.x_percent for mark in marks] == [0, 40, 80, 100]


def test_no_batch_no_course() -> None:
    """Nothing was said yet."""
    assert course([], Axis(0, 1)).line == ""


def test_likely_bots_are_drawn_at_the_top() -> None:
    """As everyone reads a chart."""
    mark = course([Step(0, 0, "bot", 0.9)], Axis(0, 1)).marks[0]
    assert mark.y_percent == pytest.approx(10)


def test_jumps_are_no_strokes() -> None:
    """Between two far points a hand would have been seen on its way."""
    picture = trail([Point(0, 0, 0), Point(10, 5, 5), Point(20, 900, 700)], None)
    assert picture is not None
    assert picture.jump_count == 1
    assert picture.jumps == "M5 5L900 700"
    assert [stroke.path for stroke in picture.strokes] == ["M0 0L5 5"]


def test_finger_that_lands_did_not_jump() -> None:
    """It was lifted, and came down elsewhere."""
    tap = {"is_press": True, "has_landed": True}
    picture = trail([Point(0, 9, 9, **tap), Point(900, 800, 700, **tap)], None)
    assert picture is not None
    assert (picture.jump_count, picture.jumps, picture.length_px) == (0, "", 0)


def test_shades_grow_with_time() -> None:
    """The first stroke is the palest, the last the darkest."""
    picture = trail([Point(20 * n, n, n) for n in range(100)], None)
    assert picture is not None
    shades = [stroke.shade for stroke in picture.strokes]
    assert shades == list(range(SHADES))


def test_presses_are_kept_when_points_are_left_out() -> None:
    """A long way is thinned, but never what was pressed."""
    points = [Point(n, n % 900, 1, is_press=n % 1000 == 7) for n in range(50_000)]
    picture = trail(points, (1000, 500))
    assert picture is not None
    assert picture.every == 13
    assert len(picture.presses) == 50
    drawn = sum(len(re.findall("[ML]", stroke.path)) for stroke in picture.strokes)
    assert drawn < 1.5 * MOST_POINTS


def test_window_is_always_in_the_picture() -> None:
    """A corner that nobody visited is seen to be empty."""
    picture = trail([Point(0, 10, 10)], (1000, 800))
    assert picture is not None
    frame = picture.frame
    assert frame.left <= 0
    assert frame.left + frame.width >= 1000
    assert frame.top + frame.height >= 800
    assert picture.dot_px > 1


@given(
    st.lists(st.tuples(times, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=40)
)
def test_any_way_can_be_drawn(places: list[tuple[float, float, float]]) -> None:
    """Whatever the wire may bring."""
    points = [Point(*place) for place in sorted(places)]
    picture = trail(points, None)
    assert (picture is None) == (not points)
    if picture:
        assert picture.frame.width > 0
        assert picture.frame.height > 0
