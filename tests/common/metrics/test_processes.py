"""Several processes, one count."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from common.metrics import processes
from tests.services.processes import free_port, wait_until

ROOT: Final = Path(__file__).resolve().parents[3]
TOKEN: Final = "read-only-and-nothing-else"
COUNT: Final = """
import os, sys
from prometheus_client import Counter, Histogram
Counter("a", "A.", ["x"]).labels("y").inc(float(sys.argv[1]))
Histogram("b", "B.", buckets=(1, 2)).observe(1.5)
print(os.getpid())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which processes count together."""
    monkeypatch.setenv(processes.VARIABLE, str(tmp_path))
    return tmp_path


def counted_by_another(amount: float) -> int:
    """Count in a process of its own; return its number."""
    command = [sys.executable, "-c", COUNT, str(amount)]
    return int(subprocess.check_output(command, env=os.environ, cwd=ROOT))


def shown() -> str:
    """Return what a page of the folder says."""
    program = (
        "from prometheus_client import CollectorRegistry, generate_latest\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "r = CollectorRegistry(); MultiProcessCollector(r)\n"
        "print(generate_latest(r).decode())\n"
    )
    return subprocess.check_output([sys.executable, "-c", program], text=True)


def test_dead_process_still_counts(folder: Path) -> None:
    """In one file for all of the dead, however many there were."""
    pids = [counted_by_another(amount) for amount in (1, 2, 4)]
    before = shown()
    assert 'a_total{x="y"} 7.0' in before
    for pid in pids:
        processes.bury(pid)
    # A folder lists its files in no order, and the page follows it.
    assert sorted(shown().splitlines()) == sorted(before.splitlines())
    assert sorted(path.name for path in folder.glob("*.db")) == [
        "counter_gone.db",
        "histogram_gone.db",
    ]


def test_burying_twice_counts_once(folder: Path) -> None:
    """The second time there is nothing."""
    pid = counted_by_another(3)
    for _ in range(2):
        processes.bury(pid)
    assert 'a_total{x="y"} 3.0' in shown()


def test_broken_file_does_not_end_the_server(folder: Path) -> None:
    """It runs in the process that keeps all others."""
    (folder / "counter_77.db").write_bytes(b"\xff" * 64)
    processes.bury(77)


def test_start_forgets_what_others_counted(folder: Path) -> None:
    """Prometheus takes a lower number for a restart, and it is one."""
    counted_by_another(3)
    own = folder / f"counter_{os.getpid()}.db"
    own.touch()
    processes.clear()
    assert list(folder.glob("*.db")) == [own]


def test_without_a_folder_nothing_is_buried(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process alone, as with `make run`."""
    monkeypatch.delenv(processes.VARIABLE, raising=False)
    processes.clear()
    processes.bury(1)
    with pytest.raises(RuntimeError), processes.held(shared=True):
        pass


def test_empty_name_is_none(tmp_path: Path) -> None:
    """Files would appear wherever somebody stood."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": str(ROOT),
        processes.VARIABLE: "",
    }
    program = "import django; django.setup(); import common.metrics.names"
    command = [sys.executable, "-c", program]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert list(tmp_path.glob("*.db")) == []


def test_chosen_folder_is_removed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was given stays."""
    monkeypatch.setenv(processes.VARIABLE, "")
    monkeypatch.setenv(f"{processes.VARIABLE}_OURS", "")
    processes.choose_folder()
    chosen = processes.folder()
    assert chosen is not None
    assert chosen.is_dir()
    processes.remove()
    assert not chosen.exists()


@contextmanager
def gunicorn(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve with two workers as production does, on an empty SQLite."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "BONAFIDE_DATA_DIR": str(folder / "data"),
        processes.VARIABLE: str(folder / "metrics"),
        "METRICS_TOKEN": TOKEN,
        "LOG_LEVEL": "INFO",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "-b", f"127.0.0.1:{port}", "-w", "2", "config.wsgi"],
            cwd=ROOT,
            env=environment,
            stderr=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        assert wait_until(lambda: answers(address), limit_s=90)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


def answers(address: str) -> bool:
    """Say whether it serves."""
    try:
        return bool(get(f"{address}/healthz/live"))
    except (URLError, OSError):
        return False


def get(address: str) -> str:
    """Read an address, over a connection of its own, so that any worker may answer."""
    request = Request(address, headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310 - our own
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
        return str(answer.read().decode())


def workers_of(pid: int) -> list[int]:
    """Return the children of a process."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(number) for number in text.split()]


def lives_counted(page: str) -> int:
    """Return how often the first of the health checks was answered."""
    name = "django_http_responses_total_by_status_view_method_total"
    (found,) = [
        line for line in page.splitlines() if line.startswith(name) and "live" in line
    ]
    return int(float(found.rpartition(" ")[2]))


@pytest.mark.chaos
@pytest.mark.skipif(sys.platform != "linux", reason="It reads /proc.")
def test_count_survives_a_killed_worker(tmp_path: Path) -> None:
    """Of both, of one that is gone, and of the one that came for it."""
    with gunicorn(tmp_path) as (address, process):
        before = lives_counted(get(f"{address}/metrics"))
        ask(address, 40)
        first = workers_of(process.pid)
        os.kill(first[0], signal.SIGKILL)
        gone = tmp_path / "metrics" / "counter_gone.db"
        assert wait_until(gone.exists, limit_s=90)
        assert wait_until(lambda: len(workers_of(process.pid)) == 2, limit_s=90)
        ask(address, 40)
        assert set(workers_of(process.pid)) != set(first)
        counts = [lives_counted(get(f"{address}/metrics")) for _ in range(6)]
    # Whichever answers says the same.
    assert counts == [before + 80] * 6
    # The application's own are text on the embedded default.
    words = (tmp_path / "log").read_text().splitlines()
    lines = [json.loads(line) for line in words if line.startswith("{")]
    assert "gunicorn.error" in {line["logger"] for line in lines}


def ask(address: str, times: int) -> None:
    """Ask for something that is counted."""
    for _ in range(times):
        get(f"{address}/healthz/live")


@pytest.mark.chaos
@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="REDIS_URL names no Redis.")
def test_worker_shows_what_its_processes_counted(tmp_path: Path) -> None:
    """On a page of its own, to who shows the token."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "CELERY_TASK_ALWAYS_EAGER": "off",
        processes.VARIABLE: str(tmp_path),
        "METRICS_TOKEN": TOKEN,
        "METRICS_PORT": str(port),
        "LOG_LEVEL": "INFO",
    }
    start = [sys.executable, "-m", "celery", "-A", "config"]
    worker = subprocess.Popen(
        [*start, "worker", "-c2", "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = f"http://127.0.0.1:{port}/metrics"
        assert wait_until(lambda: answers_with(page, ""), limit_s=90)
        for _ in range(3):
            subprocess.run(
                [*start, "call", "limits.forget"], cwd=ROOT, env=environment, check=True
            )
        done = 'celery_task_received_total{name="limits.forget"} 3.0'
        assert wait_until(lambda: answers_with(page, done), limit_s=90)
        started = 'celery_task_started_total{name="limits.forget"} 3.0'
        assert wait_until(lambda: answers_with(page, started), limit_s=90)
        with pytest.raises(URLError, match="401"):
            urlopen(page, timeout=5)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)


def answers_with(page: str, words: str) -> bool:
    """Say whether a page holds some words."""
    try:
        return words in get(page)
    except (URLError, OSError):
        return False
