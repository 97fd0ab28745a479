"""Puppeteer and ghost-cursor, which are Node's: `node/puppeteer.mjs` answers."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from .chromium import DRESSED, QUIET, WINDOW_SIZE
from .driver import Visit
from .survey import steps

NODE: Final = Path(__file__).parent / "node"


def version(library: str) -> str:
    """Return the version that is pinned."""
    package = json.loads((NODE / "package.json").read_text())
    return str(package["dependencies"][library])


def plain(visit: Visit) -> None:
    """Answer with `page.click` and `page.type`."""
    _answer(visit, "plain")


def ghost(visit: Visit) -> None:
    """Answer with ghost-cursor's moves and clicks."""
    _answer(visit, "ghost")


def dressed(visit: Visit) -> None:
    """Answer with ghost-cursor, in a window that hides its driver."""
    _answer(visit, "ghost", dressed=True)


def _answer(visit: Visit, hand: str, *, dressed: bool = False) -> None:
    told: dict[str, Any] = {
        "start": visit.start,
        "chromium": visit.chromium,
        "profile": str(visit.folder / "profile"),
        "arguments": [*QUIET, WINDOW_SIZE, *([DRESSED] if dressed else [])],
        "dressed": dressed,
        "hand": hand,
        "steps": [{"css": step.css, "text": step.text} for step in steps()],
    }
    subprocess.run(["node", NODE / "puppeteer.mjs", json.dumps(told)], check=True)
