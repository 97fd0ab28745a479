"""Who may sign in, and the organizations that they work in."""

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from common.admin import BaseAdmin, ReadOnlyAdmin

from ..models import Organization, User

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
