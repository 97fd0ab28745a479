# ruff: noqa: INP001 - a script, run by its path
"""Ask a container whether it works; the exit code is the answer.

``web``: the server is ready. ``beat``: the timetable was written not long ago.
(Workers are asked through the queue, by Celery's own ``inspect ping``.)
"""

import os
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

PORT: Final = 8000

# Below Docker's own limit for the check, so that the reason gets into its log.
LIMIT_S: Final = 4

TIMETABLE: Final = "celerybeat-schedule"

# Celery's beat writes its timetable every three minutes.
TIMETABLE_AGE_S: Final = 600


def web(port: int = PORT) -> str | None:
    """Return what is wrong with the server, None if it is ready."""
    link = HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)
    try:
        link.request("GET", "/healthz/ready", headers={"Host": _host()})
        status = link.getresponse().status
    except (OSError, HTTPException) as error:
        return f"no answer: {error}"
    finally:
        link.close()
    return None if status == 200 else f"answered {status}"  # noqa: PLR2004 - HTTP's OK


def beat(folder: Path = Path("/tmp")) -> str | None:  # noqa: S108 - the container's own  # nosec B108
    """Return what is wrong with the timetable, None if it is fresh."""
    written = [path.stat().st_mtime for path in folder.glob(f"{TIMETABLE}*")]
    if not written:
        return f"no {TIMETABLE} in {folder}"
    age = time.time() - max(written)
    return f"last written {age:.0f} s ago" if age > TIMETABLE_AGE_S else None


def main(arguments: list[str]) -> int:
    """Run one check and say what is wrong."""
    checks: dict[str, Callable[[], str | None]] = {"web": web, "beat": beat}
    if len(arguments) != 1 or arguments[0] not in checks:
        print("usage: healthcheck.py web|beat", file=sys.stderr)  # noqa: T201
        return os.EX_USAGE
    if trouble := checks[arguments[0]]():
        print(trouble, file=sys.stderr)  # noqa: T201 - Docker keeps it
        return 1
    return 0


def _host() -> str:
    """Return a name that the server answers to; others get a 400."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    return "localhost" if first in {"", "*"} else first.removeprefix(".")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
