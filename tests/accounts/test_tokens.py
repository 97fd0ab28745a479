"""Session tokens: signed, short-lived, for one session."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.tokens import LIFE_S, issue_session_token, principal_of_token
from common.ids import new_id


def test_token_names_its_session() -> None:
    """There and back."""
    organization_id, session_id = new_id(), new_id()
    token = issue_session_token(organization_id=organization_id, session_id=session_id)
    principal = principal_of_token(token)
    assert principal is not None
    assert principal.organization_id == organization_id
    assert principal.session_id == principal.pk == session_id
    assert principal.is_browser


@pytest.mark.parametrize("at", [8, 40, 60, -1])
def test_changed_token_is_refused(at: int) -> None:
    """Any character."""
    token = issue_session_token(organization_id=new_id(), session_id=new_id())
    other = "A" if token[at] != "A" else "B"
    changed = token[:at] + other + (token[at + 1 :] if at != -1 else "")
    assert principal_of_token(changed) is None


def test_old_token_is_refused() -> None:
    """After its life."""
    token = issue_session_token(organization_id=new_id(), session_id=new_id())
    later = timezone.now() + timedelta(seconds=LIFE_S + 2)
    with time_machine.travel(later):
        assert principal_of_token(token) is None
