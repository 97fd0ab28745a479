"""Content as bytes: whole or refused, wherever it lay."""

from datetime import UTC, datetime
from typing import Final

import pytest

from flags.engine import Override
from flags.serving.content import UnusableError, decode, encode

from .world import content

NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_content_is_what_it_was() -> None:
    """Also with overrides and their moments; anything else is refused."""
    override = Override(flag="page", variant="off", user="ada", expires=NOW)
    whole = content(3, "on", override)
    data = encode(whole)
    assert decode(data) == whole
    for damaged in (data[:-1], data[1:], b"", b"x" * 100, data.replace(b"-1 ", b"-2 ")):
        with pytest.raises(UnusableError):
            decode(damaged)
