"""The outbox is the only thing here that has a table."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """Register the outbox."""

    name = "common"
    verbose_name = _("Work for later")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the outbox's tasks known to Celery, in every process that adds rows."""
        from . import tasks  # noqa: F401, PLC0415 - they register themselves
