"""Run a recorded session through the engine as a browser would have sent it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..events import AnyEvent
from ..state import SessionState
from ..types import Family, Outcome
from ..verdict import Kind, judge
from .recordings import RecordedSession

# The browser client sends a batch at least this often.
SLICE_MS: Final = 5_000


@dataclass(frozen=True, slots=True)
class SessionOutcome:
    """What the engine says of a recorded session.

    `settled_ms` is the time in the session from which on the verdict stayed the
    same; None when it ends undecided.
    """

    source: str
    subject: str
    session: str
    label: str
    kind: Kind
    bot_probability: float
    bot_score: int
    reasons: Sequence[str]
    outcomes: Mapping[str, Outcome]
    event_count: int
    settled_ms: float | None


def replay(session: RecordedSession, *, off: Collection[Family] = ()) -> SessionOutcome:
    """Feed a session batch by batch, and return how the verdict came out."""
    state = SessionState.new()
    verdict = judge(state.features(), off=off)
    settled_ms = 0.0
    for seq, batch in enumerate(slices(session.events)):
        state.absorb(seq, batch)
        latest = judge(state.features(), off=off)
        if latest.kind != verdict.kind:
            settled_ms = batch[-1].t
        verdict = latest
    return SessionOutcome(
        session.source,
        session.subject,
        session.session,
        session.label,
        verdict.kind,
        verdict.bot_probability,
        verdict.bot_score,
        [reading.code for reading in verdict.reasons],
        {reading.code: reading.outcome for reading in verdict.readings},
        state.event_count,
        None if verdict.kind == "undecided" else settled_ms,
    )


def slices(events: Sequence[AnyEvent]) -> Iterator[Sequence[AnyEvent]]:
    """Cut a session into batches of five seconds."""
    batch: list[AnyEvent] = []
    end: float = SLICE_MS
    for event in events:
        if event.t >= end:
            if batch:
                yield batch
                batch = []
            end = (event.t // SLICE_MS + 1) * SLICE_MS
        batch.append(event)
    if batch:
        yield batch
