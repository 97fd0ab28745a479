"""The production shape: what can be known about it without a container engine."""

import ast
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import yaml

from tests.services.postgres import Postgres

ROOT: Final = Path(__file__).parent.parent
DEPLOY: Final = ROOT / "deploy"
WRITTEN: Final = (ROOT / "docker-compose.yml").read_text()
COMPOSE: Final[dict[str, Any]] = yaml.safe_load(WRITTEN)
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
APP: Final = ("web", "worker", "courier", "keeper", "beat", "migrate")
OWNERS: Final = ("keeper", "migrate")
ONE_SHOT: Final = ("migrate",)
DOCKERFILE: Final = (DEPLOY / "Dockerfile").read_text()
KEYS: Final = ("SECRET_KEY", "KEY_PEPPER", "FIELD_KEYS", "METRICS_TOKEN")
SECRETS: Final = (*KEYS, "DATABASE_URL", "REDIS_URL")

each_service = pytest.mark.parametrize("name", SERVICES)
each_app_service = pytest.mark.parametrize("name", APP)


def seconds(text: str) -> int:
    """Return a duration such as `40s` or `5m` in seconds."""
    return int(text[:-1]) * {"s": 1, "m": 60}[text[-1]]


def assigned(path: Path, name: str) -> object:
    """Return the value that a Python file gives to a name, without running it."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    pytest.fail(f"{path} has no {name}")


def names_read_by_settings() -> set[str]:
    """Return the environment variables that production's settings ask for."""
    text = "".join(
        (ROOT / "config" / "settings" / f"{name}.py").read_text()
        for name in ("base", "production", "webhooks")
    )
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text))


def load(path: Path) -> ModuleType:
    """Return a script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def healthcheck() -> ModuleType:
    """Provide the script that containers are asked with."""
    return load(DEPLOY / "healthcheck.py")


@each_service
def test_service_cannot_change_or_gain_anything(name: str) -> None:
    """Whoever breaks into a container finds nothing to write to or rise with."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "cap_add" not in service


@each_service
def test_service_comes_back_by_itself(name: str) -> None:
    """All restart after a crash; a migration must not run in a circle."""
    expected = "no" if name in ONE_SHOT else "unless-stopped"
    assert SERVICES[name]["restart"] == expected


@each_service
def test_service_can_be_asked_how_it_is(name: str) -> None:
    """Each has a check with limits, or runs to its end."""
    check = SERVICES[name]["healthcheck"]
    if name in ONE_SHOT:
        assert check == {"disable": True}
        return
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert seconds(check["timeout"]) <= seconds(check["interval"])
    assert {"start_period", "retries"} <= set(check)


@each_service
def test_only_web_is_published_and_only_to_this_machine(name: str) -> None:
    """The application believes a proxy's headers, so nobody else may reach it."""
    expected = ["127.0.0.1:8000:8000"] if name == "web" else []
    assert SERVICES[name].get("ports", []) == expected


@each_service
def test_only_who_has_business_there_reaches_outside(name: str) -> None:
    """Data and queue are on a network without a way out."""
    expected = ["front", "back"] if name in {"web", "worker", "courier"} else ["back"]
    assert SERVICES[name]["networks"] == expected
    assert COMPOSE["networks"]["back"]["internal"] is True


@each_service
def test_service_waits_for_health_and_not_for_a_start(name: str) -> None:
    """A database that has just been started does not answer yet."""
    for other, how in SERVICES[name].get("depends_on", {}).items():
        finished = "service_completed_successfully"
        assert how["condition"] == (
            finished if other in ONE_SHOT else "service_healthy"
        )


def test_nothing_serves_before_the_migrations() -> None:
    """New code never meets an old schema."""
    waiting = [
        name for name in SERVICES if "migrate" in SERVICES[name].get("depends_on", {})
    ]
    assert waiting == ["web", "worker", "courier", "keeper", "beat"]


def test_intake_starts_without_the_queue() -> None:
    """It stores what it accepts; Redis may be away."""
    assert "redis" not in SERVICES["web"]["depends_on"]


@each_app_service
def test_every_setting_can_be_given(name: str) -> None:
    """A setting that compose does not pass on would be without effect."""
    given = set(SERVICES[name]["environment"])
    asked = {f"{at}_FILE" if at in SECRETS else at for at in names_read_by_settings()}
    assert asked <= given
    assert {f"{at}_FILE" for at in SECRETS} <= given


@each_app_service
def test_secrets_are_files_only(name: str) -> None:
    """Variables are seen by everyone who may inspect a container."""
    service = SERVICES[name]
    for secret in SECRETS:
        assert secret not in service["environment"]
        path = service["environment"][f"{secret}_FILE"]
        expected = secret.lower()
        if name in OWNERS and secret == "DATABASE_URL":
            expected = "database_owner_url"
        assert path == f"/run/secrets/{expected}"
        assert expected in service["secrets"]
    # Anything else cannot be mounted where the root is read-only.
    assert all(set(how) == {"file"} for how in COMPOSE["secrets"].values())


@each_app_service
def test_only_those_who_change_tables_log_in_as_their_owner(name: str) -> None:
    """Who serves has no way to the owner's password."""
    is_owner = name in OWNERS
    login = SERVICES[name]["environment"]["DATABASE_LOGIN"]
    assert login == ("owner" if is_owner else "app")
    assert ("database_owner_url" in SERVICES[name]["secrets"]) == is_owner
    assert ("database_url" in SERVICES[name]["secrets"]) != is_owner


def test_each_queue_has_one_worker_that_listens() -> None:
    """Parts are the owner's; a receiver that hangs holds up no verdict."""
    routes = assigned(ROOT / "config" / "settings" / "base.py", "CELERY_TASK_ROUTES")
    owners, couriers = {"queue": "owner"}, {"queue": "webhooks"}
    assert routes == {"partitions.keep": owners, "webhooks.send": couriers}
    for name, queue in (("keeper", "owner"), ("courier", "webhooks")):
        assert f"--queues={queue}" in SERVICES[name]["command"]
    assert not [word for word in SERVICES["worker"]["command"] if "queues" in word]


def test_what_has_no_safe_default_is_required() -> None:
    """Compose stops with a sentence instead of starting half-configured."""
    value = SERVICES["web"]["environment"]["ALLOWED_HOSTS"]
    assert value.startswith("${ALLOWED_HOSTS:?")


def test_worker_may_finish_before_it_is_killed() -> None:
    """Docker waits longer than Celery needs to hand tasks back."""
    soft = assigned(
        ROOT / "config" / "settings" / "base.py",
        "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT",
    )
    worker = SERVICES["worker"]
    assert isinstance(soft, int)
    assert seconds(worker["stop_grace_period"]) >= soft + 10
    # Without it a stop waits for every task to end, and is then a kill.
    assert worker["environment"]["REMAP_SIGTERM"] == "SIGQUIT"


def test_web_may_finish_before_it_is_killed() -> None:
    """Docker waits longer than gunicorn gives requests to end."""
    graceful = assigned(DEPLOY / "gunicorn.conf.py", "graceful_timeout")
    assert isinstance(graceful, int)
    assert seconds(SERVICES["web"]["stop_grace_period"]) >= graceful + 10


def test_gunicorn_understands_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are gunicorn's, and the variables have their effect."""
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    monkeypatch.setenv("WEB_THREADS", "")
    module = load(DEPLOY / "gunicorn.conf.py")
    # Untyped, so not an import statement.
    config = importlib.import_module("gunicorn.config").Config()
    for name, value in vars(module).items():
        ours = str(getattr(value, "__module__", "")).startswith("common.")
        # What was imported, and classes, are no settings.
        if name[0].islower() and not ours and not isinstance(value, ModuleType):
            config.set(name, value)
    assert (config.workers, config.threads) == (3, 4)
    assert config.worker_class_str == "gthread"


def test_queue_refuses_rather_than_forgets() -> None:
    """An evicted task would be one that nobody misses."""
    command = " ".join(SERVICES["redis"]["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command


def test_volumes_are_named() -> None:
    """Data is not lost with a container."""
    assert set(COMPOSE["volumes"]) == {"db", "redis"}
    assert "db:/var/lib/postgresql/data" in SERVICES["db"]["volumes"]
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]


def test_image_has_no_root_and_no_secret() -> None:
    """The program runs as a number; no secret can be read from a layer."""
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nUSER 10001:10001\n" in final
    assert re.findall(r"^ARG (\w+)", DOCKERFILE, re.MULTILINE) == ["PYTHON"]
    assert not re.findall(r"^ENV .*(?:SECRET|PEPPER|_URL)", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE


def test_image_starts_what_compose_starts() -> None:
    """A change in one of the two places is not forgotten in the other."""
    commands = re.findall(r"^\s*CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    check, command = (yaml.safe_load(text) for text in commands)
    assert command == SERVICES["web"]["command"]
    assert ["CMD", *check] == SERVICES["web"]["healthcheck"]["test"]


def test_image_leaves_secrets_and_history_out() -> None:
    """What is not sent to the builder cannot get into a layer."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".env*", "deploy/secrets", "var", "tests"} <= set(lines)
    # These are needed at run time.
    assert not {"deploy", "sdk", "locale", "**/*.mo"} & set(lines)


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """A second call must not make every key of every customer invalid."""
    shutil.copy(DEPLOY / "make-secrets.sh", tmp_path)
    folder = tmp_path / "secrets"

    def make() -> dict[str, str]:
        subprocess.run([tmp_path / "make-secrets.sh"], check=True, capture_output=True)
        return {path.name: path.read_text() for path in folder.iterdir()}

    made = make()
    assert set(made) == set(COMPOSE["secrets"])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len({len(made["key_pepper"]), len(made["secret_key"]), 64}) == 1
    assert urlsplit(made["database_url"]).password == made["db_app_password"]
    assert urlsplit(made["database_owner_url"]).password == made["db_password"]
    assert make() == made


class Answer(BaseHTTPRequestHandler):
    """Answers 200 to the one who asks for the right host and page."""

    def do_GET(self) -> None:
        """Answer."""
        right = (self.headers["Host"], self.path) == ("a.example", "/healthz/ready")
        self.send_response(200 if right else 400)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Provide a server that is ready."""
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("hosts", "trouble"),
    [("a.example,b.example", None), (".a.example", None), ("*", "answered 400")],
)
def test_web_is_asked_under_a_name_it_answers_to(
    healthcheck: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    port: int,
    hosts: str,
    trouble: str | None,
) -> None:
    """Django refuses names that it does not know, which would look like illness."""
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert healthcheck.web(port) == trouble


def test_web_that_is_gone_is_reported(
    healthcheck: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer is a reason and not a traceback."""
    monkeypatch.setattr(healthcheck, "PORT", 1)
    assert healthcheck.web(1).startswith("no answer: ")


def test_beat_that_stands_still_is_reported(
    healthcheck: ModuleType, tmp_path: Path
) -> None:
    """The timetable is written every three minutes while it lives."""
    timetable = tmp_path / "celerybeat-schedule.db"
    assert "no celerybeat-schedule" in healthcheck.beat(tmp_path)
    timetable.touch()
    assert healthcheck.beat(tmp_path) is None
    past = time.time() - 700
    os.utime(timetable, (past, past))
    assert healthcheck.beat(tmp_path).startswith("last written 700 s ago")


def test_exit_code_is_the_answer(
    healthcheck: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Docker reads the code; people read the sentence."""
    sick: Callable[[], str] = lambda: "no answer"  # noqa: E731 - a stand-in
    monkeypatch.setattr(healthcheck, "web", sick)
    monkeypatch.setattr(healthcheck, "beat", lambda: None)
    assert healthcheck.main(["web"]) == 1
    assert capsys.readouterr().err == "no answer\n"
    assert healthcheck.main(["beat"]) == 0
    assert healthcheck.main(["bet"]) == os.EX_USAGE


@pytest.mark.chaos
def test_new_database_gets_roles_that_rules_bind(tmp_path: Path) -> None:
    """The login that serves walks around nothing; passwords are the secrets'."""
    files = {}
    for name in ("BONAFIDE_PASSWORD_FILE", "BONAFIDE_APP_PASSWORD_FILE"):
        files[name] = str(tmp_path / name)
        (tmp_path / name).write_text("it's \\ a: secret")
    with Postgres() as server:
        server.sql(
            "DROP DATABASE bonafide",
            "DROP ROLE bonafide, bonafide_app, bonafide_ops",
        )
        for _again in range(2):
            subprocess.run(
                [DEPLOY / "postgres" / "10-role.sh"],
                env=os.environ
                | files
                | {
                    "PGHOST": str(server.folder),
                    "PGPORT": str(server.port),
                    "POSTGRES_USER": "postgres",
                },
                check=True,
            )
        found = server.sql(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolinherit,"
            " rolpassword LIKE 'SCRAM-%', datname"
            " FROM pg_authid LEFT JOIN pg_database ON datdba = pg_authid.oid"
            " WHERE rolname LIKE 'bonafide%' ORDER BY rolname"
        )
    assert found.splitlines() == [
        "bonafide|t|f|t|t|t|bonafide",
        "bonafide_app|t|f|f|f|t|",
        "bonafide_ops|f|f|t|t||",
    ]
