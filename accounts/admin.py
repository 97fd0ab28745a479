"""What staff see of accounts. Keys are made by `manage.py create_key`."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from common.admin import ReadOnlyAdmin

from .models import ApiKey, KeyOrigin, Organization, User

admin.site.register(User, UserAdmin)


class KeyOriginInline(admin.TabularInline):  # type: ignore[type-arg] # generic for mypy only
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
    list_filter = ["kind", "organization"]
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
