"""Any stream of events, for laws that hold for all of them."""

from typing import Any

from hypothesis import strategies as st

from detection.engine.events import (
    Answer,
    AnyEvent,
    Blur,
    Click,
    Copy,
    Device,
    Drop,
    Event,
    FieldFocus,
    Focus,
    Input,
    KeyDown,
    KeyUp,
    MouseDown,
    MouseMove,
    MouseUp,
    Network,
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

PLACES = st.integers(0, 900).map(float)
TRUST = st.sampled_from([None, True, False])
KEYS = st.sampled_from(["letter", "space", "enter", "backspace", "modifier", "other"])
FEW = st.integers(0, 5)
NAMES = st.sampled_from(["a", "b", "c"])
BUTTON: dict[str, Any] = {
    "x": PLACES,
    "y": PLACES,
    "trusted": TRUST,
    "detail": st.sampled_from([None, 0, 1]),
    "pointer": st.sampled_from([None, "mouse", "touch"]),
    "tx": st.just(10.0),
    "ty": st.just(10.0),
    "tw": st.sampled_from([None, 100.0]),
    "th": st.just(40.0),
}
KEY: dict[str, Any] = {
    "key": KEYS,
    "k": st.one_of(st.none(), FEW),
    "repeat": st.booleans(),
    "trusted": TRUST,
    "code_known": TRUST,
}
FINGER: dict[str, Any] = {
    "x": PLACES,
    "y": PLACES,
    "id": st.one_of(st.none(), st.integers(0, 2)),
    "rx": st.sampled_from([None, 1.0, 7.5]),
    "force": st.sampled_from([None, 0.0, 0.5]),
}
INPUT_TYPES = st.sampled_from(
    ["", "choice", "insertText", "insertFromPaste", "insertCompositionText"]
)
ANY_EVENT: list[tuple[type[Event], dict[str, Any]]] = [
    (
        MouseMove,
        {
            "x": PLACES,
            "y": PLACES,
            "coalesced": st.sampled_from([None, 1, 3]),
            "mx": st.sampled_from([None, 0.0, 9.0]),
            "my": st.sampled_from([None, -9.0]),
        },
    ),
    (MouseDown, BUTTON),
    (MouseUp, BUTTON),
    (Click, BUTTON),
    (Wheel, {"dy": PLACES, "trusted": TRUST}),
    (Scroll, {"y": PLACES, "source": st.sampled_from(["wheel", "page", "unknown"])}),
    (KeyDown, KEY),
    (KeyUp, KEY),
    (
        Input,
        {
            "input_type": INPUT_TYPES,
            "delta": st.sampled_from([-1, 0, 1, 40]),
            "length": st.integers(0, 50),
            "trusted": TRUST,
            "keys_since": st.sampled_from([None, 0, 2]),
        },
    ),
    (Paste, {"length": st.sampled_from([3, 40]), "trusted": TRUST}),
    (Copy, {"length": FEW, "share_of_prompt": st.sampled_from([None, 0.1, 0.9])}),
    (Drop, {"length": FEW}),
    (Focus, {}),
    (Blur, {}),
    (Visibility, {"visible": st.booleans()}),
    (FieldFocus, {"field": FEW}),
    (TouchStart, FINGER),
    (TouchMove, FINGER),
    (TouchEnd, FINGER),
    (Page, {"words": st.sampled_from([None, 30])}),
    (Question, {"id": NAMES, "visible": st.booleans()}),
    (Answer, {"id": NAMES, "visible": TRUST}),
    (Device, {"webdriver": TRUST, "platform": st.sampled_from([None, "Win32", "x"])}),
    (Network, {}),
]
# Around the limits that decide: one task, one stroke, one gesture, one pause.
STEPS = st.sampled_from([0, 1, 4, 17, 45, 90, 200, 300, 1_100, 2_500, 11_000])


@st.composite
def streams(draw: st.DrawFn, longest: int = 40) -> list[AnyEvent]:
    """Draw events whose times never go back, as a browser sends them."""
    # A few kinds only, so that presses meet releases and pastes meet returns.
    few = draw(st.lists(st.sampled_from(ANY_EVENT), min_size=1, max_size=5))
    kinds = draw(st.lists(st.sampled_from(few), max_size=longest))
    events: list[AnyEvent] = []
    t = 0
    for kind, fields in kinds:
        t += draw(STEPS)
        drawn = {name: draw(values) for name, values in fields.items()}
        events.append(kind(t=float(t), **drawn))
    return events
