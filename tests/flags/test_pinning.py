"""A request, a task and a block see the same flags from beginning to end."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from flags.facade import evaluate, pinned
from flags.middleware import Pinned
from flags.receivers import pin_flags, unpin_flags
from flags.services.flags import change_flag, create_flag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _flag() -> None:
    create_flag(organization_id=None, name="page", definition={"default": "on"})
    assert evaluate("page").value is True


def switch_off() -> None:
    """Change the flag, as somebody elsewhere does meanwhile."""
    changes = {"default": "off"}
    change_flag(organization_id=None, name="page", changes=changes)


def test_a_block_does_not_see_what_changes_meanwhile() -> None:
    """Whoever comes after it does."""
    with pinned():
        assert evaluate("page").value is True
        switch_off()
        assert evaluate("page").value is True
    assert evaluate("page").value is False


def test_a_request_does_not() -> None:
    """Also when it fails, the next one begins anew."""
    seen: list[Any] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(evaluate("page").value)
        switch_off()
        seen.append(evaluate("page").value)
        message = "a bug"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        Pinned(view)(HttpRequest())
    assert seen == [True, True]
    assert evaluate("page").value is False


def test_a_task_does_not() -> None:
    """Nor one that runs within a request, which has its own."""
    with pinned():
        assert evaluate("page").value is True
        pin_flags(task_id="a task")
        switch_off()
        assert evaluate("page").value is False
        unpin_flags(task_id="a task")
        assert evaluate("page").value is True
    assert evaluate("page").value is False
