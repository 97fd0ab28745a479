"""Made-up visits, read and judged as the server would."""

from collections.abc import Iterator
from random import Random

import msgspec

from detection.engine import (
    Arrival,
    SessionState,
    Verdict,
    decode_events,
    judge,
    request_facts,
)
from detection.engine.events import AnyEvent
from portal.simulation.kinds import Kind, Visit
from portal.simulation.questionnaires import QUESTIONNAIRES, Questionnaire

THIS_MACHINE = Arrival(is_trustworthy=True)


def visit_of(kind: Kind, number: int, survey: Questionnaire | None = None) -> Visit:
    """Return one of a kind's visits."""
    questionnaire = survey or QUESTIONNAIRES[number % len(QUESTIONNAIRES)]
    return kind.visit(questionnaire, Random(f"{kind.name} {number}"))  # noqa: S311 - a model


def decoded(visit: Visit) -> Iterator[list[AnyEvent]]:
    """Yield a visit's batches as the server reads them; all of it must be known."""
    for batch in visit.batches:
        read = decode_events(msgspec.json.encode(batch))
        assert read.unknown == ()
        yield list(read.events)


def judged(visit: Visit) -> Verdict:
    """Return what the engine says of a visit."""
    state = SessionState.new()
    facts = request_facts(visit.headers, THIS_MACHINE)
    for seq, events in enumerate(decoded(visit)):
        state.absorb_request(facts)
        state.absorb(seq, events)
    return judge(state.features())
