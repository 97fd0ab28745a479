"""Identifiers that leave the process."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUIDv7: unguessable enough, and in the order of their making."""
    return uuid7()
