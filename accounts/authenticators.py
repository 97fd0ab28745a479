"""The app that shows codes: django-otp's device, with its secret sealed."""

import time
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP
from django_otp.util import random_hex

from common.encryption.fields import EncryptedTextField
from common.ids import new_id

# RFC 6238: what every app knows without being told.
STEP_S: Final = 30
DIGITS: Final = 6
# The step before and the next: clocks of telephones are off by seconds (section 5.2).
TOLERANCE: Final = 1
# RFC 4226, section 4: 160 bits.
SECRET_BYTES: Final = 20
ISSUER: Final = "Bonafide"


def new_secret() -> str:
    """Return a secret in hexadecimal."""
    return str(random_hex(SECRET_BYTES))


class Authenticator(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc] # django-otp has no types
    """An app on somebody's telephone; a code of it is right once.

    django-otp's own keeps its secret as it is: whoever reads the table has everybody's
    second factor.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("user"),
    )
    secret = EncryptedTextField(_("secret"), default=new_secret, editable=False)
    drift = models.SmallIntegerField(_("drift, steps"), default=0)
    # Codes of this step and before are used.
    last_t = models.BigIntegerField(_("last step"), default=-1)

    class Meta:
        verbose_name = _("authenticator")
        verbose_name_plural = _("authenticators")

    @property
    def persistent_id(self) -> str:
        """What a session keeps of it; django-otp reads a number behind the slash."""
        return f"{self.model_label()}/{self.id.int}"

    @property
    def bin_key(self) -> bytes:
        """The secret as it is shared with the app."""
        return bytes.fromhex(self.secret)

    def verify_token(self, token: str) -> bool:
        """Say whether a code is right; each wrong one makes the next wait longer."""
        allowed, _why = self.verify_is_allowed()
        if not allowed:
            return False
        if not token.isdecimal() or not self._is_right(int(token)):
            self.throttle_increment(commit=True)
            return False
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def _is_right(self, token: int) -> bool:
        steps: Any = TOTP(self.bin_key, STEP_S, 0, DIGITS, self.drift)
        steps.time = time.time()
        if not steps.verify(token, TOLERANCE, self.last_t + 1):
            return False
        self.last_t, self.drift = steps.t(), steps.drift
        return True

    def get_throttle_factor(self) -> int:
        """Return the seconds after the first wrong code; they double from there."""
        return 1

    def config_url(self, secret: str) -> str:
        """Return what an app reads, with its secret in letters (Key URI format)."""
        label = f"{ISSUER}:{self.user.get_username()}"
        asked = {
            "secret": secret,
            "issuer": ISSUER,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": STEP_S,
        }
        return f"otpauth://totp/{quote(label)}?{urlencode(asked)}"
