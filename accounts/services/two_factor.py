"""The second factor: codes of an app, and recovery codes for when it is lost."""

import hashlib
import hmac
import secrets
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from ..audit import refusals
from ..audit.record import record_act
from ..models import Authenticator, User

RECOVERY_CODES: Final = 10
# Read from paper and typed: no letter looks like a digit, and ten of them are 50 bits.
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LETTERS: Final = 10
# What a column of the library's holds; 64 bits of a keyed digest.
DIGEST_LETTERS: Final = 16
APP_DIGITS: Final = 6


@transaction.atomic
def begin_set_up(*, user: User) -> Authenticator:
    """Return the device that a person is about to set up; asking again, the same."""
    # Two at once would show a picture that is not the one to be confirmed.
    User.objects.select_for_update().filter(id=user.id).first()
    device: Authenticator
    device, _made = Authenticator.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "app"}
    )
    return device


@transaction.atomic
def confirm_set_up(*, user: User, code: str) -> list[str] | None:
    """Put a device in force by a code of it; return recovery codes, None if wrong.

    What was in force before is not any more.
    """
    device = (
        Authenticator.objects.select_for_update()
        .filter(user=user, confirmed=False)
        .first()
    )
    if device is None or not device.verify_token(_typed(code)):
        return None
    Authenticator.objects.filter(user=user, confirmed=True).delete()
    Authenticator.objects.filter(id=device.id).update(confirmed=True)
    record_act("second_factor.set_up", target=user)
    return make_recovery_codes(user=user)


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """Return new recovery codes, which cannot be had again; older ones end."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [
        "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        for _ in range(RECOVERY_CODES)
    ]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_digest(code)) for code in codes
    )
    record_act("recovery_codes.made", target=user)
    return codes


@transaction.atomic
def device_of_code(*, user: AbstractBaseUser, code: str) -> Device | None:
    """Return the device that a code is right for; a code is right once.

    Each wrong one makes the next wait longer, which is counted here: a caller must not
    roll it back.
    """
    typed = _typed(code)
    of_app = len(typed) == APP_DIGITS and typed.isdecimal()
    model = Authenticator if of_app else StaticDevice
    devices = model.objects.select_for_update().filter(user=user, confirmed=True)
    for device in devices:
        if device.verify_token(typed if of_app else _digest(typed)):
            found: Device = device
            return found
    refusals.note("second_factor.refused")
    return None


@transaction.atomic
def remove_second_factor(*, user: User) -> None:
    """Let a person who lost everything set a new one up."""
    Authenticator.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    record_act("second_factor.removed", target=user)


def _typed(code: str) -> str:
    """Return a code as it was meant: without blanks and hyphens, in small letters."""
    return "".join(code.split()).replace("-", "").lower()


def _digest(code: str) -> str:
    """Return what is kept of a recovery code: useless without the server's pepper."""
    digest = hmac.new(settings.KEY_PEPPER.encode(), code.encode(), hashlib.sha256)
    return digest.hexdigest()[:DIGEST_LETTERS]
