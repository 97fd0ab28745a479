"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Register the app."""

    name = "portal"
    verbose_name = _("Portal")
