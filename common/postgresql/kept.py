"""Statements that PostgreSQL keeps the plan of, by their text."""

from typing import Final

# Only those that find rows by their keys: a plan for any range of days is a bad one
# for ninety.
KEPT: Final[set[str]] = set()
