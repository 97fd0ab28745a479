"""What the admin asks: may this person do that."""

from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend

from .models import Membership, User
from .roles import OF_MODEL


class OperatorBackend(ModelBackend):
    """Names and passwords of everyone; rights by group for staff alone.

    A member has the rights of a role. Were a group believed as well, it would open the
    installation's lists, which know no organization.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Say whether a member of staff was given this right."""
        return bool(user_obj.is_staff) and super().has_perm(user_obj, perm, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Say whether a member of staff was given any right in an app."""
        return bool(user_obj.is_staff) and super().has_module_perms(user_obj, app_label)


class MemberBackend(BaseBackend):
    """The table of roles, in the organization where somebody works at the moment."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Say whether the member's role allows this."""
        member = _member(user_obj)
        needed = OF_MODEL.get(perm)
        return member is not None and needed in member.permissions

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Say whether there is anything in this app for the member."""
        return any(
            self.has_perm(user_obj, perm)
            for perm in OF_MODEL
            if perm.startswith(f"{app_label}.")
        )


def _member(user: Any) -> Membership | None:
    if not isinstance(user, User) or not user.is_active:
        return None
    found: Membership | None = getattr(user, "membership", None)
    return found
