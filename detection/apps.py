"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DetectionConfig(AppConfig):
    """Register the app and its checks."""

    name = "detection"
    verbose_name = _("Detection")

    def ready(self) -> None:
        """Let `manage.py check` see that every detector can be explained."""
        from . import checks  # noqa: F401, PLC0415 - registers itself once apps are loaded
