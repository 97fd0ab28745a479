"""Who may sign in, and the organizations that they work in."""

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

from common.admin import BaseAdmin, ReadOnlyAdmin

from ..models import Organization, User
from ..services.two_factor import remove_second_factor

log = structlog.get_logger(__name__)

admin.site.unregister(Group)
# Their pages show what a second factor is made of.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin, BaseAdmin):  # type: ignore[type-arg] # generic for mypy only
    """People who may sign in here."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    actions = ["forget_second_factor"]

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


@admin.register(Group)
class GroupAdmin(auth_admin.GroupAdmin, BaseAdmin):
    """What several users may do."""

    empty_text = _("A group holds what several users may do.")


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Organizations by name."""

    owner_field = "id"
    empty_text = _("Organizations are made by `manage.py create_organization`.")

    list_display = ["name", "created_at"]
    search_fields = ["name"]
