"""Questions about the clock: pages, first acts, and answers after their questions."""

import pytest

from detection.engine import Outcome, judge
from detection.engine.events import Answer, AnyEvent, KeyDown, MouseDown, Page, Question

from ..streams import ask, dice, features_of, human_pointing, human_typing

LENGTHS = [40, 160, 60, 300, 25, 210, 90, 120]


def survey(
    spent_ms: list[float], started_ms: list[float], words: list[int] | None = None
) -> list[AnyEvent]:
    """Return pages open for so long, and when on each a press came first."""
    events: list[AnyEvent] = []
    t = 0.0
    for number, (spent, start) in enumerate(zip(spent_ms, started_ms, strict=True)):
        length = LENGTHS[number % len(LENGTHS)] if words is None else words[number]
        events += [Page(t=t, words=length), MouseDown(t=t + start, x=5, y=5)]
        t += spent
    return [*events, Page(t=t)]


def answered(waits: list[float], *, shown_first: bool = False) -> list[AnyEvent]:
    """Return questions and their answers after so long."""
    events: list[AnyEvent] = []
    for number, wait in enumerate(waits):
        shown = 0.0 if shown_first else number * number * 2_000.0
        given = number * number * 2_000.0 + wait
        events += [
            Question(t=shown, id=f"q{number}"),
            Answer(t=given, id=f"q{number}", visible=True),
        ]
    return sorted(events, key=lambda event: event.t)


VARIED = [9_000.0, 31_000.0, 12_000.0, 70_000.0, 6_000.0, 42_000.0, 18_000.0, 25_000.0]
STARTS = [1_200.0, 5_100.0, 900.0, 8_000.0, 2_500.0, 600.0, 3_300.0, 1_900.0]
FIRED: dict[str, list[AnyEvent]] = {
    "timing.unread_pages": survey([700] * 8, STARTS, [300] * 8),
    "timing.length_blind": survey([5_000 + 90 * n for n in range(8)], STARTS),
    "timing.even_starts": survey(VARIED, [2_000 + 20 * n for n in range(8)]),
    "timing.quick_starts": survey(VARIED, [120, 250, 90, 280, 200, 150, 210, 170]),
    "answers.instant": answered([20, 45, 10, 60, 30]),
}


@pytest.mark.parametrize("code", FIRED)
def test_it_fires(code: str) -> None:
    """Each question has a session that it finds."""
    reading = ask(code, FIRED[code])
    assert reading.outcome is Outcome.FIRED
    assert reading.evidence


@pytest.mark.parametrize("code", FIRED)
def test_two_pages_are_too_little(code: str) -> None:
    """Nothing is said of them, nor of nothing."""
    assert ask(code, []).outcome is Outcome.UNKNOWN
    assert ask(code, FIRED[code][:4]).outcome is Outcome.UNKNOWN


def test_not_reading_is_noted_and_weighs_nothing() -> None:
    """People who want to be done do not read, and are people."""
    assert ask("timing.unread_pages", FIRED["timing.unread_pages"]).weight == 0
    person = [*human_pointing(10), *human_typing(60)]
    skipped = [Page(t=90_000 + n * 700, words=300) for n in range(6)]
    plain, hurried = (judge(features_of(e)) for e in (person, [*person, *skipped]))
    assert "timing.unread_pages" in {reading.code for reading in hurried.reasons}
    assert (hurried.kind, hurried.bot_score) == (plain.kind, plain.bot_score)


def left_alone(events: list[AnyEvent]) -> None:
    """Assert that none of these questions fires."""
    features = features_of(sorted(events, key=lambda event: event.t))
    fired = [c for c in FIRED if ask(c, events).outcome is Outcome.FIRED]
    assert fired == []
    assert features.event_count == len(events)


@pytest.mark.parametrize("seed", range(5))
def test_people_are_left_alone(seed: int) -> None:
    """Times of pages differ, by mood and by content."""
    chance = dice(seed)
    spent = [chance.lognormvariate(10, 0.7) for _ in range(9)]
    starts = [min(chance.lognormvariate(7.5, 0.7), t) for t in spent]
    left_alone(survey(spent, starts, [*LENGTHS, 70]))


def test_pages_of_one_length_may_take_one_time() -> None:
    """A series of like questions is answered in a rhythm."""
    spent = [5_000.0 + 400 * (n % 3) for n in range(8)]
    events = survey(spent, STARTS, [50, 52, 49, 50, 51, 50, 53, 50])
    assert ask("timing.length_blind", events).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("seed", range(8))
def test_pages_with_a_timer_are_left_alone(seed: int) -> None:
    """Where "next" appears after five seconds, people wait for it, unevenly."""
    chance = dice(seed)
    starts = [5_000 + chance.lognormvariate(7, 0.6) for _ in VARIED]
    left_alone(survey(VARIED, starts))


def test_who_knows_the_keys_may_begin_at_once() -> None:
    """Tab and Enter are pressed while the page still builds itself."""
    events = [KeyDown(t=10, key="tab"), *FIRED["timing.quick_starts"]]
    ordered = sorted(events, key=lambda event: event.t)
    assert ask("timing.quick_starts", ordered).outcome is Outcome.UNKNOWN


def test_questions_that_were_in_sight_are_left_alone() -> None:
    """On a page with all questions, the last answer comes minutes after its sight."""
    left_alone(answered([900, 2_000, 700, 3_000, 1_500], shown_first=True))


def test_a_page_that_builds_itself_anew_is_left_alone() -> None:
    """Its questions come into sight again just as they are answered."""
    events: list[AnyEvent] = []
    for number in range(5):
        at, name = number * 6_000.0, f"q{number}"
        events += [
            Question(t=at, id=name),
            Question(t=at + 2_950, id=name, visible=False),
            Question(t=at + 2_960, id=name),
            Answer(t=at + 3_000, id=name, visible=True),
        ]
    left_alone(events)


def test_one_answer_by_a_double_click_is_left_alone() -> None:
    """A question that slides in under the pointer is hit by accident."""
    left_alone(answered([1_200, 60, 2_300, 900, 1_800]))
