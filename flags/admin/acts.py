"""What is done on a flag's page: each act is a form, a service, and a sentence."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from common.errors import BonafideError, InvalidInputError

from ..forms import DefinitionForm, FlagForm, SwitchForm
from ..services.flags import (
    archive_flag,
    change_flag,
    create_flag,
    remove_flag,
    replace_flag,
    restore_flag,
)
from ..services.overrides import Whom, remove_override, set_override
from .page import Forms, Place, override_form, rule_forms, rules_of

Act = Callable[[HttpRequest, Place, Forms], str | None]


def act_upon(request: HttpRequest, place: Place, forms: Forms) -> HttpResponse | None:
    """Do what is asked; None if a form has to be shown again, with what is wrong."""
    name = request.POST.get("act", "")
    allowed = place.may_override if name in OF_OVERRIDES else place.may_change
    if name == "store":
        allowed = place.row is None and place.viewer is None
    if name not in ACTS or not allowed:
        messages.error(request, _("You may not do this."))
        return redirect(request.get_full_path())
    try:
        said = ACTS[name](request, place, forms)
    except InvalidInputError as error:
        for one in error.errors or [error]:
            place_named = getattr(one, "pointer", "")
            messages.error(request, f"{place_named} {one.detail}".strip())
        return None
    except BonafideError as error:
        messages.error(request, error.detail)
        return None
    if said is None:
        return None
    messages.success(request, said)
    if name in {"store", "remove"}:
        return redirect("admin:flags_featureflag_changelist")
    return redirect(request.path)


def switch(admin: Any, request: HttpRequest, place: Place) -> HttpResponse:
    """Ask before everybody is switched, and say what will happen."""
    is_on = place.flag.enabled
    form = SwitchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        change_flag(
            organization_id=place.owner,
            name=place.flag.name,
            changes={"enabled": not is_on},
            comment=form.cleaned_data["comment"],
        )
        said = _("It is switched off.") if is_on else _("It is switched on.")
        messages.success(request, said)
        return redirect(
            "admin:flags_featureflag_change", str(place.row and place.row.id)
        )
    off = place.flag.off or _("what the caller's code says")
    text = (
        _("Everybody gets %(what)s within a second or so, overrides included.")
        % {"what": off}
        if is_on
        else _("Rules, rollout and overrides decide again within a second or so.")
    )
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Switch it off") if is_on else _("Switch it on"),
        "opts": admin.opts,
        "original": place.row,
        "form": form,
        "text": text,
    }
    return TemplateResponse(request, "integrations/ask.html", context)


def _edit(request: HttpRequest, place: Place, forms: Forms) -> str | None:
    forms.flag = FlagForm(place.flag, request.POST)
    forms.rules = rule_forms(place.flag, request.POST)
    if not (forms.flag.is_valid() and forms.rules.is_valid()):
        return None
    said = forms.flag.cleaned_data
    change_flag(
        organization_id=place.owner,
        name=place.flag.name,
        changes={
            **forms.flag.changes(),
            "rules": rules_of(place.flag, forms.rules) or None,
        },
        expected=said["expected"],
        comment=said["comment"],
        kind=said["kind"],
        owner=said["owner"],
    )
    return _("It is changed, for everybody within a second or so.")


def _define(request: HttpRequest, place: Place, forms: Forms) -> str | None:
    forms.definition = DefinitionForm(request.POST)
    if not forms.definition.is_valid():
        return None
    said = forms.definition.cleaned_data
    if not isinstance(said["definition"], Mapping):
        forms.definition.add_error("definition", _("This must be an object."))
        return None
    replace_flag(
        organization_id=place.owner,
        name=place.flag.name,
        definition=said["definition"],
        expected=said["expected"],
        comment=said["comment"],
    )
    return _("It is changed, for everybody within a second or so.")


def _override(request: HttpRequest, place: Place, forms: Forms) -> str | None:
    forms.override = override_form(place, request.POST)
    if not forms.override.is_valid():
        return None
    said = forms.override.cleaned_data
    named = said.get("organization")
    whose = UUID(named) if named else None
    if place.viewer is not None and not said["user"]:
        whose = place.viewer
    set_override(
        organization_id=place.viewer,
        flag=place.flag.name,
        whom=Whom(said["user"], whose),
        variant=said["variant"],
        expires_at=said["expires_at"],
        reason=said["reason"],
    )
    return _("The override holds within a second or so.")


def _take_back(request: HttpRequest, place: Place, _forms: Forms) -> str | None:
    remove_override(
        organization_id=place.viewer,
        flag=place.flag.name,
        override_id=_uuid(request.POST.get("override", "")),
    )
    return _("The override is gone.")


def _restore(request: HttpRequest, place: Place, _forms: Forms) -> str | None:
    version = request.POST.get("version", "")
    row = restore_flag(
        organization_id=place.owner,
        name=place.flag.name,
        version=int(version) if version.isdecimal() else None,
    )
    return _("It is as it was, as version %(version)d.") % {"version": row.version}


def _archive(_request: HttpRequest, place: Place, _forms: Forms) -> str | None:
    archive_flag(organization_id=place.owner, name=place.flag.name)
    return _("It is archived. Restore it here if you need it again.")


def _remove(_request: HttpRequest, place: Place, _forms: Forms) -> str | None:
    remove_flag(organization_id=place.owner, name=place.flag.name)
    return _("It is removed; its history stays.")


def _store(_request: HttpRequest, place: Place, _forms: Forms) -> str | None:
    document = {
        "type": place.flag.type,
        "variants": [{"name": v.name, "value": v.value} for v in place.flag.variants],
        "default": place.flag.default,
        "off": place.flag.off,
        "safe": place.flag.safe,
    }
    create_flag(organization_id=None, name=place.flag.name, definition=document)
    return _("It is stored: it can be rolled out now.")


ACTS: Final[Mapping[str, Act]] = {
    "edit": _edit,
    "define": _define,
    "override": _override,
    "take_back": _take_back,
    "restore": _restore,
    "archive": _archive,
    "remove": _remove,
    "store": _store,
}
OF_OVERRIDES: Final = frozenset({"override", "take_back"})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
