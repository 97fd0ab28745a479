"""What staff and members see of accounts."""

from . import keys, people

__all__ = ["keys", "people"]
