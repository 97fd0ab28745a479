"""What is kept of a verdict."""

import pytest

from detection.engine import DETECTORS, Outcome, Reading
from detection.engine.registry import BY_CODE
from detection.engine.verdict import weigh
from detection.models import DetectionResult
from detection.services.results import record_final_result
from sessions_app.models import Session
from tests.conftest import Visit

pytestmark = pytest.mark.django_db


def test_evidence_of_what_was_clear_is_rounded_where_it_is_kept(visit: Visit) -> None:
    """An engine says it as exactly as it counted; a row keeps three digits."""
    session = Session.objects.get(id=visit.id)
    code = "keyboard.even_rhythm"
    reading = Reading(code, Outcome.CLEAR, -0.25, {"variation": 2 / 3})
    record_final_result(
        organization_id=session.organization_id,
        session_id=session.id,
        verdict=weigh([reading], DETECTORS),
        action="monitor",
        event_count=1,
        processing_time_ms=1.0,
    )
    kept = DetectionResult.objects.get(session_id=session.id, seq=None)
    assert kept.clear == [[BY_CODE[code].number, -0.25, {"variation": 0.667}]]
