"""What staff and members see of accounts."""

from . import keys, members, people

__all__ = ["keys", "members", "people"]
