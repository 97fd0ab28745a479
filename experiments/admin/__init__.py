"""Experiments in the console."""

from . import listing  # noqa: F401 - it registers itself
