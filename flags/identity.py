"""What overrides call a user: a digest. No snapshot, cache or file holds a name."""

from functools import lru_cache
from typing import Final

from common.encryption.blind_index import blind_index

# The same people are asked about again and again within a session.
_REMEMBERED: Final = 4096


@lru_cache(maxsize=_REMEMBERED)
def known_as(user: str) -> str:
    """Return the digest of a user, as they were named, 64 hexadecimal digits.

    It is the same for every organization, whose overrides stand in its own set alone.
    """
    return blind_index(None, "flags.user", user)
