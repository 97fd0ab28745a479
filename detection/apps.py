"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DetectionConfig(AppConfig):
    """Register the app and its checks."""

    name = "detection"
    verbose_name = _("Detection")

    def ready(self) -> None:
        """Let `manage.py check` look here, and the audit know acts and addresses."""
        from accounts.facade import classify_by  # noqa: PLC0415 - once apps are loaded

        from . import audited, checks  # noqa: F401, PLC0415 - they register themselves
        from .selectors.networks import class_of_address  # noqa: PLC0415 - likewise

        classify_by(class_of_address)
