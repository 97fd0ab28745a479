"""Questions about the clipboard: what they find is noted, and weighs nothing."""

import pytest
from msgspec.structs import replace

from detection.engine import DETECTORS, Outcome, judge
from detection.engine.events import (
    AnyEvent,
    Blur,
    Copy,
    Drop,
    Focus,
    Input,
    Paste,
    Visibility,
)

from ..streams import ask, features_of, human_pointing, human_typing

FETCHED: list[AnyEvent] = [Blur(t=0), Focus(t=9_000), Paste(t=9_500, length=300)]
COPIED: list[AnyEvent] = [
    Copy(t=100, length=90, share_of_prompt=0.9),
    Visibility(t=200, visible=False),
    Visibility(t=30_000, visible=True),
    Paste(t=31_000, length=400),
]
NOTED: dict[str, list[AnyEvent]] = {
    "clipboard.fetched_answers": FETCHED,
    "clipboard.pasted_answers": FETCHED,
    "clipboard.copied_questions": COPIED,
}


@pytest.mark.parametrize("code", NOTED)
def test_it_is_noted_and_weighs_nothing(code: str) -> None:
    """It is about who wrote an answer, not about who sits there."""
    reading = ask(code, NOTED[code])
    assert reading.outcome is Outcome.FIRED
    assert reading.weight == 0
    assert reading.evidence


@pytest.mark.parametrize("code", NOTED)
def test_nothing_is_unknown(code: str) -> None:
    """Where nothing went through the clipboard, nothing is said."""
    assert ask(code, []).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("code", NOTED)
def test_a_person_who_pastes_stays_a_person(code: str) -> None:
    """Verdict, score and confidence are those without it."""
    events = [*human_pointing(10), *human_typing(60)]
    late = max(event.t for event in events)
    pasted = [replace(event, t=event.t + late) for event in NOTED[code]]
    plain, with_paste = (judge(features_of(e)) for e in (events, [*events, *pasted]))
    assert code in {reading.code for reading in with_paste.reasons}
    assert with_paste.kind == plain.kind == "human"
    assert with_paste.bot_score == plain.bot_score


LEFT_ALONE: dict[str, list[AnyEvent]] = {
    "a word": [Blur(t=0), Focus(t=9_000), Paste(t=9_500, length=12)],
    "a copied word of the question": [
        Copy(t=0, length=8, share_of_prompt=0.1),
        *human_typing(60),
    ],
    "a question that is only copied": [Copy(t=0, length=90, share_of_prompt=1)],
    "a copy of what was pasted before": [
        *human_typing(90),
        Paste(t=60_000, length=40),
        Copy(t=90_000, length=90, share_of_prompt=1),
    ],
    "text moved within the page": [*human_typing(90), Drop(t=60_000, length=35)],
    "dictation": [
        Input(t=0, input_type="insertFromDictation", delta=90, length=90),
        Input(t=900, input_type="insertText", delta=90, length=180),
    ],
}


@pytest.mark.parametrize("who", LEFT_ALONE)
def test_ordinary_use_is_not_even_noted(who: str) -> None:
    """Not everything that goes through the clipboard is an answer."""
    features = features_of(LEFT_ALONE[who])
    noted = [
        one.code
        for one in DETECTORS
        if one.shadow and one.ask(features).outcome is Outcome.FIRED
    ]
    assert noted == []
