"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlagsConfig(AppConfig):
    """Register the app, and pin flags for tasks."""

    name = "flags"
    verbose_name = _("Flags")

    def ready(self) -> None:
        """Make acts known to the audit, and checks to `manage.py check`."""
        from . import audited, checks, receivers, tasks  # noqa: F401, PLC0415 - they register themselves
