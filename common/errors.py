"""What services raise: a sentence for people and a code for programs.

Nothing here knows HTTP; `common.api.problems` turns these into answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong in what was sent; `pointer` is a JSON pointer (RFC 6901)."""

    pointer: str
    detail: str


class BonafideError(Exception):
    """Any refusal that its cause can understand and mend."""

    code = "refused"

    def __init__(self, detail: object, *, code: str = "", **extra: Any) -> None:
        super().__init__(str(detail))
        self.detail = str(detail)
        self.code = code or self.code
        self.extra = extra


class NotFoundError(BonafideError):
    """The organization has no such thing."""

    code = "not_found"


class NotAuthenticatedError(BonafideError):
    """Whoever asks did not prove who they are."""

    code = "authentication_failed"


class NotAllowedError(BonafideError):
    """Whoever asks may not do this; another one may."""

    code = "permission_denied"


class ConflictError(BonafideError):
    """What was asked for does not go with the state that things are in."""

    code = "conflict"


class ChangedMeanwhileError(BonafideError):
    """What was to be changed is not any more as whoever asks has seen it."""

    code = "changed_meanwhile"


class VersionMissingError(BonafideError):
    """Whoever changes this has to say what they have seen."""

    code = "version_missing"


class InProgressError(ConflictError):
    """The very same is being done for somebody else; asking again soon may help."""

    code = "in_progress"
    wait_s = 1


class KeyReusedError(BonafideError):
    """One key stands for two different requests."""

    code = "idempotency_key_reused"


class LimitReachedError(BonafideError):
    """More was asked for than is allowed."""

    code = "limit_reached"


class InvalidInputError(BonafideError):
    """What was sent cannot be accepted; `errors` says where and why."""

    code = "invalid_input"

    def __init__(
        self, detail: object, errors: Sequence[FieldError] = (), *, code: str = ""
    ) -> None:
        super().__init__(detail, code=code)
        self.errors = tuple(errors)
