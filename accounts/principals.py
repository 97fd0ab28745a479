"""Who asks: the one value that authentication hands to everything else."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from .roles import Permission, Permissions


class PrincipalKind(StrEnum):
    """How the caller proved who they are."""

    SECRET_KEY = "secret"  # noqa: S105 - a kind of key, not a key
    PUBLISHABLE_KEY = "publishable"
    SESSION_TOKEN = "session"  # noqa: S105 - likewise
    USER = "user"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller: its organization always, its key or its session as far as it goes."""

    kind: PrincipalKind
    organization_id: UUID
    key_id: UUID | None = None
    session_id: UUID | None = None
    user_id: UUID | None = None
    permissions: Permissions = frozenset()
    is_test: bool = False

    # Django and DRF ask this of whatever stands in `request.user`.
    is_authenticated = True
    is_active = True

    @property
    def pk(self) -> UUID:
        """Return what rate limits count by."""
        return self.session_id or self.key_id or self.user_id or self.organization_id

    def may(self, permission: Permission) -> bool:
        """Say whether the table allows this."""
        return permission in self.permissions

    @property
    def is_browser(self) -> bool:
        """Say whether a respondent's browser asks, which never learns why."""
        return self.kind in {
            PrincipalKind.PUBLISHABLE_KEY,
            PrincipalKind.SESSION_TOKEN,
        }
