"""What lies across the border of two batches is counted once, in either order."""

import pytest

from detection.engine import SessionFeatures, SessionState
from detection.engine.events import (
    AnyEvent,
    Blur,
    Click,
    Focus,
    Input,
    KeyDown,
    MouseDown,
    MouseUp,
    Page,
    Paste,
    Scroll,
    TouchEnd,
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
        assert getattr(getattr(features.totals, modality), total) == expected
