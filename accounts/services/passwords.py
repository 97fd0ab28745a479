"""Passwords that somebody forgot."""

from typing import Final

from django.core.cache import cache

from common import outbox

from .. import selectors
from ..audit.record import record_act
from ..models import User

FORGOTTEN: Final = "password.forgotten"
# A letter is on its way; a hundred of them would not come sooner.
ONE_LETTER_EVERY_S: Final = 300


def ask_for_reset(*, email: str) -> None:
    """Send who has this address a link, if anybody does.

    What this takes is about the same either way, and nothing is told: an address is
    nobody's business.
    """
    for person in selectors.users_of_email(email):
        key = f"password.forgotten:{person.id}"
        if cache.get(key) is None:
            cache.set(key, 1, ONE_LETTER_EVERY_S)
            outbox.add(topic=FORGOTTEN, key=person.id, organization_id=None)
            record_act("password.reset_asked", target=person)


def note_new_password(*, user: User) -> None:
    """Write down that somebody has another password from now on."""
    record_act("password.changed", target=user)
