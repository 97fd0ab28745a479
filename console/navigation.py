"""What stands at the side of each page of the console."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.facade import Presence, presence_of


class Item(TypedDict):
    """A link at the side, for those who may follow it."""

    title: str | Promise
    icon: str
    link: str
    active: bool
    permission: Callable[[HttpRequest], bool]


class Section(TypedDict):
    """Links under one heading."""

    title: str | Promise
    items: Sequence[Item]


def sections(request: HttpRequest) -> Sequence[Section]:
    """Return the links at the side; unfold leaves out what nobody may see."""
    here = presence_of(request)
    place = [] if here is None or here.membership is None else [_place(here, request)]
    return [
        *place,
        {
            "title": _("What happens"),
            "items": [
                _overview(request),
                _list(request, "sessions_app", "session", "browse_activity"),
                _list(request, "sessions_app", "survey", "quiz"),
                _list(request, "sessions_app", "erasure", "person_remove"),
            ],
        },
        {
            "title": _("Flags and experiments"),
            "items": [
                _list(request, "flags", "featureflag", "flag"),
                _list(request, "experiments", "experiment", "science"),
            ],
        },
        {
            "title": _("Webhooks"),
            "items": [
                _list(request, "integrations", "webhookendpoint", "webhook"),
                _list(request, "integrations", "webhookdelivery", "outgoing_mail"),
            ],
        },
        {
            "title": _("Access"),
            "items": [
                _list(request, "accounts", "organization", "apartment"),
                _list(request, "accounts", "membership", "badge"),
                _list(request, "accounts", "invitation", "mail"),
                _list(request, "accounts", "apikey", "key"),
                _list(request, "accounts", "user", "group"),
                _list(request, "accounts", "auditrow", "history"),
            ],
        },
        {
            "title": _("Detection"),
            "items": [
                _list(request, "detection", "detectionresult", "fact_check"),
                _list(request, "detection", "networklist", "lan"),
                _list(request, "detection", "agentkey", "smart_toy"),
            ],
        },
        {
            "title": _("Machine room"),
            "items": [
                _list(request, "sessions_app", "behaviordata", "inventory_2"),
                _list(request, "common", "outboxrow", "outbox"),
            ],
        },
    ]


def _place(here: Presence, request: HttpRequest) -> Section:
    """Return where a member works, and the way to where else they do."""
    link = reverse("choose_organization")
    return {
        "title": here.membership.organization.name if here.membership else "",
        "items": [
            {
                "title": _("Another organization"),
                "icon": "swap_horiz",
                "link": link,
                "active": request.path == link,
                "permission": lambda _request: len(here.memberships) > 1,
            }
        ],
    }


def _overview(request: HttpRequest) -> Item:
    link = reverse("admin:index")
    return {
        "title": _("Overview"),
        "icon": "monitoring",
        "link": link,
        "active": request.path == link,
        "permission": lambda _request: True,
    }


def _list(request: HttpRequest, app: str, model: str, icon: str) -> Item:
    link = reverse(f"admin:{app}_{model}_changelist")
    return {
        "title": _name_of(app, model),
        "icon": icon,
        "link": link,
        "active": request.path.startswith(link),
        "permission": lambda asked: asked.user.has_perm(f"{app}.view_{model}"),
    }


def _name_of(app: str, model: str) -> str:
    """Return what a list is called, as its headings say it."""
    from django.apps import apps  # noqa: PLC0415 - see below

    found: Any = apps.get_model(app, model)
    name = str(found._meta.verbose_name_plural)  # noqa: SLF001 - Django's public name
    return name[:1].upper() + name[1:]
