"""A script in the page, and nothing outside of it.

A browser extension answers, as a user script would: no debugger is attached and no
port is open, in a window that was started like anybody's.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Final

from .chromium import chromium
from .driver import Visit
from .survey import steps

EXTENSION: Final = Path(__file__).parent / "extension"


def clicks(visit: Visit) -> None:
    """Answer by `element.click()` and by setting values."""
    _answer(visit, full=False)


def events(visit: Visit) -> None:
    """Answer by made-up pointers, mice and keys."""
    _answer(visit, full=True)


def _answer(visit: Visit, *, full: bool) -> None:
    folder = visit.folder / "extension"
    shutil.copytree(EXTENSION, folder)
    told = json.dumps([asdict(step) for step in steps()])
    (folder / "steps.js").write_text(
        f"const STEPS = {told};\nconst FULL = {int(full)};\n"
    )
    with chromium(visit, f"--load-extension={folder}", visit.start):
        visit.stay()
