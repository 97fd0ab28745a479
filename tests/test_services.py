"""The private servers of the tests: they serve, and nothing of them stays."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.services import programs
from tests.services.folders import Folder, remove_leftovers
from tests.services.postgres import Postgres
from tests.services.processes import ServiceError, wait_until
from tests.services.redis import Redis

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).parent.parent

# A program of the system: the environment's own may be out of others' reach.
SYSTEM_PYTHON = "/usr/bin/python3"

# A limit on what would hang, and no measure: busy machines take their time.
WAIT_S = 60

# Tells where the servers and itself are, and waits.
SLEEPER = ("sh", "-c", "echo $DATABASE_URL $REDIS_URL $$; exec sleep 60")

# Works with its server after Ctrl-C, as tests do that clean up.
TIDY = """
import os, subprocess, time
try:
    print("ready", flush=True)
    # In pieces: a signal that comes just before a sleep does not end it.
    for _ in range(600):
        time.sleep(0.1)
except KeyboardInterrupt:
    time.sleep(0.3)
    subprocess.run(["redis-cli", "-u", os.environ["REDIS_URL"], "ping"])
"""


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put servers' folders into a place of our own that all users can reach."""
    folder = Path(tempfile.mkdtemp(prefix="bonafide-test-"))
    # Others may enter and write: the servers and one test are not ours.
    folder.chmod(0o777)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for name in ("DATABASE_URL", "REDIS_URL", "BONAFIDE_CHROMIUM", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    shutil.rmtree(folder)


def starter(*arguments: str, python: str = sys.executable) -> list[str]:
    """Return the command line of `python -m tests.services`."""
    return [python, "-m", "tests.services", *arguments]


def run(
    *arguments: str,
    python: str = sys.executable,
    user: str | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run the starter to its end."""
    return subprocess.run(
        starter(*arguments, python=python),
        cwd=ROOT,
        user=user,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=WAIT_S * 2,
        check=False,
    )


def listens(port: int) -> bool:
    """Return whether anyone serves on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def alive(pid: int) -> bool:
    """Return whether a process exists and is more than a forgotten entry."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@contextmanager
def running(services: str, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Start a run in a session of its own, and see that it ends."""
    with subprocess.Popen(
        starter("--with", services, "--", *command),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_line(process: subprocess.Popen[str]) -> list[str]:
    """Return the words of the next line that a run prints."""
    assert process.stdout
    return process.stdout.readline().split()


def read_traces(process: subprocess.Popen[str]) -> tuple[list[int], int]:
    """Return the ports of the servers, and the number of the command."""
    *urls, pid = read_line(process)
    ports = [urlsplit(url).port for url in urls]
    return [port for port in ports if port], int(pid)


def all_end(ports: list[int], pid: int) -> bool:
    """Wait until servers and command are gone; return whether they went."""
    return wait_until(
        lambda: not (alive(pid) or any(listens(port) for port in ports)),
        limit_s=WAIT_S,
    )


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """Provide one server for all tests that do not look at start and stop."""
    with Postgres() as server:
        yield server


def test_postgres_serves_and_leaves_nothing(base: Path) -> None:
    """The address works, for an owner who is no superuser; then all is gone."""
    with Postgres() as server, psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT rolcreatedb, rolsuper, pg_encoding_to_char(encoding)"
            " FROM pg_roles JOIN pg_database ON datdba = pg_roles.oid"
            " WHERE datname = current_database() AND rolname = current_user"
        ).fetchone()
        pid = server.pid
    assert row == (True, False, "UTF8")
    assert pid
    assert not alive(pid)
    assert list(base.iterdir()) == []


def test_postgres_gives_no_superuser_through_its_port(postgres: Postgres) -> None:
    """Everybody on the machine can reach a port; the superuser runs programs."""
    url = postgres.url.replace("//bonafide@", "//postgres@")
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        psycopg.connect(url)
    assert postgres.sql("SELECT rolsuper FROM pg_roles LIMIT 1") == "t"


def test_postgres_keeps_what_was_committed_before_a_kill(postgres: Postgres) -> None:
    """A test can take the database away and bring it back as it was."""
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    postgres.kill()
    postgres.start()
    postgres.stop(keep_data=True)
    postgres.start()
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_postgres_says_what_was_refused(postgres: Postgres) -> None:
    """A broken statement of a test does not pass in silence."""
    with pytest.raises(ServiceError, match="syntax error"):
        postgres.sql("SELEKT 1")


def test_redis_returns_to_its_port_and_leaves_nothing(base: Path) -> None:
    """Clients find it again after an outage, empty."""
    with Redis() as server, redis.Redis.from_url(server.url) as client:
        port = server.port
        client.set("key", "value")
        server.stop()
        assert not listens(port)
        assert list(base.iterdir()) == []
        server.start()
        assert server.port == port
        assert client.get("key") is None
    assert not listens(port)
    assert list(base.iterdir()) == []


def test_second_start_changes_nothing(postgres: Postgres) -> None:
    """Starting what runs does not start another."""
    pid = postgres.pid
    postgres.start()
    assert postgres.pid == pid


def test_failed_start_shows_the_log(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sees it fail reads the server's own words; nothing is left."""
    monkeypatch.setattr("tests.services.server.PAUSE_S", 0)
    server = Redis()
    monkeypatch.setattr(server, "_command", lambda *_: ["sh", "-c", "echo no memory"])
    with pytest.raises(ServiceError, match=r"Redis ended.*\n.*no memory"):
        server.start()
    assert list(base.iterdir()) == []


def test_exit_code_is_passed_on(base: Path) -> None:
    """`make` learns whether the tests passed, or were killed."""
    assert run("--with", "redis", "--", "sh", "-c", "exit 7").returncode == 7
    assert run("--with", "node", "--", "sh", "-c", "kill -9 $$").returncode == 137
    assert run("--with", "node", "--", "no-such-program").returncode == 127
    assert list(base.iterdir()) == []


@pytest.mark.usefixtures("base")
def test_command_is_told_where_everything_is(postgres: Postgres) -> None:
    """The variables are those that the settings and the browser tests read."""
    names = ("DATABASE_URL", "REDIS_URL", "BONAFIDE_CHROMIUM")
    more = ("BONAFIDE_CHROMEDRIVER", "DISPLAY")
    script = f"echo {' '.join(f'${name}' for name in (*names, *more))}"
    done = run("--", "sh", "-c", script, DATABASE_URL=postgres.url)
    postgres_url, redis_url, chromium, driver, display = done.stdout.split()
    assert postgres_url == postgres.url
    assert redis_url.startswith("redis://127.0.0.1:")
    assert os.access(chromium, os.X_OK)
    assert os.access(driver, os.X_OK)
    assert display.startswith(":")
    said = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert said[:3] == ["PostgreSQL", "Redis", "Chromium"]
    assert said[3:] == ["ChromeDriver", "Node.js", "Screen"]


def test_given_servers_are_used(postgres: Postgres) -> None:
    """CI and developers bring their own; they are neither replaced nor stopped."""
    with Redis() as cache:
        urls = {"DATABASE_URL": postgres.url, "REDIS_URL": cache.url}
        script = "echo $DATABASE_URL $REDIS_URL"
        done = run("--with", "postgres,redis", "--", "sh", "-c", script, **urls)
        assert done.stdout.split() == [postgres.url, cache.url]
        assert postgres.pid
        assert cache.pid


@pytest.mark.parametrize(
    ("variable", "scheme", "service"),
    [("DATABASE_URL", "postgres", "postgres"), ("REDIS_URL", "redis", "redis")],
)
def test_given_server_that_is_silent_is_an_error(
    variable: str, scheme: str, service: str
) -> None:
    """A wrong address is not covered up by a server of our own."""
    # Nobody can serve on port 1 without being root on purpose.
    url = f"{scheme}://127.0.0.1:1/0"
    done = run("--with", service, "--", "true", **{variable: url})
    assert done.returncode == os.EX_UNAVAILABLE
    assert f"{variable} is set, but" in done.stderr


@pytest.mark.parametrize(
    ("program", "advice"),
    [
        (programs.POSTGRES, "or set DATABASE_URL"),
        (programs.REDIS, "or set REDIS_URL"),
        (programs.CHROMIUM, "or set BONAFIDE_CHROMIUM"),
        (programs.NODE, "with npm"),
        (programs.CHROMEDRIVER, "of your Chromium's version"),
        (programs.XVFB, "xvfb"),
        (programs.XDOTOOL, "xdotool"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_missing_program_is_named_with_a_remedy(
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: programs.Program,
    advice: str,
) -> None:
    """On a system we cannot install on, one sentence says what to do."""
    monkeypatch.setenv("PATH", str(base))
    monkeypatch.setattr(programs, "POSTGRES_PLACES", ())
    monkeypatch.setattr(programs, "CHROMIUM_PLACES", ())
    monkeypatch.setattr(programs, "CHROMEDRIVER_PLACES", ())
    with pytest.raises(
        ServiceError, match=f"^{program.name} was not found: .*{advice}"
    ):
        program.obtain()


def test_wrong_browser_is_not_covered_up() -> None:
    """Who names a browser does not get another one."""
    done = run("--with", "chromium", "--", "true", BONAFIDE_CHROMIUM="/none")
    assert done.returncode == os.EX_UNAVAILABLE
    assert done.stderr == "BONAFIDE_CHROMIUM names /none, which is no program.\n"


def test_unknown_service_is_refused() -> None:
    """A slip in the Makefile does not run the tests without their server."""
    done = run("--with", "postgers", "--", "true")
    assert done.returncode == 2
    assert "choose from postgres, redis, chromium, chromedriver, node" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_ended_run_leaves_nothing(base: Path, number: signal.Signals) -> None:
    """A closed terminal and a cancelled job stop the servers in order."""
    with running("redis", *SLEEPER) as process:
        ports, command = read_traces(process)
        process.send_signal(number)
        assert process.wait(WAIT_S) == 128 + number
    assert all_end(ports, command)
    assert list(base.iterdir()) == []


def test_interrupted_command_can_still_use_its_servers(base: Path) -> None:
    """Ctrl-C reaches all at once; tests then clean up in the database."""
    with running("redis", sys.executable, "-c", TIDY) as process:
        assert read_line(process) == ["ready"]
        os.killpg(process.pid, signal.SIGINT)
        assert read_line(process) == ["PONG"]
        assert process.wait(WAIT_S) == 128 + signal.SIGINT
    assert list(base.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the children")
def test_killed_starter_takes_its_servers_along(base: Path) -> None:
    """Nothing goes on after SIGKILL, and the next run removes the folders."""
    with running("postgres,redis", *SLEEPER) as process:
        ports, command = read_traces(process)
        process.kill()
        process.wait(WAIT_S)
    assert len(ports) == 2
    assert all_end(ports, command)
    assert len(list(base.iterdir())) == 2
    # A server lets go of its folder a moment after it has closed its port.
    assert wait_until(
        lambda: not (remove_leftovers() or list(base.iterdir())), limit_s=WAIT_S
    )


def test_folder_of_a_living_run_is_left_alone(base: Path) -> None:
    """Two runs at once do not remove each other's data."""
    folder = Folder.claim()
    assert remove_leftovers() == []
    os.close(folder.lock)
    assert remove_leftovers() == [folder.path]
    assert list(base.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_everybody_can_run_it(base: Path) -> None:
    """No rights are needed where the programs are installed."""
    if not Path(SYSTEM_PYTHON).exists():
        pytest.skip("no Python that other users can run")
    script = "psql -At -c 'SELECT 1 + 1' $DATABASE_URL"
    arguments = ("--with", "postgres", "--", "sh", "-c", script)
    done = run(*arguments, python=SYSTEM_PYTHON, user="nobody")
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr
    assert list(base.iterdir()) == []
