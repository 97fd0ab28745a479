"""Everybody who answers the demo survey."""

from typing import Final

from . import desk, keys
from .person import Person

PEOPLE: Final = (
    Person("fast typist", "an ordinary desktop, used quickly", desk.typist),
    Person("slow mouse user", "an ordinary desktop, used slowly", desk.slow_hand),
    Person("keyboard only", "nobody touches a pointer", keys.keyboard_only),
)
