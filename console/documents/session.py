"""A session's page: one plain value, and nothing for the template to decide."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from common.formats import DASH, likelihood, number, percent
from detection.facade import ACTIONS, MEANINGS, DetectionResult, checks_document
from flags.facade import Kind, declare, is_on
from sessions_app.facade import BatchPart, Session, policy_of

from ..engine.lanes import LANE_OF
from ..selectors import SeenSession
from .checks import (
    ShownCheck,
    ShownFamily,
    Unseen,
    families_of,
    reasons_of,
    unseen_of,
)
from .device import device_of, facts_of, window_of
from .pictures import (
    VERDICT_NAMES,
    ShownTrail,
    Timeline,
    kind_of,
    missing_between,
    pointer_trail,
    timeline,
)
from .words import Fact, Text, clock, moment

# Reasons beside the verdict; the rest stand with their checks.
MOST_REASONS: Final = 4


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """What was last said, and what the survey makes of it."""

    kind: str
    name: Text
    meaning: Text
    probability: str
    is_decided: bool
    action: Text
    reasons: Sequence[ShownCheck]


@dataclass(frozen=True, slots=True)
class ShownBatch:
    """A line of the table of batches; `missing` names those that never came."""

    seq: str
    missing: str = ""
    received: str = ""
    events: str = ""
    unknown: str = ""
    stretch: str = ""
    behind: str = ""
    verdict: str = ""
    verdict_name: Text = ""
    probability: str = ""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Which batches are shown, and where the others are."""

    note: str
    first_page: bool
    next_seq: int | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Everything on the page."""

    id: str
    verdict: ShownVerdict
    facts: Sequence[Fact]
    tags: Sequence[str]
    part: ShownPart | None
    timeline: Timeline | None
    trail: ShownTrail | None
    families: Sequence[ShownFamily]
    unseen: Sequence[Unseen]
    batches: Sequence[ShownBatch]
    device: Sequence[Fact]
    # What was there, and is past its retention.
    events_erased: bool
    reasons_erased: bool


# Drawing ten thousand points is the dearest part of the page.
TRAIL: Final = declare(
    "console.trail",
    gettext_lazy("A session's page draws the pointer's way."),
    kind=Kind.OPERATIONS,
)


def session_page(seen: SeenSession) -> SessionPage:
    """Return a session's page from what was read of it."""
    events = seen.events
    counts = Counter(LANE_OF[kind_of(event)] for event in events)
    policy = policy_of(seen.session.survey)
    checks = checks_document(seen.result)
    families = families_of(checks)
    return SessionPage(
        id=str(seen.session.id),
        verdict=_verdict(seen, reasons_of(checks, MOST_REASONS)),
        facts=_facts(seen),
        tags=seen.tags,
        part=None if seen.is_whole else _part(seen),
        timeline=timeline(seen.part, seen.course),
        trail=pointer_trail(events, window_of(device_of(events)))
        if is_on(TRAIL, organization_id=seen.session.organization_id)
        else None,
        families=families,
        unseen=unseen_of(
            families,
            off=[str(family) for family in policy.families_off],
            counts=counts,
            is_whole=seen.is_whole,
        ),
        batches=_batches(seen.part, seen.course),
        device=facts_of(events),
        events_erased=seen.is_erased,
        reasons_erased=seen.is_erased and seen.result is None,
    )


def _verdict(seen: SeenSession, reasons: Sequence[ShownCheck]) -> ShownVerdict:
    session, result = seen.session, seen.result
    # The session keeps the last word when the result with its reasons is gone.
    last = result or session
    kind = last.verdict
    return ShownVerdict(
        kind=kind,
        name=VERDICT_NAMES[kind],
        meaning=MEANINGS[kind],
        probability=likelihood(last.bot_probability),
        is_decided=kind != "undecided",
        action=dict(ACTIONS)[last.recommended_action],
        reasons=reasons,
    )


def _facts(seen: SeenSession) -> Sequence[Fact]:
    """Return what stands at the head of the page."""
    session, result = seen.session, seen.result
    lasted = (session.ended_at or session.last_seen_at) - session.created_at
    facts = [
        Fact(_("Status"), session.get_status_display()),
        Fact(_("Survey"), session.survey.name),
        Fact(_("Opened"), moment(session.created_at)),
        Fact(_("Last heard of"), moment(session.last_seen_at)),
        Fact(_("Ended"), moment(session.ended_at)),
        Fact(_("Lasted"), clock(lasted.total_seconds() * 1000)),
        Fact(_("Events"), number(session.event_count)),
        Fact(_("Batches"), _batch_count(session.batch_count, session.gaps)),
        *_privacy(session),
    ]
    if result is not None:
        facts += [
            Fact(
                _("Judged"),
                _("As a whole, after its end")
                if result.seq is None
                else _("With its last batch"),
            ),
            Fact(_("Confidence"), percent(result.confidence)),
            Fact(_("Ruleset"), result.ruleset),
            Fact(
                _("Judging took"),
                _("%(number)s ms") % {"number": number(result.processing_time_ms, 1)},
            ),
        ]
    return facts


def _privacy(session: Session) -> Iterator[Fact]:
    """Yield what the respondent said to what is collected, as far as it is known."""
    if session.consent_given is not None:
        said = _("Given") if session.consent_given else _("Refused")
        which = [said, session.consent_version, moment(session.consent_at)]
        yield Fact(_("Consent"), ", ".join(part for part in which if part))
    if session.gpc:
        yield Fact(_("Global Privacy Control"), _("Asked for"))


def _batch_count(count: int, gaps: int) -> str:
    if not gaps:
        return number(count)
    text = ngettext(
        "%(count)s, and %(gaps)s never came", "%(count)s, and %(gaps)s never came", gaps
    )
    return text % {"count": number(count), "gaps": number(gaps)}


def _part(seen: SeenSession) -> ShownPart:
    """Say which batches are shown of how many."""
    shown = seen.part.batches
    text = _("Batches %(first)s to %(last)s are shown; there are %(count)s in all.")
    values = {
        "first": number(shown[0].seq) if shown else DASH,
        "last": number(shown[-1].seq) if shown else DASH,
        "count": number(seen.session.batch_count),
    }
    return ShownPart(text % values, seen.from_seq == 0, seen.part.next_seq)


def _batches(
    part: BatchPart, results: Mapping[int, DetectionResult]
) -> Sequence[ShownBatch]:
    """Return the batches in their order, with a line wherever some are missing."""
    lines: list[ShownBatch] = []
    before: int | None = None
    for batch in part.batches:
        if before is not None and batch.seq > before + 1:
            lines.append(ShownBatch("", missing=missing_between(before, batch.seq)))
        before = batch.seq
        result = results.get(batch.seq)
        behind = batch.behind_ms
        lines.append(
            ShownBatch(
                seq=number(batch.seq),
                received=moment(batch.created_at),
                events=number(batch.event_count),
                unknown=number(batch.unknown_count) if batch.unknown_count else "",
                stretch=_stretch(batch.first_ms, batch.last_ms),
                behind=""
                if behind is None
                else _("%(number)s ms") % {"number": number(behind)},
                verdict=result.verdict if result else "",
                verdict_name=VERDICT_NAMES[result.verdict] if result else "",
                probability=likelihood(result.bot_probability) if result else "",
            )
        )
    return lines


def _stretch(first_ms: float | None, last_ms: float | None) -> str:
    """Return from when to when a batch's events are."""
    if first_ms is None:
        return ""
    return f"{clock(first_ms, tenths=True)} {DASH} {clock(last_ms, tenths=True)}"
