"""What is sent, and what is told of it when it is not."""

from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest

from accounts import letters
from accounts.letters import NotSentError, send_reset
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_refused_address_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server's words quote it; they would stand in the log."""

    def refuse(*_args: Any) -> int:
        raise SMTPRecipientsRefused({"ada@survey.example": (550, b"No such user")})

    monkeypatch.setattr(letters, "send_mail", refuse)
    with pytest.raises(NotSentError) as caught:
        send_reset(User.objects.create_user("ada", "ada@survey.example"))
    assert str(caught.value) == "SMTPRecipientsRefused"
    assert caught.value.__cause__ is None
