"""The models of hands and typing are tested without a server."""

import pytest


@pytest.fixture(autouse=True)
def _quiet_server() -> None:
    """Wait for nothing."""
