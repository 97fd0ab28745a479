"""Decide which variant a unit sees: definitions in, an answer with its reason out.

Pure: no clock, no chance, no files, no network. The folder can be copied out of the
repository and still runs, given msgspec, mmh3 and google-re2.

>>> from datetime import datetime, timezone
>>> beta = Rule(id="beta", serve="on", rollout=Rollout(percent=25))
>>> flag = Flag(name="new-page", rules=(beta,), default="off")
>>> snapshot = compile_snapshot(Definitions(flags=(flag,)))
>>> noon = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
>>> snapshot.evaluate("new-page", Context({"targetingKey": "ada"}, noon)).value
False
"""

from .checking import check
from .definitions import (
    CURRENT_TIME,
    ORGANIZATION,
    RANDOM,
    TARGETING_KEY,
    Constraint,
    Definitions,
    Flag,
    Override,
    Pin,
    Point,
    Prerequisite,
    Progression,
    Release,
    Rollout,
    Rule,
    Segment,
    Split,
    Variant,
    Weight,
    Window,
)
from .evaluation import Context, ErrorCode, Evaluation, Reason
from .exchange import dump, load
from .issues import DefinitionError, Issue
from .snapshot import Snapshot, compile_snapshot

__all__ = [
    "CURRENT_TIME",
    "ORGANIZATION",
    "RANDOM",
    "TARGETING_KEY",
    "Constraint",
    "Context",
    "DefinitionError",
    "Definitions",
    "ErrorCode",
    "Evaluation",
    "Flag",
    "Issue",
    "Override",
    "Pin",
    "Point",
    "Prerequisite",
    "Progression",
    "Reason",
    "Release",
    "Rollout",
    "Rule",
    "Segment",
    "Snapshot",
    "Split",
    "Variant",
    "Weight",
    "Window",
    "check",
    "compile_snapshot",
    "dump",
    "load",
]
