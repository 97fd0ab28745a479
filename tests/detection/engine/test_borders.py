"""What lies across the border of two batches is counted once, in either order."""

from operator import attrgetter

import pytest

from detection.engine import SessionFeatures, SessionState
from detection.engine.events import (
    Answer,
    AnyEvent,
    Blur,
    Click,
    Focus,
    Input,
    KeyDown,
    MouseDown,
    MouseMove,
    MouseUp,
    Page,
    Paste,
    Question,
    Scroll,
    TouchEnd,
    TouchMove,
    TouchStart,
    Visibility,
    Wheel,
)

LEFT_AND_RIGHT: dict[
    str, tuple[list[AnyEvent], list[AnyEvent], tuple[str, str], int]
] = {
    "a press and its release": (
        [MouseDown(t=0, x=1, y=1)],
        [MouseUp(t=2, x=1, y=1)],
        ("click", "instant"),
        1,
    ),
    "a key and its click": (
        [KeyDown(t=0, key="space")],
        [Click(t=9, x=1, y=1, detail=0)],
        ("click", "by_key"),
        1,
    ),
    "a click and its tick": (
        [Click(t=0, x=1, y=1)],
        [Input(t=9)],
        ("entry", "choices"),
        1,
    ),
    "a key and its text": (
        [KeyDown(t=0, key="letter")],
        [Input(t=2, input_type="insertText", delta=1, length=1)],
        ("entry", "keyless"),
        0,
    ),
    "a long step of the page": (
        [MouseDown(t=0, x=1, y=1), Scroll(t=1, y=0)],
        [Scroll(t=4_000, y=900)],
        ("scroll", "unprompted_jumps"),
        1,
    ),
    "a wheel and the step it makes": (
        [Scroll(t=0, y=0), Wheel(t=3_900, dy=900)],
        [Scroll(t=4_000, y=900)],
        ("scroll", "unprompted_jumps"),
        0,
    ),
    "a step of the page and one in the next batch": (
        [Wheel(t=0, dy=1)],
        [Scroll(t=1_500, y=0), Scroll(t=4_000, y=900)],
        ("scroll", "unprompted_jumps"),
        1,
    ),
    "a finger down and up": (
        [TouchStart(t=0, x=1, y=1)],
        [TouchEnd(t=1, x=1, y=1)],
        ("touch", "instant"),
        1,
    ),
    "a return and a paste": (
        [Blur(t=0), Focus(t=900)],
        [Paste(t=1_000, length=5)],
        ("clipboard", "fetched"),
        1,
    ),
    "a hidden page and a key": (
        [Visibility(t=0, visible=False)],
        [KeyDown(t=9, key="letter")],
        ("focus", "acts_while_hidden"),
        1,
    ),
    "a press and one elsewhere": (
        [MouseDown(t=0, x=1, y=1)],
        [MouseDown(t=900, x=150, y=120, tx=100, ty=100, tw=100, th=40)],
        ("click", "across.count"),
        1,
    ),
    "a rest, a quick way and its press": (
        [MouseMove(t=0, x=0, y=0), MouseMove(t=900, x=90, y=9)],
        [MouseMove(t=920, x=190, y=9), MouseDown(t=940, x=190, y=9)],
        ("pointer", "quick_reaches"),
        1,
    ),
    "a movement and what the hardware moved": (
        [MouseMove(t=0, x=0, y=0)],
        [MouseMove(t=16, x=40, y=0, mx=-40, my=0)],
        ("pointer", "contrary"),
        1,
    ),
    "a stroke with a step back at the border, and on again": (
        [MouseMove(t=16 * n, x=30 * n, y=n * n) for n in range(4)],
        [MouseMove(t=64 + 16 * n, x=60 + 30 * n, y=n * n) for n in range(4)],
        ("pointer", "reversals"),
        2,
    ),
    "a swipe": (
        [TouchStart(t=0, x=5, y=300), TouchMove(t=30, x=5, y=270)],
        [
            TouchMove(t=60, x=5, y=200),
            TouchMove(t=90, x=5, y=100),
            TouchEnd(t=99, x=5, y=99),
        ],
        ("touch", "swipes.ruled"),
        1,
    ),
    "a swipe and a second finger": (
        [TouchStart(t=0, x=5, y=300, id=1), TouchMove(t=30, x=5, y=270, id=1)],
        [
            TouchMove(t=60, x=9, y=200, id=2),
            TouchMove(t=90, x=5, y=100, id=1),
            TouchMove(t=95, x=5, y=50, id=1),
            TouchEnd(t=99, x=5, y=99, id=1),
        ],
        ("touch", "swipes.swipes"),
        0,
    ),
    "a touch and the page that it moves": (
        [Scroll(t=0, y=0), TouchStart(t=3_500, x=1, y=1)],
        [Scroll(t=4_000, y=90)],
        ("scroll", "untouched"),
        0,
    ),
    "a fast step of the page": (
        [Scroll(t=0, y=0, source="wheel")],
        [Scroll(t=9, y=384, source="wheel")],
        ("scroll", "fast_wheel_steps"),
        1,
    ),
    "a question and its answer": (
        [Question(t=0, id="q1")],
        [Answer(t=30, id="q1")],
        ("answers", "instant"),
        1,
    ),
    "a question that was in sight before it came into sight again": (
        [Question(t=0, id="q1")],
        [Question(t=5_000, id="q1"), Answer(t=5_030, id="q1")],
        ("answers", "instant"),
        0,
    ),
    "a return and an answer that is pasted": (
        [Blur(t=0), Focus(t=900)],
        [Paste(t=1_000, length=50)],
        ("clipboard", "fetched_answers"),
        1,
    ),
    "a page and its first act": (
        [Page(t=0)],
        [MouseDown(t=9, x=1, y=1)],
        ("timing", "instant_starts"),
        1,
    ),
}


def absorbed(*batches: tuple[int, list[AnyEvent]]) -> SessionFeatures:
    """Return the features after batches in that order."""
    state = SessionState.new()
    for seq, events in batches:
        state.absorb(seq, events)
    return state.features()


@pytest.mark.parametrize("name", LEFT_AND_RIGHT)
def test_the_border_is_counted_once_in_either_order(name: str) -> None:
    """As if both had come in one batch."""
    left, right, (modality, total), expected = LEFT_AND_RIGHT[name]
    for features in (
        absorbed((0, [*left, *right])),
        absorbed((0, left), (1, right)),
        absorbed((1, right), (0, left)),
        absorbed((0, left), (2, right), (1, [])),
    ):
        assert attrgetter(f"{modality}.{total}")(features.totals) == expected
