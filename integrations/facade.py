"""The door to integrations, for whoever serves and for pages above."""

from .couriers import Couriers

__all__ = ["Couriers"]
