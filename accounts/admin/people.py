"""Who may sign in, and the organizations that they work in."""

from typing import Any

import structlog
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _, ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from common.admin import BaseAdmin

from ..audit.record import record_act
from ..forms.people import RetentionForm
from ..models import Organization, User
from ..services.organizations import KEPT, keep_for
from ..services.two_factor import remove_second_factor
from .searching import FoundByAddress

log = structlog.get_logger(__name__)

admin.site.unregister(Group)
# Their pages show what a second factor is made of.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin, FoundByAddress):  # type: ignore[type-arg] # generic for mypy only
    """People who may sign in here."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    actions = ["forget_second_factor"]
    search_fields = ["username", "first_name", "last_name"]

    def save_model(
        self, request: HttpRequest, obj: User, form: Any, change: Any
    ) -> None:
        """Save somebody, and write down what of their access changed."""
        before = _access(User.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        verb = "account.changed" if change else "account.created"
        record_act(verb, target=obj, before=before, after=_access(obj))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete somebody, and write down who it was."""
        record_act("account.deleted", target=obj, before={"username": obj.username})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete several, one by one."""
        for person in queryset:
            self.delete_model(request, person)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write down a new password, which is set on a page of its own."""
        if any("password" in str(part).lower() for part in message):
            record_act("password.changed", target=obj)
        return super().log_change(request, obj, message)

    @admin.action(
        description=_("Forget the second factor of who lost theirs"),
        permissions=["change"],
    )
    def forget_second_factor(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Let people set a new one up; make sure before that they are who they say."""
        for person in rows:
            remove_second_factor(user=person)
            log.info("second_factor.forgotten", user_id=str(person.id))
        text = ngettext(
            "%(count)d person can set a new one up.",
            "%(count)d people can set a new one up.",
            len(rows),
        )
        messages.success(request, text % {"count": len(rows)})


def _access(person: User) -> dict[str, object]:
    """Return what an audit entry compares of an account."""
    shown = ("username", "is_active", "is_staff", "is_superuser")
    hidden = ("email", "first_name", "last_name", "password")
    return {name: getattr(person, name) for name in (*shown, *hidden)}


@admin.register(Group)
class GroupAdmin(auth_admin.GroupAdmin, BaseAdmin):
    """What several users may do."""

    empty_text = _("A group holds what several users may do.")


@admin.register(Organization)
class OrganizationAdmin(BaseAdmin):
    """Organizations by name, and how long each keeps what."""

    form = RetentionForm

    owner_field = "id"
    empty_text = _("Organizations are made by `manage.py create_organization`.")

    list_display = ["name", "created_at"]
    search_fields = ["name"]
    readonly_fields = ["name", "created_at"]
    fieldsets = [
        (None, {"fields": ["name", "created_at"]}),
        (
            _("What is kept, and for how long"),
            {
                "fields": list(KEPT),
                "description": _(
                    "What is past its time is gone for good, within a week of it."
                    " Empty is what the installation keeps."
                ),
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave it to the command, which makes keys as well."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody ends an organization by a click."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Organization, form: Any, change: Any
    ) -> None:
        """Let the service write, and write down what changed."""
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if changed:
            keep_for(organization_id=obj.id, **changed)
