"""A database as it is after three months: many sessions, and a few in full.

Django has to be set up before this is imported.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.facade import create_organization
from detection.facade import decode_events
from sessions_app.facade import create_survey
from sessions_app.identity import respondent_digest
from sessions_app.services.ending import complete_session, judge_whole_session
from sessions_app.services.intake import Batch, record_batch
from sessions_app.services.opening import open_session
from sessions_app.services.tallying import rebuild

from ..serving.batches import batches

DAYS: Final = 90
SURVEYS: Final = 40
# One organization has most of it, as in an installation of one's own.
ORGANIZATIONS: Final = {"Large": 32, "Middle": 6, "Small": 2}
# So many sessions are sent through the intake, with all their batches.
IN_FULL: Final = 30
BATCHES: Final = 20
# As many rows are made by one statement.
CHUNK: Final = 50_000
# A respondent comes back twice on average; two of five sessions name nobody.
SESSIONS_OF_A_RESPONDENT: Final = 2
KNOWN: Final = "panel-000017"

_RESPONDENTS: Final = """
INSERT INTO sessions_app_respondent (id, created_at, organization_id, digest)
SELECT md5('id' || n)::uuid, now(), %(organization)s, md5('a' || n) || md5('b' || n)
FROM generate_series(1, %(count)s) AS n
"""

# Ids in the order of time, as the product makes them. The state is as long as it is
# after twenty batches, and so are the rows.
_SESSIONS: Final = """
WITH chances AS MATERIALIZED (
  SELECT n, random() AS a, random() AS b, random() AS c, random() AS d,
    md5(random()::text) AS noise,
    %(start)s::timestamptz + (n + random()) * %(step)s::interval AS at
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
), chosen AS (
  SELECT *,
    1 + floor(%(surveys)s * power(a, 2))::int AS survey,
    CASE WHEN b < 0.72 THEN 'human' WHEN b < 0.86 THEN 'undecided'
      WHEN b < 0.95 THEN 'bot' ELSE 'suspicious' END AS verdict,
    CASE WHEN at > %(open_after)s::timestamptz THEN 'active'
      WHEN b BETWEEN 0.9450 AND 0.95 THEN 'blocked'
      WHEN c < 0.2 THEN 'expired' ELSE 'completed' END AS status,
    5 + floor(30 * d)::int AS batches
  FROM chances
)
INSERT INTO sessions_app_session (
  id, created_at, organization_id, survey_id, respondent_id, status, last_seen_at,
  roughly_seen_at, ended_at, metadata, state, next_seq, batch_count, event_count,
  verdict, bot_probability, recommended_action, is_final)
SELECT
  (lpad(to_hex((1000 * extract(epoch FROM at))::bigint), 12, '0')
    || '7' || substr(noise, 1, 3) || '8' || substr(noise, 4, 15))::uuid,
  at, (%(owners)s::uuid[])[survey], (%(survey_ids)s::uuid[])[survey],
  CASE WHEN c < 0.6 THEN md5('id' || 1 + floor(%(people)s * d)::int)::uuid END,
  status, at + batches * interval '5 seconds', at,
  CASE WHEN status <> 'active' THEN at + batches * interval '5 seconds' END,
  NULL, decode(repeat(noise, 90), 'hex'), batches, batches, 50 * batches,
  verdict,
  CASE verdict WHEN 'bot' THEN 0.9 + d / 10 WHEN 'human' THEN d / 10 ELSE d END,
  CASE verdict WHEN 'bot' THEN 'block' WHEN 'human' THEN 'allow' ELSE 'review' END,
  status <> 'active'
FROM chosen
"""

_RESULTS: Final = """
INSERT INTO detection_detectionresult (
  id, created_at, organization_id, session_id, seq, ruleset, verdict, bot_probability,
  confidence, recommended_action, fired, clear, event_count, processing_time_ms)
SELECT gen_random_uuid(), last_seen_at, organization_id, id, NULL, '2026.11', verdict,
  bot_probability, 0.9, recommended_action,
  CASE WHEN verdict IN ('bot', 'suspicious') THEN
    jsonb_build_array(
      jsonb_build_array((%(codes)s::text[])[1 + event_count %% 8], 3.1, '{}'::jsonb),
      jsonb_build_array((%(codes)s::text[])[1 + batch_count %% 5], 1.2, '{}'::jsonb))
    ELSE '[]' END,
  '[]', event_count, 40 + batch_count
FROM sessions_app_session AS session
WHERE is_final AND NOT EXISTS (
  SELECT FROM detection_detectionresult AS known WHERE known.session_id = session.id)
"""
CODES: Final = [
    "pointer.teleports",
    "keyboard.even_rhythm",
    "click.centred",
    "device.webdriver",
    "scroll.jumps",
    "network.datacenter",
    "timing.too_fast",
    "touch.no_pressure",
]

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the database, as far as pages ask for it."""

    organization_id: UUID
    large_survey_id: UUID
    small_survey_id: UUID
    session_id: UUID
    respondent_digest: str
    bytes_of_sessions: int


def fill(sessions: int, tell: Tell) -> Filled:
    """Make organizations, surveys, respondents, sessions, results and figures."""
    owners, surveys = _surveys()
    people = max(1, sessions // SESSIONS_OF_A_RESPONDENT)
    _run(_RESPONDENTS, {"organization": owners[0], "count": people})
    start = timezone.now() - timedelta(days=DAYS)
    shared: dict[str, Any] = {
        "start": start,
        "step": timedelta(days=DAYS) / sessions,
        # What was opened in the last half hour goes on.
        "open_after": timezone.now() - timedelta(minutes=30),
        "surveys": len(surveys),
        "owners": owners,
        "survey_ids": surveys,
        "people": people,
    }
    for first in range(0, sessions, CHUNK):
        last = min(first + CHUNK, sessions) - 1
        _run(_SESSIONS, {**shared, "first": first, "last": last})
        tell(f"sessions: {last + 1:,} of {sessions:,}")
    in_full = [_in_full(owners[0], surveys[0]) for _ in range(IN_FULL)]
    _run(_RESULTS, {"codes": CODES})
    _run("VACUUM ANALYZE")
    for owner in dict.fromkeys(owners):
        for day in rebuild(organization_id=owner):
            tell(f"figures: {day}")
    _run("VACUUM ANALYZE")
    size = _run("SELECT pg_total_relation_size('sessions_app_session')")
    digest = respondent_digest(owners[0], KNOWN)
    return Filled(owners[0], surveys[0], surveys[-1], in_full[0], digest, size)


def _surveys() -> tuple[list[UUID], list[UUID]]:
    """Make surveys; return whose each one is, and their ids, the largest first."""
    owners, surveys = [], []
    for name, count in ORGANIZATIONS.items():
        owner = create_organization(name=name).id
        for number in range(count):
            survey = create_survey(organization_id=owner, name=f"{name} {number}")
            owners.append(owner)
            surveys.append(survey.id)
    return owners, surveys


def _in_full(owner: UUID, survey: UUID) -> UUID:
    """Send a session through the intake; return its id."""
    opened = open_session(
        organization_id=owner, survey_id=survey, respondent_id=KNOWN
    ).session
    seed = random.randrange(1000)  # noqa: S311 - a hand, not a secret
    for seq, raw in enumerate(batches(BATCHES, seed=seed)):
        read = decode_events(json.dumps(json.loads(raw)["events"]).encode())
        record_batch(
            organization_id=owner,
            session_id=opened.id,
            batch=Batch(seq, read.events, (), None),
        )
    complete_session(organization_id=owner, session_id=opened.id)
    judge_whole_session(organization_id=owner, session_id=opened.id)
    return opened.id


def _run(statement: str, values: dict[str, Any] | None = None) -> Any:
    """Run a statement; return its one value, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None
