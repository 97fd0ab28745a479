"""What staff and members see of webhooks."""

from . import deliveries, endpoints

__all__ = ["deliveries", "endpoints"]
