"""What staff see of accounts."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _, ngettext
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from common.admin import BaseAdmin, ReadOnlyAdmin

from .forms import KeyForm
from .models import ApiKey, KeyOrigin, Organization, User
from .services.keys import create_key, revoke_key

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

    empty_text = _("A group holds what several users may do.")


class KeyOriginInline(TabularInline):
    """Where a publishable key may be used."""

    model = KeyOrigin
    fields = ["origin"]
    extra = 0
    can_delete = False


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Organizations by name."""

    empty_text = _("Organizations are made by `manage.py create_organization`.")

    list_display = ["name", "created_at"]
    search_fields = ["name"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys, without anything that opens a door; a new one is shown once."""

    empty_text = _(
        "A survey platform calls the API with a secret key, a page with a"
        " publishable one."
    )

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
    list_select_related = ["organization"]
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
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask for the right; what is made cannot be changed."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Leave one way to save: the page that follows is not to be missed."""
        context["show_save_and_add_another"] = False
        context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: ApiKey | None = None, **kwargs: Any
    ) -> Any:
        """Return the form of a key that is yet to be made, or of one that is."""
        if obj is None:
            kwargs["form"] = KeyForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        """Ask for what only its maker knows."""
        return (
            ["organization", "kind", "name", "origins"] if obj is None else self.fields
        )

    def get_inlines(self, request: HttpRequest, obj: ApiKey | None) -> list[Any]:
        """Show origins of keys that have some."""
        return [] if obj is None else self.inlines

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: Any, change: Any
    ) -> None:
        """Let the service make the key, and keep its text for the answer alone."""
        key, text = create_key(
            organization_id=obj.organization_id,
            kind=obj.kind,
            name=obj.name,
            origins=form.cleaned_data["origins"],
        )
        obj.pk, obj.prefix = key.pk, key.prefix
        obj._state.adding = False  # noqa: SLF001 - it is there now, by another's hand
        form.made_text = text

    def save_related(self, request: HttpRequest, form: Any, *args: Any) -> None:
        """Hand the text on; the service has saved the rest."""
        request.made_text = form.made_text  # type: ignore[attr-defined] # see response_add

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the key: the only page that ever does, and no cache keeps it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The key was made"),
            "opts": self.opts,
            "original": obj,
            "text": request.made_text,  # type: ignore[attr-defined] # see save_related
        }
        return TemplateResponse(request, "accounts/key_made.html", context)

    @admin.action(
        description=_("Revoke: end the chosen keys at once"), permissions=["add"]
    )
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        """End keys; who still uses them is refused from now on."""
        count = sum(
            revoke_key(organization_id=key.organization_id, key_id=key.id)
            for key in keys
        )
        text = ngettext(
            "%(count)d key was revoked.", "%(count)d keys were revoked.", count
        )
        messages.success(request, text % {"count": count})
