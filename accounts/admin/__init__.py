"""What staff and members see of accounts."""

from . import audit, keys, members, people

__all__ = ["audit", "keys", "members", "people"]
