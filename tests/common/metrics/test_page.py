"""Who may read the metrics, and what they say."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from celery import shared_task
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families as families_of

from common import counters
from common.limits.counting import process
from common.metrics import waiting
from common.models import OutboxRow
from tests.conftest import Caller, Visit, make_moves
from tests.isolation.world import NOBODYS

pytestmark = pytest.mark.django_db

TOKEN: Final = "read-only-and-nothing-else"
DATA: Final = "api/v1/sessions/<uuid:session_id>/data"
Labels = dict[str, str]


@pytest.fixture(autouse=True)
def _look_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing be kept from another test, nor for one."""
    # A test that serves in this process names a folder; these counts are in none.
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    for part in waiting.PARTS:
        part.forget()
    yield
    for part in waiting.PARTS:
        part.forget()


def page(**headers: str) -> Any:
    """Ask from this machine."""
    return Client().get("/metrics", headers=headers)


def value(sample_name: str, /, **labels: str) -> float:
    """Return a sample's value; 0 if there is none."""
    found = [
        sample.value
        for family in families_of(page().content.decode())
        for sample in family.samples
        if sample.name == sample_name and labels.items() <= sample.labels.items()
    ]
    return sum(found)


def test_this_machine_may_read_without_a_token() -> None:
    """As with `make run`, where nobody set one."""
    answer = page()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP"]
)
def test_whoever_comes_through_a_proxy_is_elsewhere(header: str) -> None:
    """The proxy is on this machine; who asks it is not."""
    assert page(**{header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("peer", ["203.0.113.9", "10.0.0.1", "", "2001:db8::1"])
def test_another_machine_finds_nothing_without_a_token(peer: str) -> None:
    """A network of one's own is not oneself."""
    assert Client(REMOTE_ADDR=peer).get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (TOKEN, 401),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer ", 401),
        ("", 401),
        ("Bearer é", 401),
    ],
)
def test_token_opens_from_anywhere_and_nothing_else_does(
    settings: LazySettings, shown: str, status: int
) -> None:
    """Also this machine has to show it, when there is one."""
    settings.METRICS_TOKEN = TOKEN
    for peer in ("127.0.0.1", "203.0.113.9"):
        answer = Client(REMOTE_ADDR=peer).get(
            "/metrics", headers={"Authorization": shown}
        )
        assert answer.status_code == status
        assert ("WWW-Authenticate" in answer) is (status == 401)
        assert (b"bonafide_" in answer.content) is (status == 200)


def test_key_of_an_organization_opens_nothing(
    settings: LazySettings, server: Caller
) -> None:
    """What it shows is the installation's."""
    settings.METRICS_TOKEN = TOKEN
    assert server.get("/metrics").status_code == 401


def test_page_is_read_and_nothing_else() -> None:
    """Whatever the method says."""
    answer = Client().post("/metrics")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_page_knows_no_names_of_the_site(settings: LazySettings) -> None:
    """Who scrapes asks for a container by its name, without TLS."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["bonafide.example"], True
    assert page(Host="web:8000").status_code == 200


def test_page_is_not_in_the_documents() -> None:
    """It is for who runs this, not for who calls the API."""
    assert b"/metrics" not in Client().get("/api/schema").content


def test_batch_is_counted_once(visit: Visit) -> None:
    """With its events, its verdict and the time it took; its repeat is a repeat."""
    names = {
        "bonafide_intake_batches_total": {"outcome": "accepted"},
        "bonafide_intake_events_total": {},
        "bonafide_verdicts_total": {"verdict": "undecided", "final": "no"},
        "bonafide_judging_seconds_count": {"final": "no"},
        "bonafide_intake_seconds_count": {},
        "django_http_responses_total_by_status_view_method_total": {"view": DATA},
        "django_http_requests_latency_seconds_by_view_method_count": {"view": DATA},
    }
    before = {name: value(name, **labels) for name, labels in names.items()}
    repeats = value("bonafide_intake_batches_total", outcome="repeated")
    for _ in range(2):
        visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    more = {n: value(n, **labels) - before[n] for n, labels in names.items()}
    assert list(more.values()) == [1, 5, 1, 1, 2, 2, 2]
    assert value("bonafide_intake_batches_total", outcome="repeated") == repeats + 1


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"raw": b"{"}, "invalid"),
        ({"raw": b""}, "invalid"),
        (
            {"path": f"sessions/{NOBODYS}/data"},
            "unknown_session",
        ),
        ({"caller": Caller("bf_sk_none")}, "unauthorized"),
        ({"content_type": "text/html"}, "invalid"),
    ],
)
def test_refused_batch_is_counted_by_its_reason(
    visit: Visit, change: dict[str, Any], outcome: str
) -> None:
    """No label holds what was sent."""
    before = value("bonafide_intake_batches_total", outcome=outcome)
    caller = change.pop("caller", visit.browser)
    path = change.pop("path", f"sessions/{visit.id}/data")
    assert caller.post(path, make_moves(0), **change).status_code >= 400
    assert value("bonafide_intake_batches_total", outcome=outcome) == before + 1


def test_our_mistake_is_counted_too(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is what the objective is about."""

    def fail(**_arguments: object) -> None:
        msg = "broken"
        raise RuntimeError(msg)

    monkeypatch.setattr("sessions_app.api.views.record_batch", fail)
    before = value("bonafide_intake_batches_total", outcome="failed")
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    assert value("bonafide_intake_batches_total", outcome="failed") == before + 1


@pytest.mark.django_db(transaction=True)
def test_last_word_is_counted_when_it_is_kept(visit: Visit) -> None:
    """With what fired; completing again says nothing new."""
    before = value("bonafide_verdicts_total", final="yes")
    fired = value("bonafide_detector_fired_total")
    body = make_moves(0)
    body["events"].append({"type": "device", "t": 1, "webdriver": True})
    visit.browser.post(f"sessions/{visit.id}/data", body)
    for _ in range(2):
        visit.browser.post(f"sessions/{visit.id}/complete")
    assert value("bonafide_verdicts_total", final="yes") == before + 1
    assert value("bonafide_detector_fired_total") > fired


def test_refused_by_a_limit_is_counted_by_its_group(
    settings: LazySettings, visit: Visit
) -> None:
    """And so is the batch."""
    settings.LIMITS = {**settings.LIMITS, "intake": {"session": 1}}
    process.clear()
    before = value("bonafide_rate_limited_total", group="intake")
    for seq in range(2):
        visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq))
    assert value("bonafide_rate_limited_total", group="intake") == before + 1


def test_page_of_a_task_counts_it() -> None:
    """Under the names that celery-exporter gave."""

    @shared_task(name="tests.counted")
    def counted() -> None:
        """Do nothing."""

    counted.apply()
    for what in ("started", "succeeded"):
        assert value(f"celery_task_{what}_total", name="tests.counted") == 1
    assert value("celery_task_runtime_count", name="tests.counted") == 1


def test_what_is_counted_by_name_is_shown() -> None:
    """From its first event on."""
    counters.add("tests.found", 2)
    assert counters.read()["tests.found"] == 2
    assert value("bonafide_tests_found_total") == 2


def test_outbox_is_told_by_number_and_age() -> None:
    """What waits, for how long, and what was given up."""
    now = timezone.now()
    OutboxRow.objects.create(topic="a", key="1", created_at=now - timedelta(minutes=9))
    OutboxRow.objects.create(topic="a", key="2")
    OutboxRow.objects.create(topic="a", key="3", dead_at=now)
    OutboxRow.objects.create(topic="a", key="4", done_at=now)
    assert value("bonafide_outbox_waiting") == 2
    assert value("bonafide_outbox_dead") == 1
    assert value("bonafide_outbox_oldest_seconds") == pytest.approx(540, abs=5)
    assert value("bonafide_database_up") == 1


def test_empty_outbox_is_nought_and_not_nothing() -> None:
    """An alert on a missing number would ring in quiet times."""
    text = page().content.decode()
    assert "bonafide_outbox_waiting 0.0" in text
    assert "bonafide_outbox_oldest_seconds 0.0" in text


def test_what_was_looked_up_is_kept_for_a_moment(
    django_assert_num_queries: Any,
) -> None:
    """Two who scrape at once do not ask the database twice."""
    page()
    with django_assert_num_queries(0):
        page()


def test_database_away_hides_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was counted is still told, and that it is away."""

    def away() -> Iterator[Any]:
        raise OperationalError

    monkeypatch.setattr(waiting.PARTS[0], "_look", away)
    text = page().content.decode()
    assert "bonafide_database_up 0.0" in text
    assert "bonafide_outbox_waiting" not in text
    assert "bonafide_intake_events_total" in text


def test_queue_away_hides_nothing_else(settings: LazySettings) -> None:
    """Within half a second."""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    text = page().content.decode()
    assert "bonafide_queue_up 0.0" in text
    assert "celery_queue_length" not in text
    assert "bonafide_outbox_waiting" in text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no limit.")
@pytest.mark.django_db(transaction=True)
def test_look_at_the_database_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """To a second; the limit holds for the look alone."""
    limits = []
    outbox = waiting.PARTS[0]._look

    def look() -> Iterator[Any]:
        yield from outbox()
        limits.append(statement_timeout())

    monkeypatch.setattr(waiting.PARTS[0], "_look", look)
    with CaptureQueriesContext(connection) as asked:
        page()
    assert any("statement_timeout = 1000" in q["sql"] for q in asked)
    assert len(limits) == 1
    assert "1s" not in limits


def statement_timeout() -> str:
    """Return how long a statement may take."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (found,) = cursor.fetchone()
        return str(found)


def test_labels_are_few_and_known(visit: Visit, server: Caller) -> None:
    """No path, no id, no organization, whatever is asked for."""
    for at in ("nothing/here", f"sessions/{visit.id}/status", "sessions?limit=999999"):
        server.get(at)
    server("BREW", "sessions")
    text = page().content.decode()
    assert visit.id not in text
    assert "nothing/here" not in text
    assert "BREW" not in text
    assert 'method="other"' in text
    assert 'view="unmatched"' in text
    allowed = {"view", "method", "status", "outcome", "verdict", "final", "code"}
    allowed |= {"group", "name", "queue_name", "le", "generation", "implementation"}
    allowed |= {"flag", "variant", "why", "origin"}
    allowed |= {"major", "minor", "patchlevel", "version"}
    assert set(re.findall(r"[{,](\w+)=\"", text)) <= allowed
