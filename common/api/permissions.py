"""The default permission, which nobody has."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    # The framework's views import this module, by way of the settings.
    from rest_framework.views import APIView


class NobodyYet(BasePermission):
    """Refuse everyone: a view that names no permission stays shut."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say no."""
        return False
