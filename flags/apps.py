"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlagsConfig(AppConfig):
    """Register the app."""

    name = "flags"
    verbose_name = _("Flags")
