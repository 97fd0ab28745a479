"""Let one driver answer the demo: ``python -m tests.e2e.drivers NAME ADDRESS``."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from .driver import Visit
from .registry import DRIVERS


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
    with tempfile.TemporaryDirectory(
        prefix="bonafide-driver-", ignore_cleanup_errors=True
    ) as folder:
        drivers[options.name].start(Visit(options.address, Path(folder)))


def _leave(number: int, _: FrameType | None) -> None:
    """Leave in order, so that no browser stays behind."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
