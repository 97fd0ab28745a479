"""Members and invitations in the admin; services write, roles decide."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _, ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from common.admin import ReadOnlyAdmin, organization_of

from ..forms.members import InvitationForm, MemberForm
from ..models import Invitation, Membership
from ..services.invitations import invite, withdraw_invitation
from ..services.members import (
    add_member,
    change_role,
    check_may_assign,
    remove_member,
)
from .acting import own_permissions, told
from .searching import FoundByAddress


@admin.register(Membership)
class MembershipAdmin(FoundByAddress):
    """Who works in an organization, and as what."""

    form = MemberForm
    empty_text = _("Whoever accepts an invitation becomes a member.")
    list_display = ["user", "organization", "role", "may_publish", "created_at"]
    list_filter = [
        ("role", ChoicesDropdownFilter),
        ("organization", RelatedDropdownFilter),
    ]
    list_select_related = ["organization", "user"]
    search_fields = ["user__username"]
    address_index = "user__email_index"
    autocomplete_fields = ["user"]
    ordering = ["-id"]
    fields = ["organization", "user", "role", "may_publish"]
    # Each goes through the service, which keeps an owner.
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave it to staff: members invite, and so cannot ask who has an account."""
        return organization_of(request) is None and super().has_add_permission(request)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> list[str]:
        """Leave a membership with its person and organization."""
        return [] if obj is None else ["organization", "user"]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell what the service refused."""
        return told(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell what the service refused."""
        return told(request, super().delete_view, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Membership, form: Any, change: Any
    ) -> None:
        """Let the service write, as far as the person may."""
        check_may_assign(
            own_permissions(request),
            old=form.initial.get("role") if change else None,
            new=obj.role,
            entrusts=obj.may_publish and "may_publish" in form.changed_data,
        )
        said: dict[str, Any] = {
            "organization_id": obj.organization_id,
            "role": obj.role,
            "may_publish": obj.may_publish,
        }
        if change:
            change_role(membership_id=obj.id, **said)
        else:
            obj.pk = add_member(user_id=obj.user_id, **said).pk

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """Let the service end it, as far as the person may."""
        check_may_assign(own_permissions(request), old=obj.role, new=None)
        remove_member(organization_id=obj.organization_id, membership_id=obj.id)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was invited, and what became of it."""

    form = InvitationForm
    empty_text = _("An invitation sends somebody a link that makes them a member.")
    list_display = [
        "email",
        "organization",
        "role",
        "shown_state",
        "created_at",
        "expires_at",
    ]
    list_filter = [("organization", RelatedDropdownFilter)]
    list_select_related = ["organization"]
    ordering = ["-id"]
    fields = ["organization", "email", "role", "may_publish"]
    actions = ["withdraw"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask for the right; what was sent cannot be changed."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell what the service refused."""
        return told(request, super().changeform_view, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Invitation, form: Any, change: Any
    ) -> None:
        """Let the service invite, as far as the person may."""
        check_may_assign(
            own_permissions(request),
            old=None,
            new=obj.role,
            entrusts=obj.may_publish,
        )
        made = invite(
            organization_id=obj.organization_id,
            email=obj.email,
            role=obj.role,
            may_publish=obj.may_publish,
            actor_id=request.user.pk,
        )
        obj.pk = made.pk

    @display(
        description=_("state"),
        label={
            "open": "info",
            "accepted": "success",
            "expired": "default",
            "revoked": "default",
        },
    )
    def shown_state(self, invitation: Invitation) -> tuple[str, str]:
        """Say what became of it."""
        return invitation.state.value, str(invitation.state.label)

    @admin.action(
        description=_("Withdraw: the links that were sent end"), permissions=["add"]
    )
    def withdraw(self, request: HttpRequest, rows: QuerySet[Invitation]) -> None:
        """End the chosen invitations."""
        for each in rows:
            withdraw_invitation(
                organization_id=each.organization_id, invitation_id=each.id
            )
        text = ngettext(
            "%(count)d invitation was withdrawn.",
            "%(count)d invitations were withdrawn.",
            len(rows),
        )
        messages.success(request, text % {"count": len(rows)})
