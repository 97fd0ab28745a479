"""What staff see of accounts. Keys are made by `manage.py create_key`."""

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from common.admin import BaseAdmin, ReadOnlyAdmin

from .models import ApiKey, KeyOrigin, Organization, User

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin, BaseAdmin):  # type: ignore[type-arg] # generic for mypy only
    """People who may sign in here."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(auth_admin.GroupAdmin, BaseAdmin):
    """What several users may do."""


class KeyOriginInline(TabularInline):
    """Where a publishable key may be used."""

    model = KeyOrigin
    fields = ["origin"]
    extra = 0
    can_delete = False


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Organizations by name."""

    list_display = ["name", "created_at"]
    search_fields = ["name"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys, without anything that opens a door."""

    list_display = [
        "prefix",
        "organization",
        "kind",
        "name",
        "created_at",
        "revoked_at",
    ]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("organization", RelatedDropdownFilter),
    ]
    fields = [
        "organization",
        "kind",
        "name",
        "prefix",
        "created_at",
        "expires_at",
        "revoked_at",
    ]
    inlines = [KeyOriginInline]
