"""What experiments are told of sessions: that they opened, and what came of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from detection.facade import (
    DetectionResult,
    RequestFacts,
    SessionFeatures,
    Track,
    judge,
)
from experiments.facade import Shown, open_session, record_session, shelf

from .. import selectors
from ..models import Session, Status

# What whoever is to be looked at, challenged or stopped was recommended.
FLAGGED: Final = {"review", "challenge", "block"}
OF_STATUS: Final = {
    Status.COMPLETED: "completed",
    Status.EXPIRED: "abandoned",
    Status.BLOCKED: "blocked",
}


def put_into(
    session: Session,
    *,
    respondent: str | None,
    tags: Sequence[str],
    facts: RequestFacts | None,
    is_test: bool,
) -> Sequence[Shown]:
    """Return the variants that a new session sees."""
    if session.consent_given is False:
        return ()
    attributes: dict[str, object] = {
        "surveyId": str(session.survey_id),
        "tags": list(tags),
    }
    if facts is not None:
        attributes["device"] = "mobile" if facts.hinted_mobile else "desktop"
    attributes |= {
        f"metadata.{name}": value for name, value in (session.metadata or {}).items()
    }
    return open_session(
        organization_id=session.organization_id,
        session_id=session.id,
        respondent=respondent,
        attributes=attributes,
        is_bot=facts is not None and declares_itself(facts),
        is_test=is_test,
    )


def declares_itself(facts: RequestFacts) -> bool:
    """Say whether a browser said that it is a program: known before any arm."""
    said = (facts.declared_agent, facts.library_agent, facts.signed_agent)
    return facts.headless_agent or any(said)


def tell_of(
    session: Session, result: DetectionResult, features: SessionFeatures
) -> None:
    """Tell experiments what came of a session that ended.

    Whether it was automated is judged as the code has every detector, whatever a flag
    or the survey's policy makes of them: an arm that changes them must not change what
    it is measured by.
    """
    if not shelf.is_counting(session.organization_id):
        return
    record_session(
        organization_id=session.organization_id,
        session_id=session.id,
        events=events_of(session, result, features),
        tracked=list(tracked_in(session)),
        at=session.ended_at or session.last_seen_at,
    )


def tracked_in(session: Session) -> Iterator[tuple[str, float]]:
    """Yield what the page told of itself (`bonafide.track`), in its order."""
    for _seq, events, _unknown in selectors.events_by_batch(
        organization_id=session.organization_id, session_id=session.id
    ):
        for event in events:
            if isinstance(event, Track):
                yield event.name, 1.0 if event.value is None else event.value


def events_of(
    session: Session, result: DetectionResult, features: SessionFeatures
) -> Mapping[str, float]:
    """Return what happened in a session, each with its value."""
    seconds = (session.last_seen_at - session.created_at).total_seconds()
    found: dict[str, float] = {}
    named = OF_STATUS.get(Status(session.status))
    if named:
        found[named] = max(seconds, 0.0)
    pages = features.totals.timing.pages
    if pages:
        found["page"] = float(pages)
    if result.recommended_action in FLAGGED:
        found["flagged"] = 1.0
    if result.recommended_action == "challenge":
        found["challenged"] = 1.0
    if judge(features).kind == "bot":
        found["automated"] = 1.0
    return found
