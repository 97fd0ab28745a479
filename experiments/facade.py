"""The door to experiments: what sessions are shown, and what came of them."""

from .engine.design import AUTOMATIC
from .services.recording import record_session
from .services.taking_part import Shown
from .services.visiting import disclose, forget_sessions, open_session
from .serving import shelf

__all__ = [
    "AUTOMATIC",
    "Shown",
    "disclose",
    "forget_sessions",
    "open_session",
    "record_session",
    "shelf",
]
