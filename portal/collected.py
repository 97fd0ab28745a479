"""What is stored of respondents, why, and for how long: the list behind /privacy/.

A test compares it with every table and every event that there is, so that nothing is
stored that does not stand here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kept(Enum):
    """How long something stays; `selectors.days_of` knows the days."""

    EVENTS = "events"
    VERDICTS = "verdicts"
    SESSIONS = "sessions"
    WEBHOOKS = "webhooks"
    A_DAY = "day"
    A_WEEK = "week"
    FOR_GOOD = "for good"


@dataclass(frozen=True, slots=True)
class Collected:
    """One kind of thing: what it is, why it is stored, and where it lies."""

    what: Promise
    why: Promise
    kept: Kept
    # Fields by model; ids, organizations and times of making belong to each of them.
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Types of events, as the browser's client names them.
    events: Sequence[str] = ()


# Every table has these, or they only say what belongs to what.
OF_EACH: Final = frozenset({"id", "created_at", "organization", "session"})

COLLECTED: Final[Sequence[Collected]] = (
    Collected(
        _("How you use mouse, pen, fingers and keys: when, where and how fast."),
        _(
            "People move and type in other ways than programs. Which keys you press and"
            " what you write is not collected, only of which kind a key is and how long"
            " a text is."
        ),
        Kept.EVENTS,
        {
            "sessions_app.BehaviorData": (
                *("seq", "event_count", "unknown_count", "columns"),
                *("first_ms", "last_ms", "behind_ms"),
            ),
            "sessions_app.Session": ("state", "next_seq", "batch_count", "event_count"),
        },
        (
            *("mousemove", "mousedown", "mouseup", "click", "wheel", "scroll"),
            *("keydown", "keyup", "input", "paste", "copy", "cut", "drop"),
            *("touchstart", "touchmove", "touchend"),
        ),
    ),
    Collected(
        _("When pages, questions and fields come into sight, and when they are left."),
        _("It takes time to read. Who answers before is not reading."),
        Kept.EVENTS,
        events=(
            *("focus", "blur", "visibility", "fieldfocus", "fieldblur"),
            *("page", "question", "answer", "track"),
        ),
    ),
    Collected(
        _(
            "What your browser says of itself: screen, languages, time zone, graphics,"
            " connection, signs of automation."
        ),
        _(
            "Automated browsers contradict themselves. If you did not consent, this is"
            " not stored."
        ),
        Kept.EVENTS,
        events=("device", "network"),
    ),
    Collected(
        _("Which survey it was, when you began and ended, and where the visit stands."),
        _("A verdict is about one visit to one survey."),
        Kept.SESSIONS,
        {
            "sessions_app.Session": (
                *("survey", "status", "last_seen_at", "roughly_seen_at", "ended_at"),
            ),
        },
    ),
    Collected(
        _("The survey platform's own name for you, as a keyed digest."),
        _("Visits of one person belong together. Nobody reads the name out of it."),
        Kept.SESSIONS,
        {
            "sessions_app.Respondent": ("digest",),
            "sessions_app.Session": ("respondent",),
        },
    ),
    Collected(
        _("Your answers, and what the platform notes of the visit; sealed."),
        _("Answers can contradict each other, or be the same as somebody else's."),
        Kept.SESSIONS,
        {
            "sessions_app.Answer": (
                *("item", "kind", "value", "shown_ms", "answered_ms"),
            ),
            "sessions_app.Session": ("metadata",),
            "sessions_app.SessionTag": ("tag",),
        },
    ),
    Collected(
        _("Whether you consented, to which text, and whether you ask for privacy."),
        _(
            "So that it can be shown, and obeyed. Global Privacy Control never changes"
            " a verdict."
        ),
        Kept.SESSIONS,
        {
            "sessions_app.Session": (
                *("consent_given", "consent_version", "consent_at", "gpc"),
            ),
        },
    ),
    Collected(
        _("The verdict: how likely it was automated, each reason with its evidence."),
        _("So that every verdict can be explained, and disputed."),
        Kept.VERDICTS,
        {
            "detection.DetectionResult": (
                *("seq", "ruleset", "verdict", "bot_probability", "confidence"),
                *("recommended_action", "fired", "clear", "event_count"),
                "processing_time_ms",
                "flags_version",
            ),
            "sessions_app.Session": (
                *("verdict", "bot_probability", "recommended_action", "is_final"),
            ),
        },
    ),
    Collected(
        _("What the platform was told of the visit: its id, its end and its verdict."),
        _("So that a message that got lost can be sent again."),
        Kept.WEBHOOKS,
        {
            "integrations.WebhookMessage": ("type", "subject_id", "payload"),
            "integrations.WebhookDelivery": (
                *("endpoint", "message", "state", "attempts", "next_at"),
                *("sending_until", "handed_until", "succeeded_at"),
                *("status_code", "error"),
            ),
            "integrations.WebhookAttempt": (
                *("endpoint", "delivery", "number", "status_code", "error"),
                *("duration_ms", "response_start"),
            ),
        },
    ),
    Collected(
        _(
            "Which version of a page you get, if somebody chose one for you by the name"
            " that the survey's platform has for you; sealed."
        ),
        _("So that a mistake can be mended for one person before all others."),
        Kept.FOR_GOOD,
        {
            "flags.FeatureFlagOverride": (
                *("flag", "user", "user_index", "for_organization_id", "subject"),
                *("variant", "reason", "expires_at"),
            ),
        },
    ),
    Collected(
        _(
            "Which variant of a survey you saw, and what came of it, under a keyed"
            " digest in place of your name."
        ),
        _("Changes to surveys and checks are tried on some before all get them."),
        Kept.FOR_GOOD,
        {
            "experiments.ExperimentParticipation": (
                *("experiment", "unit", "phase", "variant", "saw_others", "left_out"),
                *("first_at", "last_at", "exposures", "segment"),
            ),
            "experiments.ExperimentEvent": (
                *("experiment", "unit", "name", "value", "at", "received_at", "key"),
            ),
            "experiments.ExperimentIdentity": ("known", "unit"),
            "experiments.ExperimentUnitValue": (
                *("experiment", "participation", "metric", "value", "beside"),
            ),
        },
    ),
    Collected(
        _("What a program was answered that opened a visit; sealed."),
        _("So that asking twice does not count twice."),
        Kept.A_DAY,
        {
            "common.KeptAnswer": (
                *("name", "fingerprint", "claimed_until", "answer", "expires_at"),
            ),
        },
    ),
    Collected(
        _("Work that is left to do for a visit, by its id."),
        _("So that nothing that was accepted is lost."),
        Kept.A_WEEK,
        {
            "common.OutboxRow": (
                *("topic", "key", "organization_id", "send_at", "sends", "attempts"),
                *("done_at", "dead_at", "last_error"),
            ),
        },
    ),
    Collected(
        _("Counts of days, and receipts of those who were erased; they name nobody."),
        _("Figures and proofs outlive those they are about."),
        Kept.FOR_GOOD,
        {
            "sessions_app.Tally": (
                *("survey", "day", "status", "verdict", "figure", "number"),
            ),
            "sessions_app.Erasure": ("whom", "sessions", "rows"),
        },
    ),
)

_STAFF: Final = "of who works here"
_INSTALLATION: Final = "the installation's own"
# Models without anything of a respondent, each with its reason.
WITHOUT_RESPONDENTS: Final[Mapping[str, str]] = {
    "accounts.ApiKey": "a program's",
    "accounts.Authenticator": _STAFF,
    "accounts.AuditRow": "what members and programs did; respondents do nothing here",
    "accounts.AuditSeal": "digests of the audit",
    "accounts.Invitation": _STAFF,
    "accounts.KeyOrigin": "a program's",
    "accounts.Membership": _STAFF,
    "accounts.Organization": _INSTALLATION,
    "accounts.TokenFamily": _STAFF,
    "accounts.User": _STAFF,
    "experiments.Experiment": "the operator's own",
    "experiments.ExperimentMoments": "sums over many, which name nobody",
    "experiments.ExperimentPhase": "the operator's own",
    "common.Bucket": "counts of attempts to get in, by digest",
    "common.FieldKey": _INSTALLATION,
    "detection.AgentKey": "programs that sign",
    "detection.NetworkList": "public lists",
    "flags.FeatureFlag": _INSTALLATION,
    "flags.FeatureFlagRevision": "how flags were changed, and by which member",
    "flags.FlagClock": _INSTALLATION,
    "flags.FlagSegment": _INSTALLATION,
    "flags.FlagSet": _INSTALLATION,
    "flags.FlagUsage": "counts of answers, by the hour",
    "integrations.WebhookEndpoint": "a platform's address",
    "sessions_app.SavedView": _STAFF,
    "sessions_app.Survey": "a platform's",
}
