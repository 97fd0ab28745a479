"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    """Register the app, listen to what happens, and know the deliveries."""

    name = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        """Hear of sessions and verdicts, and make the tasks known to the outbox."""
        from . import audited, checks, receivers, tasks  # noqa: F401, PLC0415 - they register themselves
