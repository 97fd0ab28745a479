"""Every address that is not the API's, from the URL conf, for an organization."""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.models import Membership, Organization, User

from .world import NOBODYS

# For who has not signed in, and may therefore tell nothing of anybody.
OPEN: Final = (
    "",
    "demo/",
    "privacy/",
    "i18n/",
    "api/",
    "healthz/",
    "admin/login/",
    "admin/jsi18n/",
    "admin/password_reset/",
    "admin/invitation/",
)
STAFF: Final[dict[str, Any]] = {
    "username": "staff",
    "is_staff": True,
    "is_superuser": True,
}


def every(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Yield the pattern of each address, in the URL conf's order."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every(entry, address)
        elif not address.startswith(("api/v1/", "ofrep/v1/")):
            yield address


def is_open(pattern: str) -> bool:
    """Say whether a page is for everybody."""
    return pattern == "" or pattern.startswith(OPEN[1:])


def address_of(pattern: str, organization: Organization) -> str:
    """Return a page's address for the things of an organization."""
    if "(?P" in pattern:
        plain = pattern.replace("^", "").replace("$", "")
        return "/" + re.sub(r"\(\?P<\w+>(\w+)[^)]*\)", r"\1", plain).replace(".*", "x")
    model = _model_of(pattern)
    found = model and _row_of(model, organization)
    of_row = str(found.pk) if found else NOBODYS
    filled = re.sub(r"<int:\w+>", "1", pattern)
    filled = re.sub(r"<(?:path:object_id|uuid:session_id|id)>", of_row, filled)
    return "/" + re.sub(r"<[^>]+>", NOBODYS, filled)


def visitors(organization: Organization) -> dict[str, Client]:
    """Return somebody of each kind with a browser."""
    members = Membership.objects.filter(organization=organization).order_by("id")
    return {
        "nobody": Client(),
        **{member.role: browser_of(member.user) for member in members},
        "staff": browser_of(User.objects.get_or_create(**STAFF)[0]),
    }


def browser_of(person: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    """Return what somebody could read."""
    content: bytes = answer.getvalue() if answer.streaming else answer.content
    return content.decode(errors="replace") + str(answer.headers)


def told(answer: Any) -> str:
    """Return in a word what somebody got, after all of it was written."""
    text_of(answer)
    if answer.status_code in {301, 302}:
        return "sign in" if answer.url.startswith("/admin/login/") else "elsewhere"
    return "✓" if answer.status_code == 200 else str(answer.status_code)


def _model_of(pattern: str) -> Any:
    registered = {
        f"admin/{model._meta.app_label}/{model._meta.model_name}": model
        for model in admin.site._registry
    }
    return registered.get("/".join(pattern.split("/")[:3]))


def _row_of(model: Any, organization: Organization) -> Any:
    if model is Organization:
        return organization
    if model is Group:
        return Group.objects.get_or_create(name="Everybody")[0]
    if model is User:
        return Membership.objects.filter(organization=organization)[0].user
    if hasattr(model, "organization"):
        return model.objects.filter(organization=organization).first()
    return model.objects.first()
