"""The scripted hand does what a benchmark counts on."""

import itertools

import pytest

from benchmarks.browsing.hand import Answer, Geometry, Plan, plan

SECONDS = 20.0
HEIGHT = 12_000.0
VIEW = 800.0


def survey() -> Geometry:
    """Return 60 questions, every fourth of them a text, one below the other."""
    tops = [200.0 * number for number in range(60)]
    answers = tuple(
        Answer("text", ((20.0, top, 600.0, 90.0),))
        if number % 4 == 3
        else Answer("choice", ((20.0, top, 300.0, 30.0), (20.0, top + 40, 300.0, 30.0)))
        for number, top in enumerate(tops)
    )
    return Geometry(HEIGHT, 1280.0, VIEW, answers)


def mouse(done: Plan, kind: str) -> list[float]:
    """Return the times of one kind of mouse event."""
    return [one.at_s for one in done.actions if one.params["type"] == kind]


def test_same_seed_is_the_same_input() -> None:
    """What is measured side by side gets the same to the millisecond."""
    assert plan(survey(), seconds=SECONDS, seed=3) == plan(
        survey(), seconds=SECONDS, seed=3
    )


def test_another_round_is_another_input() -> None:
    """Rounds do not repeat one accident of the plan."""
    first, second = (plan(survey(), seconds=SECONDS, seed=seed) for seed in (0, 1))
    assert first.actions != second.actions


def test_actions_are_in_order_and_in_time() -> None:
    """Nothing happens before the action ahead of it, or after the end."""
    times = [one.at_s for one in plan(survey(), seconds=SECONDS, seed=1).actions]
    assert times == sorted(times)
    assert SECONDS * 0.75 < times[-1] <= SECONDS + 0.1


def test_pointer_moves_at_the_rate_of_a_mouse() -> None:
    """Within a movement reports are 8 to 17 ms apart."""
    times = mouse(plan(survey(), seconds=SECONDS, seed=1), "mouseMoved")
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    close = [gap for gap in gaps if gap < 0.02]
    assert len(close) > 300
    assert min(close) >= 0.0079


def test_every_press_is_released() -> None:
    """The plan ends between two answers, never within one."""
    done = plan(survey(), seconds=SECONDS, seed=2)
    assert len(mouse(done, "mousePressed")) == len(mouse(done, "mouseReleased")) > 5
    assert len(mouse(done, "keyDown")) == len(mouse(done, "keyUp")) == done.letters > 20


def test_what_is_pressed_is_on_the_screen() -> None:
    """The wheel brought it there."""
    done = plan(survey(), seconds=SECONDS, seed=4)
    pressed = [
        one.params["y"] for one in done.actions if one.params["type"] == "mousePressed"
    ]
    assert all(0 < y < VIEW for y in pressed)
    assert mouse(done, "mouseWheel")


def test_too_few_questions_are_told() -> None:
    """A hand with nothing left to do would flatter everyone."""
    page = survey()
    short = Geometry(page.height, page.width, page.view, page.answers[:3])
    with pytest.raises(ValueError, match="3 questions are too few"):
        plan(short, seconds=SECONDS, seed=1)


def test_too_little_time_is_told() -> None:
    """Nothing was measured then."""
    with pytest.raises(ValueError, match="too short"):
        plan(survey(), seconds=0.1, seed=1)
