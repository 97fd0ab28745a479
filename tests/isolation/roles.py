"""Where PostgreSQL itself keeps organizations apart."""

import os
from typing import Final

import pytest

with_roles: Final = pytest.mark.skipif(
    "DATABASE_APP_ROLE" not in os.environ,
    reason="Roles are on a PostgreSQL of our own: `make test` brings it.",
)
