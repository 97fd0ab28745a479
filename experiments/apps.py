"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExperimentsConfig(AppConfig):
    """Register the app."""

    name = "experiments"
    verbose_name = _("Experiments")

    def ready(self) -> None:
        """Make acts known to the audit."""
        from . import audited  # noqa: F401, PLC0415 - it registers itself
