"""Let one driver answer the demo: ``python -m tests.e2e.drivers NAME ADDRESS``."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from .driver import Visit
from .registry import DRIVERS

REMOVE_LIMIT_S: Final = 5.0
REMOVE_EACH_S: Final = 0.1


def main() -> None:
    """Read the command line and go."""
    signal.signal(signal.SIGTERM, _leave)
    drivers = {driver.name: driver for driver in DRIVERS}
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.drivers")
    parser.add_argument(
        "name", metavar="NAME", choices=drivers, help=", ".join(drivers)
    )
    parser.add_argument("address", metavar="ADDRESS", help="http://localhost:8000")
    options = parser.parse_args()
    with own_folder() as folder:
        drivers[options.name].start(Visit(options.address, folder))


@contextmanager
def own_folder() -> Iterator[Path]:
    """Give a folder to which tools and browsers write whatever they write."""
    folder = Path(tempfile.mkdtemp(prefix="bonafide-driver-"))
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        # A browser's helpers still write when it is gone.
        limit = time.monotonic() + REMOVE_LIMIT_S
        while folder.exists() and time.monotonic() < limit:
            shutil.rmtree(folder, ignore_errors=True)
            time.sleep(REMOVE_EACH_S)


def _leave(number: int, _: FrameType | None) -> None:
    """Leave in order, so that no browser stays behind."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
