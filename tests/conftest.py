"""The cast of every test: two organizations, their keys, a survey, a session."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import settings

from accounts.facade import create_key, create_organization
from accounts.models import Organization
from common.limits.counting import process
from common.tenancy import guard, scope
from detection.selectors.agents import held_keys
from detection.selectors.networks import address_book
from experiments.serving import shelf
from flags.serving.process import loader, usage
from sessions_app.facade import Survey, create_survey
from sessions_app.services.at_hand import at_hand

# Hooks have to be known before tests are looked for, and by xdist's first process.
from tests.e2e.table import (  # noqa: F401 - pytest finds them here
    pytest_addoption,
    pytest_terminal_summary,
)
from tests.services import postgres

ORIGIN = "https://survey.example"

# Playwright runs an event loop in the tests' own thread; Django would refuse to
# touch the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# A law does not fail because the machine is busy: 255 ms were seen at a load of 13.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Run what stands in a folder `api` on the embedded default as well.

    Tests that wait most of their time begin the shares of every second process (xdist
    gives each a share in a row): left for the end, they took it alone.
    """
    for item in items:
        if "api" in item.path.parent.parts:
            item.add_marker(pytest.mark.api)
    # Here others choose by markers, and shuffle.
    yield
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if processes > 1:
        items[:] = waiting_first(items, processes)


def waiting_first(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """Return tests in the order in which two of four processes begin with waiting."""
    waiting = [one for one in items if waits(one)]
    others = [one for one in items if not waits(one)]
    starters = (processes + 1) // 2
    share = len(items) // processes
    # A file stays together: what its tests share is made once.
    turn = {path: at for at, path in enumerate(dict.fromkeys(w.path for w in waiting))}
    ordered: list[pytest.Item] = []
    for number in range(starters):
        mine = [one for one in waiting if turn[one.path] % starters == number]
        ordered += mine + others[: max(0, 2 * share - len(mine))]
        others = others[max(0, 2 * share - len(mine)) :]
    return ordered + others


def waits(item: pytest.Item) -> bool:
    """Say whether a test drives a browser, or breaks an installation."""
    return "e2e" in item.path.parts or item.get_closest_marker("chaos") is not None


@dataclass(frozen=True)
class Caller:
    """A program that calls the API with one credential."""

    credential: str = ""
    origin: str = ""

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a request; return Django's answer with `.json()`."""
        sent = dict(headers or {})
        if self.credential:
            sent["Authorization"] = f"Bearer {self.credential}"
        if self.origin:
            sent["Origin"] = self.origin
        data = raw if raw is not None else b"" if body is None else encode(body)
        client = Client(raise_request_exception=False)
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return client.generic(method, address, data, content_type, headers=sent)

    def get(self, path: str, **options: Any) -> Any:
        """Read."""
        return self("GET", path, **options)

    def post(self, path: str, body: object = None, **options: Any) -> Any:
        """Write."""
        return self("POST", path, body, **options)

    def patch(self, path: str, body: object = None, **options: Any) -> Any:
        """Change."""
        return self("PATCH", path, body, **options)


def encode(body: object) -> bytes:
    """Return JSON as bytes."""
    return json.dumps(body).encode()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let nobody keep the database from being removed when all tests have run.

    What a killed server or a browser's last request left is ended by PostgreSQL when it
    notices; a busy machine may take longer than the five seconds that it waits.
    """
    yield
    if connection.vendor != "postgresql":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Forget rate limits between tests."""
    cache.clear()
    process.clear()
    yield
    cache.clear()
    process.clear()


@pytest.fixture(autouse=True)
def _fresh_lists() -> None:
    """Forget what another test left in this process."""
    at_hand.forget()
    address_book.forget()
    held_keys.forget()
    loader.forget()
    usage.forget()
    shelf.forget()


@pytest.fixture(autouse=True)
def _nobodys_scope() -> Iterator[None]:
    """Forget whose rows were seen: an answer that nobody read to its end holds it."""
    yield
    scope.forget()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Forget the language that the last request of another test was answered in."""
    with translation.override("en"):
        yield


@pytest.fixture
def organization(db: None) -> Organization:
    """Ours."""
    return create_organization(name="Ours")


@pytest.fixture
def stranger(db: None) -> Organization:
    """Another organization."""
    return create_organization(name="Theirs")


@pytest.fixture
def survey(organization: Organization) -> Survey:
    """A survey of ours with the usual policy."""
    return create_survey(organization_id=organization.id, name="Commuting")


@pytest.fixture
def server(organization: Organization) -> Caller:
    """Our platform's server."""
    _key, text = create_key(organization_id=organization.id, kind="secret")
    return Caller(text)


@pytest.fixture
def strange_server(stranger: Organization) -> Caller:
    """The server of another organization."""
    _key, text = create_key(organization_id=stranger.id, kind="secret")
    return Caller(text)


@pytest.fixture
def site(organization: Organization) -> Caller:
    """A page of ours in a respondent's browser."""
    _key, text = create_key(
        organization_id=organization.id, kind="publishable", origins=[ORIGIN]
    )
    return Caller(text, ORIGIN)


@dataclass(frozen=True)
class Visit:
    """A session that is open: its id, and its browser."""

    id: str
    browser: Caller


@pytest.fixture
def visit(site: Caller, survey: Survey) -> Visit:
    """A respondent on our page."""
    return open_visit(site, survey)


def open_visit(site: Caller, survey: Survey) -> Visit:
    """Open a session as a page does."""
    answer = site.post("sessions", {"survey_id": str(survey.id)})
    assert answer.status_code == 201, answer.content
    opened = answer.json()
    return Visit(opened["id"], Caller(opened["token"], ORIGIN))


@pytest.fixture
def login(transactional_db: None, settings: Any) -> Iterator[Callable[..., Any]]:
    """Make connections as the product has them where it serves."""
    settings.ASSUMED_ROLE = ""
    guard._Seen.is_sound = False
    made = []

    def log_in(user: str = postgres.APP_ROLE, **where: Any) -> Any:
        link: Any = connection.copy()
        link.settings_dict |= {"USER": user, **where}
        # PgBouncer knows prepared statements since 1.21 only.
        if where:
            link.settings_dict["OPTIONS"] |= {"prepare_threshold": None}
        made.append(link)
        settings.DATABASE_LOGIN = "app"
        try:
            link.ensure_connection()
        finally:
            settings.DATABASE_LOGIN = "owner"
        return link

    yield log_in
    for link in made:
        link.close()
    guard._Seen.is_sound = False


@pytest.fixture
def moves() -> Callable[..., dict[str, Any]]:
    """Make batches: `moves(seq)` holds five moves of a pointer."""
    return make_moves


def make_moves(seq: int, count: int = 5) -> dict[str, Any]:
    """Return a batch of pointer moves, its times after those of the batch before."""
    start = seq * count * 20
    events = [
        {"type": "mousemove", "t": start + 20 * i, "x": 10 * i, "y": 5 * i}
        for i in range(count)
    ]
    return {"seq": seq, "events": events}


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Use the Chromium that the machine has, and keep it from calling home."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("BONAFIDE_CHROMIUM", "/usr/bin/chromium"),
        "args": [
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of recordings beside the project, or skip."""
    root = Path(__file__).resolve().parent.parent
    path = Path(os.environ.get("BONAFIDE_SHARED") or root.parent / "shared")
    if not (path / "data").is_dir():
        pytest.skip("The recordings are not here: set BONAFIDE_SHARED to their folder.")
    return path / "data"
