"""Work that is done once, however often it is asked for with the same key.

The claim is committed before the work begins: one that was written in the work's own
transaction made the duplicate wait for the first instead of being told so. The answer
is kept in that transaction, so there is never one without the other.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.fernet import Fernet
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from .errors import InProgressError, KeyReusedError
from .models import KeptAnswer
from .tenancy import scope

# The IETF's draft and Stripe keep answers for a day at least.
KEPT_FOR: Final = timedelta(hours=24)
# Twice the time after which gunicorn ends a worker: its work is certainly over then.
CLAIMED_FOR: Final = timedelta(seconds=60)
# One pass deletes no more than this.
FORGET_SIZE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with a key: whose it is, what it is for, and what was sent."""

    organization_id: UUID
    # Who asks, what they ask for, and their key: three of them that nobody else has.
    name: str
    sent: object

    @property
    def digest(self) -> str:
        """Return what the claim is found by; the key itself is not kept."""
        return salted_hmac(
            "bonafide.idempotency.name", self.name, algorithm="sha256"
        ).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Return what changes with the body."""
        text = json.dumps(self.sent, sort_keys=True, default=str)
        # Keyed: bodies are short, and hold names that could be tried out.
        return salted_hmac(
            "bonafide.idempotency.fingerprint", text, algorithm="sha256"
        ).hexdigest()

    @property
    def seal(self) -> Fernet:
        """Return what opens the kept answer.

        Answers hold new keys and session tokens. Who reads the table cannot open them,
        and who reads the server's secret as well still lacks the caller's key.
        """
        key = salted_hmac("bonafide.idempotency.seal", self.name, algorithm="sha256")
        return Fernet(urlsafe_b64encode(key.digest()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    headers: Mapping[str, str]
    data: Any


class Claim:
    """The right to do the work, or the answer of who did it before."""

    def __init__(self, asked: Asked, row: KeptAnswer) -> None:
        self._asked = asked
        self._row = row

    @property
    def earlier(self) -> Answer | None:
        """Return what was answered before; None if the work is to be done now."""
        if self._row.answer is None:
            return None
        text = self._asked.seal.decrypt(bytes(self._row.answer))
        return Answer(**json.loads(text))

    def keep(self, *, status: int, headers: Mapping[str, str], data: str) -> None:
        """Keep the answer (`data` is JSON), within the transaction of the work.

        Raises
        ------
        InProgressError
            The claim was taken over meanwhile. The work must be rolled back.
        """
        head = json.dumps({"status": status, "headers": dict(headers)})
        text = f'{head[:-1]}, "data": {data}}}'
        kept = self._unanswered().update(
            answer=self._asked.seal.encrypt(text.encode()),
            expires_at=timezone.now() + KEPT_FOR,
        )
        if not kept:
            raise _in_progress()

    def release(self) -> None:
        """Give the key back: nothing was done, so it may be tried again at once."""
        self._unanswered().delete()

    def _unanswered(self) -> Any:
        return KeptAnswer.objects.filter(
            organization_id=self._row.organization_id,
            id=self._row.id,
            claimed_until=self._row.claimed_until,
            answer=None,
        )


@contextmanager
def claimed(asked: Asked) -> Iterator[Claim]:
    """Hold a claim and a transaction for the work, or hand out the earlier answer.

    Whatever is raised within undoes the work and gives the key back, refusals too: who
    mends what was wrong may use it again.

    Raises
    ------
    KeyReusedError
        The key was used for something else.
    InProgressError
        The same request is being worked on.
    """
    claim = _claim(asked)
    if claim.earlier is not None:
        yield claim
        return
    try:
        with transaction.atomic():
            yield claim
    except BaseException:
        claim.release()
        raise


def forget_expired() -> int:
    """Delete answers that are past their time; return how many."""
    with scope.everywhere("idempotency.forget"):
        old = KeptAnswer.objects.filter(expires_at__lt=timezone.now())
        ids = list(old.values_list("id", flat=True)[:FORGET_SIZE])
        return KeptAnswer.objects.filter(id__in=ids).delete()[0]


def _claim(asked: Asked) -> Claim:
    now = timezone.now()
    until = now + CLAIMED_FOR
    claim = {
        "fingerprint": asked.fingerprint,
        "claimed_until": until,
        "expires_at": now + KEPT_FOR,
    }
    # Within a transaction nobody else would see it.
    with transaction.atomic(durable=True):
        row, is_new = KeptAnswer.objects.get_or_create(
            organization_id=asked.organization_id, name=asked.digest, defaults=claim
        )
    if is_new:
        return Claim(asked, row)
    is_over = row.expires_at <= now
    if not is_over and row.fingerprint != asked.fingerprint:
        reason = _("This Idempotency-Key was used with another body.")
        raise KeyReusedError(reason)
    if not is_over and row.answer is not None:
        return Claim(asked, row)
    if not is_over and row.claimed_until > now:
        raise _in_progress()
    taken = KeptAnswer.objects.filter(
        organization_id=asked.organization_id,
        id=row.id,
        claimed_until=row.claimed_until,
    )
    # Two who find it abandoned: one of them gets it.
    if not taken.update(answer=None, **claim):
        raise _in_progress()
    row.answer, row.claimed_until = None, until
    return Claim(asked, row)


def _in_progress() -> InProgressError:
    return InProgressError(_("The first request with this key is being worked on."))
