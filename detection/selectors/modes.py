"""What flags make of detection: each detector's mode, blocking, and the whole session.

A flag that nobody can evaluate changes nothing: detectors stay as the code has them.
"""

from typing import Final, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from flags.facade import (
    Declared,
    Kind,
    Served,
    context_of,
    count_found,
    declare,
    served,
)

from ..engine import DETECTORS
from ..engine.modes import AS_CODED, Mode, Modes
from ..engine.readings import Detector
from ..names import CHECKS

BLOCKING: Final = declare(
    "detection.blocking",
    _("Respondents may be blocked. Off: whoever would be goes to review."),
    kind=Kind.OPERATIONS,
)
WHOLE_SESSION: Final = declare(
    "detection.whole_session",
    _("Sessions are judged once more from all their batches when they end."),
    kind=Kind.OPERATIONS,
)


def _declared(detector: Detector) -> Declared:
    usual = "shadow" if detector.shadow else "enforce"
    modes = ["off", "shadow", *(() if detector.shadow else ("enforce",))]
    return declare(
        f"detection.{detector.code}",
        CHECKS.get(detector.code, detector.code),
        kind=Kind.DETECTION,
        default=usual,
        safe=usual,
        values={mode: mode for mode in modes},
    )


_BY_FLAG: Final = {_declared(one).name: one.code for one in DETECTORS}


def modes_of(organization_id: UUID, session_id: UUID, survey_id: UUID) -> Modes:
    """Return the detectors that a flag changes in a session; rollouts stick to it."""
    ours = served(organization_id)
    names = ours.derived(_touched)
    if not names:
        return AS_CODED
    context = context_of(organization_id, str(session_id), surveyId=str(survey_id))
    found: dict[str, Mode] = {}
    for name in names:
        said = ours.snapshot.evaluate(name, context)
        count_found(said, organization_id)
        if said.value is not None and said.error is None:
            found[_BY_FLAG[name]] = cast("Mode", said.value)
    return found


def flags_version(organization_id: UUID) -> int | None:
    """Return which flags are in force; None if nobody ever stored one."""
    return served(organization_id).version or None


def _touched(ours: Served) -> list[str]:
    return sorted(ours.touched & _BY_FLAG.keys())
