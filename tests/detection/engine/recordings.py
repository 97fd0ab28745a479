"""Where recordings lie that are not part of the project, and small ones made here."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("BONAFIDE_SHARED") or ROOT.parent / "shared")
BEHAVIOUR = SHARED / "data" / "behaviour"

needs_recordings = pytest.mark.skipif(
    not BEHAVIOUR.is_dir(),
    reason="The recordings of people and bots are not on this machine.",
)


def line(events: Sequence[dict[str, Any]], **changes: Any) -> bytes:
    """Return one line of a recording."""
    segment: dict[str, Any] = {
        "source": "made",
        "subject": "s1",
        "session": "a",
        "seg": 0,
        "t0": 0,
        "label": "human",
        "meta": {"device": "desktop"},
        "events": list(events),
    }
    return json.dumps({**segment, **changes}).encode() + b"\n"
