"""Several processes, one count: each writes a file, whoever is asked adds them up.

prometheus-client does that where PROMETHEUS_MULTIPROC_DIR names a folder. It keeps the
files of processes that are gone, or counts would go down: with a new process each
20,000 requests they would fill the disk in a day. So a dead process's counts move to
one file for all of them.

Nothing here may import prometheus-client at the top: it looks for the variable once.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_LOCK: Final = "lock"
# Whose counts the file of the dead holds, where a process's number would stand.
_GONE: Final = "gone"


def folder() -> Path | None:
    """Return where processes count together; None if there is only one."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def ignore_empty() -> None:
    """Take an empty name for none; prometheus-client writes to where it stands then."""
    if not os.environ.get(VARIABLE):
        os.environ.pop(VARIABLE, None)


def choose_folder() -> None:
    """Name a folder for this process and its children, unless there is a name."""
    if not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="bonafide-metrics-")
        os.environ[f"{VARIABLE}_OURS"] = os.environ[VARIABLE]


def clear() -> None:
    """Forget what former processes counted; what this one has open stays."""
    if (where := folder()) is None:
        return
    where.mkdir(parents=True, exist_ok=True)
    for path in where.glob("*.db"):
        if path.stem.rpartition("_")[2] != str(os.getpid()):
            path.unlink(missing_ok=True)


def remove() -> None:
    """Remove the folder, if `choose_folder` made it."""
    ours = os.environ.get(f"{VARIABLE}_OURS")
    if ours and ours == os.environ.get(VARIABLE):
        shutil.rmtree(ours, ignore_errors=True)


@contextmanager
def held(*, shared: bool) -> Iterator[Path]:
    """Hold the folder: who reads sees a dead process's counts once, not twice."""
    where = folder()
    if where is None:
        msg = f"{VARIABLE} is not set."
        raise RuntimeError(msg)
    where.mkdir(parents=True, exist_ok=True)
    with (where / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        try:
            yield where
        finally:
            # Said, not left to the end of the file: a fork has it open as well.
            fcntl.flock(lock, fcntl.LOCK_UN)


def bury(pid: int) -> None:
    """Add a dead process's counts to those of the dead, and remove its files."""
    if folder() is None:
        return
    try:
        with held(shared=False) as where:
            for path in where.glob(f"*_{pid}.db"):
                _add(path)
    except (OSError, RuntimeError, ValueError) as error:
        # A count is not worth the server: this runs in the process that keeps it.
        log.warning("metrics.not_buried", pid=pid, error=type(error).__name__)


def _add(path: Path) -> None:
    from prometheus_client import mmap_dict  # noqa: PLC0415 - see above

    # It has no types.
    counts: Any = mmap_dict.MmapedDict
    kind = path.stem.rpartition("_")[0]
    # A gauge of a dead process says nothing any more.
    if not kind.startswith("gauge"):
        total = counts(str(path.with_name(f"{kind}_{_GONE}.db")))
        try:
            read = counts.read_all_values_from_file(str(path))
            for key, value, _when, _at in read:
                total.write_value(key, total.read_value(key)[0] + value, 0.0)
        finally:
            total.close()
    path.unlink()
