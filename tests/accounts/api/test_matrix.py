"""No call of the API is left out of the tests of who may make it."""

import re

from tests.accounts.api import test_key_refusals, test_members_and_keys
from tests.architecture.test_house import api_views


def pattern(path: str) -> str:
    """Return an address without its ids and its query."""
    return re.sub(r"<[^>]+>|\{\w+\}", "{}", path.partition("?")[0])


def test_each_call_is_tried_without_its_permission() -> None:
    """A new address fails here until it stands in one of the two lists."""
    tried = {(method, pattern(path)) for method, path, *_ in test_key_refusals.CALLS}
    tried |= {
        (method, pattern(path)) for method, path, *_ in test_members_and_keys.CALLS
    }
    there = {
        (method, pattern(address.removeprefix("api/v1/")))
        for address, view in api_views()
        for method in view.needs
    }
    # Signing in has tests of its own: it is for who may do nothing yet.
    assert {call for call in there if not call[1].startswith("auth/")} == tried
