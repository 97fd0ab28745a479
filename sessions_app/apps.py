"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """Register the app and the work that it leaves for later."""

    name = "sessions_app"
    # The first word on each page of it, and the heading at the side.
    verbose_name = _("What happens")

    def ready(self) -> None:
        """Make the tasks known to the outbox, and the acts to the audit."""
        from . import audited, checks, tasks  # noqa: F401, PLC0415 - they register themselves
