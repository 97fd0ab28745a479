"""Refusals are counted by the minute, and other tests have refusals as well."""

import pytest

from accounts.audit import refusals


@pytest.fixture(autouse=True)
def _new_minute() -> None:
    """Begin with nothing counted."""
    refusals._minutes.clear()
