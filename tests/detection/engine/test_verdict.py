"""Laws of the verdict, and what follows from it."""

from math import log

import pytest
from hypothesis import given, strategies as st

from detection.engine import (
    DETECTORS,
    Detector,
    Family,
    Outcome,
    Policy,
    Reading,
    RequestFacts,
    SessionState,
    Verdict,
    judge,
    recommended_action,
    weigh,
)
from detection.engine.events import AnyEvent, Device

from .streams import features_of, human_pointing, human_typing, jumping, tapping, typing

BOT: list[AnyEvent] = [*jumping(8), *typing([9] * 40, [2] * 40, start=9_000)]


def odds(verdict: Verdict) -> float:
    """Return a verdict's log odds."""
    return log(verdict.bot_probability / (1 - verdict.bot_probability))


def stand_in(number: int, family: Family, *, dispositive: bool = False) -> Detector:
    """Return a detector that is only a name."""
    code = f"{family}.{number}"
    return Detector(
        code, number, family, lambda _: Reading(code, Outcome.UNKNOWN), dispositive
    )


STAND_INS = [
    stand_in(3 * place + number, family)
    for place, family in enumerate(Family)
    for number in range(3)
]
FIRED = st.floats(0.1, 5).map(lambda weight: (Outcome.FIRED, weight))
CLEAR = st.floats(-2, 0).map(lambda weight: (Outcome.CLEAR, weight))
READINGS = st.lists(
    st.tuples(st.sampled_from(STAND_INS), st.one_of(FIRED, CLEAR)),
    max_size=12,
    unique_by=lambda pair: pair[0].code,
).map(lambda pairs: [Reading(one.code, outcome, w) for one, (outcome, w) in pairs])


def test_nothing_seen_is_undecided() -> None:
    """An empty session is nobody's, with no confidence."""
    verdict = judge(SessionState.new().features())
    assert verdict.kind == "undecided"
    assert verdict.confidence == 0
    assert verdict.reasons == []


def test_a_person_is_human() -> None:
    """Natural movement and typing are enough to say so."""
    verdict = judge(features_of([*human_pointing(10), *human_typing(60)]))
    assert verdict.kind == "human"
    assert verdict.bot_score < 20
    assert verdict.confidence > 0.5


def test_a_script_is_a_bot() -> None:
    """Behaviour alone shows it, with the heaviest reason first."""
    verdict = judge(features_of(BOT))
    assert verdict.kind == "bot"
    weights = [reading.weight for reading in verdict.reasons]
    assert weights == sorted(weights, reverse=True)
    assert verdict.families_fired >= {Family.POINTER, Family.KEYBOARD, Family.CLICK}


def test_a_phone_is_never_a_bot_for_being_a_phone() -> None:
    """Taps of no length, from nowhere, with keys that have no name."""
    keys = typing([180, 90, 400, 260] * 10, [4] * 40, key="other", code_known=False)
    assert judge(features_of([*tapping(9), *keys])).kind in ("human", "undecided")


def test_an_artefact_outweighs_everything_natural() -> None:
    """A driven browser stays driven, however well the mouse moves."""
    events = [Device(t=0, webdriver=True), *human_pointing(12), *human_typing(80)]
    assert judge(features_of(events)).bot_probability >= 0.95


@pytest.mark.parametrize("family", [Family.POINTER, Family.KEYBOARD, Family.CLICK])
def test_families_that_are_off_are_not_asked(family: Family) -> None:
    """Neither their reasons nor their readings appear."""
    verdict = judge(features_of(BOT), off=[family])
    assert family not in verdict.families_fired
    assert not [one for one in verdict.readings if one.code.startswith(f"{family}.")]


def test_all_families_off_is_undecided() -> None:
    """Who asks nothing learns nothing."""
    assert judge(features_of(BOT), off=list(Family)).kind == "undecided"


def test_stored_readings_give_the_same_verdict() -> None:
    """Weights can be weighed again without the events."""
    verdict = judge(features_of(BOT))
    assert weigh(verdict.readings, DETECTORS) == verdict


@given(READINGS, st.floats(0.1, 5))
def test_one_more_reason_never_lowers_the_odds(
    readings: list[Reading], weight: float
) -> None:
    """Not even when it silences something natural of its own family."""
    spoken = {one.code for one in readings}
    for one in STAND_INS:
        if one.code not in spoken:
            more = [*readings, Reading(one.code, Outcome.FIRED, weight)]
            assert (
                odds(weigh(more, STAND_INS)) >= odds(weigh(readings, STAND_INS)) - 1e-9
            )


@given(READINGS, st.floats(-2, 0))
def test_one_more_sign_of_a_hand_never_raises_the_odds(
    readings: list[Reading], weight: float
) -> None:
    """Humanity counts for a person or not at all."""
    spoken = {one.code for one in readings}
    for one in STAND_INS:
        if one.code not in spoken:
            more = [*readings, Reading(one.code, Outcome.CLEAR, weight)]
            assert (
                odds(weigh(more, STAND_INS)) <= odds(weigh(readings, STAND_INS)) + 1e-9
            )


@given(READINGS)
def test_scores_stay_in_their_ranges(readings: list[Reading]) -> None:
    """Nothing is ever certain."""
    verdict = weigh(readings, STAND_INS)
    assert 0 < verdict.bot_probability < 1
    assert 1 <= verdict.bot_score <= 99
    assert 0 <= verdict.confidence <= 1
    assert (verdict.kind == "undecided") <= (verdict.confidence == 0)


@given(st.floats(0.1, 5), st.floats(0.1, 5))
def test_two_families_weigh_more_than_one(one: float, other: float) -> None:
    """A second witness of the same family repeats the first."""
    first, same, *_, apart = STAND_INS
    readings = [Reading(first.code, Outcome.FIRED, one)]
    within = weigh([*readings, Reading(same.code, Outcome.FIRED, other)], STAND_INS)
    across = weigh([*readings, Reading(apart.code, Outcome.FIRED, other)], STAND_INS)
    assert odds(across) >= odds(within)


def test_behaviour_alone_does_not_block_unless_the_survey_says_so() -> None:
    """A block needs the device or the network as a witness."""
    verdict = judge(features_of(BOT))
    assert recommended_action(verdict, Policy()) == "review"
    challenge = Policy(behaviour_action="challenge")
    assert recommended_action(verdict, challenge) == "challenge"
    assert recommended_action(verdict, Policy(behaviour_may_block=True)) == "block"


def test_a_technical_witness_may_block() -> None:
    """A browser without a window beside a script's hand needs no policy of its own."""
    state = SessionState.new()
    state.absorb(0, BOT)
    state.absorb_request(RequestFacts(headless_agent=True))
    assert recommended_action(judge(state.features()), Policy()) == "block"


def test_the_undecided_are_watched_and_never_blocked() -> None:
    """Whatever the policy does to bots."""
    verdict = judge(SessionState.new().features())
    strict = Policy(suspicious_action="block", behaviour_may_block=True)
    assert recommended_action(verdict, strict) == "monitor"


def test_people_are_let_in() -> None:
    """A human verdict allows."""
    verdict = judge(features_of([*human_pointing(10), *human_typing(60)]))
    assert recommended_action(verdict) == "allow"


def test_the_suspicious_get_what_the_policy_says() -> None:
    """More likely than not is a reason to look."""
    verdict = judge(features_of(jumping(3, wait=900)))
    assert verdict.kind == "suspicious"
    assert (
        recommended_action(verdict, Policy(suspicious_action="challenge"))
        == "challenge"
    )


def test_what_is_only_noted_has_no_sign_of_a_hand_beside_it() -> None:
    """A family in which something fired speaks for nobody; shadows must not do that."""
    person = judge(features_of([*human_pointing(10), *human_typing(60), *tapping(9)]))
    natural = {person.families[r.code] for r in person.readings if r.weight < 0}
    assert natural
    assert natural.isdisjoint({one.family for one in DETECTORS if one.shadow})


def test_codes_and_numbers_are_unique() -> None:
    """Released codes and numbers name one detector for ever."""
    assert len({one.code for one in DETECTORS}) == len(DETECTORS)
    assert len({one.number for one in DETECTORS}) == len(DETECTORS)


def test_codes_and_numbers_name_their_family() -> None:
    """Hundreds are families: keyboard 1xx to answers 11xx."""
    hundreds = {family: place for place, family in enumerate(Family, start=1)}
    for one in DETECTORS:
        assert one.code.split(".")[0] == one.family
        assert one.number // 100 == hundreds[one.family]


def test_a_missing_header_alone_is_no_suspicion() -> None:
    """Privacy proxies take it away from people."""
    state = SessionState.new()
    state.absorb_request(RequestFacts(has_accept_language=False))
    verdict = judge(state.features())
    assert verdict.kind == "undecided"


def test_a_usual_window_is_no_witness_for_a_block() -> None:
    """Behaviour alone stays behaviour alone beside a weak hint."""
    behaviour, weak, strong = (
        stand_in(900, Family.POINTER),
        stand_in(901, Family.DEVICE),
        stand_in(902, Family.NETWORK),
    )
    fired = [Reading(behaviour.code, Outcome.FIRED, 5.0)]
    hint = [*fired, Reading(weak.code, Outcome.FIRED, 0.5)]
    proof = [*hint, Reading(strong.code, Outcome.FIRED, 4.0)]
    known = [behaviour, weak, strong]
    actions = [recommended_action(weigh(r, known)) for r in (fired, hint, proof)]
    assert actions == ["review", "review", "block"]


def test_a_weak_hint_takes_little_from_a_person() -> None:
    """A virtual desktop does not undo natural movement."""
    natural = stand_in(910, Family.POINTER)
    hint = stand_in(911, Family.DEVICE)
    readings = [
        Reading(natural.code, Outcome.CLEAR, -2.0),
        Reading(hint.code, Outcome.FIRED, 0.5),
    ]
    with_hint = weigh(readings, [natural, hint])
    without = weigh(readings[:1], [natural])
    assert with_hint.kind == without.kind == "human"
    assert odds(with_hint) - odds(without) < 1.0
