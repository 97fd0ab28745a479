"""What people fill in about members."""

from typing import Any

from django import forms

from common.errors import InvalidInputError

from ..models import Invitation, Membership
from ..services.members import check_role


class _RoleForm(forms.ModelForm):  # type: ignore[type-arg] # generic for mypy only
    def clean(self) -> dict[str, Any]:
        """Refuse a viewer who would publish, beside the field that it is about."""
        cleaned = super().clean() or self.cleaned_data
        role = cleaned.get("role")
        if role:
            try:
                check_role(role, may_publish=cleaned.get("may_publish", False))
            except InvalidInputError as error:
                self.add_error("may_publish", error.detail)
        return cleaned


class MemberForm(_RoleForm):
    """What a member is."""

    class Meta:
        model = Membership
        fields = ["organization", "user", "role", "may_publish"]


class InvitationForm(_RoleForm):
    """Who is invited, and as what."""

    class Meta:
        model = Invitation
        fields = ["organization", "email", "role", "may_publish"]
