"""Who acts in the admin, and what they are told."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from common.admin import organization_of
from common.errors import BonafideError

from ..models import Membership
from ..roles import Permission, Permissions

EVERYTHING: Permissions = frozenset(Permission)


def own_permissions(request: HttpRequest) -> Permissions:
    """Return what the person may do here; staff of the installation everything."""
    if organization_of(request) is None:
        return EVERYTHING
    member: Membership = request.user.membership  # type: ignore[union-attr] # presence sets it
    return member.permissions


def told(
    request: HttpRequest, view: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Return a view's answer, or lead back with what was refused."""
    try:
        return view(request, *args, **kwargs)
    except BonafideError as error:
        messages.error(request, error.detail)
        return redirect(request.get_full_path())
