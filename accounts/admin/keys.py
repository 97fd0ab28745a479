"""Keys in the admin: shown once, replaced, revoked, never changed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from django.views.decorators.debug import sensitive_variables
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from common.admin import ReadOnlyAdmin
from common.errors import BonafideError

from ..forms.keys import KeyForm, RotateForm
from ..models import ApiKey, KeyOrigin
from ..roles import Permission, key_permissions
from ..services.keys import (
    KeyTerms,
    check_may_make,
    create_key,
    revoke_key,
    rotate_key,
)
from ..texts import PERMISSIONS
from .acting import own_permissions, told


class KeyOriginInline(TabularInline):
    """Where a publishable key may be used."""

    model = KeyOrigin
    fields = ["origin"]
    extra = 0
    can_delete = False


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
        "shown_state",
        "created_at",
        "last_used_at",
        "expires_at",
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
        "state_in_words",
        "is_test",
        "shown_scopes",
        "shown_networks",
        "created_at",
        "created_by",
        "last_used_at",
        "expires_at",
        "replaced_by",
        "revoked_at",
        "revoked_by",
    ]
    readonly_fields = ["state_in_words", "shown_scopes", "shown_networks"]
    inlines = [KeyOriginInline]
    actions = ["revoke"]
    actions_detail = ["replace"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask for the right; what is made cannot be changed."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_replace_permission(
        self, request: HttpRequest, object_id: str | None = None
    ) -> bool:
        """Ask for the right to make keys."""
        return self.has_add_permission(request)

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
        return list(KeyForm.ASKED) if obj is None else self.fields

    def get_inlines(self, request: HttpRequest, obj: ApiKey | None) -> list[Any]:
        """Show origins of keys that have some."""
        return [] if obj is None else self.inlines

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell what was refused."""
        return told(request, super().changeform_view, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: Any, change: Any
    ) -> None:
        """Let the service make the key, and keep its text for the answer alone."""
        allowed = key_permissions(obj.kind, form.cleaned_data["scopes"])
        check_may_make(own_permissions(request), allowed)
        key, text = create_key(
            organization_id=obj.organization_id,
            kind=obj.kind,
            name=obj.name,
            origins=form.cleaned_data["origins"],
            terms=KeyTerms(
                scopes=form.cleaned_data["scopes"],
                networks=form.cleaned_data["networks"],
                expires_at=obj.expires_at,
                is_test=obj.is_test,
            ),
            actor_id=request.user.pk,
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
        """Show the key that was made."""
        return self._show(request, obj, request.made_text)  # type: ignore[attr-defined] # see save_related

    @sensitive_variables("text")
    def _show(self, request: HttpRequest, key: ApiKey, text: str) -> HttpResponse:
        """Show a key: the only page that ever does, and no cache keeps it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The key was made"),
            "opts": self.opts,
            "original": key,
            "text": text,
        }
        return TemplateResponse(request, "accounts/key_made.html", context)

    @action(description=_("Replace"), url_path="replace", permissions=["replace"])
    def replace(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask how long the old key is still needed; make the new one, and show it."""
        key: ApiKey | None = self.get_object(request, object_id)
        if key is None:
            raise Http404
        form = RotateForm(request.POST or None)
        if form.is_valid():
            try:
                check_may_make(own_permissions(request), key.permissions)
                made, text = rotate_key(
                    organization_id=key.organization_id,
                    key_id=key.id,
                    overlap=form.cleaned_data["overlap"],
                    actor_id=request.user.pk,
                )
            except BonafideError as error:
                form.add_error(None, error.detail)
            else:
                return self._show(request, made, text)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Replace this key"),
            "opts": self.opts,
            "original": key,
            "form": form,
        }
        return TemplateResponse(request, "accounts/key_replace.html", context)

    @display(
        description=_("state"),
        label={"active": "success", "expired": "default", "revoked": "danger"},
    )
    def shown_state(self, key: ApiKey) -> tuple[str, str]:
        """Say whether it opens anything."""
        return key.state.value, str(key.state.label)

    @admin.display(description=_("state"))
    def state_in_words(self, key: ApiKey) -> str:
        """Say the same on a page of its own, which knows no labels."""
        return str(key.state.label)

    @admin.display(description=_("scopes"))
    def shown_scopes(self, key: ApiKey) -> SafeString | str:
        """Return what it may do, one thing a line."""
        if key.scopes is None:
            return gettext("Everything that a key of this kind may do.")
        said = ((PERMISSIONS[one],) for one in Permission if one in key.permissions)
        return format_html_join("", "<p>{}</p>", said)

    @admin.display(description=_("allowed networks"))
    def shown_networks(self, key: ApiKey) -> str:
        """Return where it works."""
        return ", ".join(key.networks or ()) or gettext("From anywhere.")

    @admin.action(
        description=_("Revoke: end the chosen keys at once"), permissions=["add"]
    )
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        """End keys; who still uses them is refused from now on."""
        count = sum(
            revoke_key(
                organization_id=key.organization_id,
                key_id=key.id,
                actor_id=request.user.pk,
            )
            for key in keys
        )
        text = ngettext(
            "%(count)d key was revoked.", "%(count)d keys were revoked.", count
        )
        messages.success(request, text % {"count": count})
