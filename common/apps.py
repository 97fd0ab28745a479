"""The outbox, which is all that has a table here, and the walls."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """Register the outbox."""

    name = "common"
    verbose_name = _("Work for later")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the outbox's tasks known to Celery, in every process that adds rows.

        Each request begins with nobody; what a migration made is granted.
        """
        # They register themselves.
        from . import checks, task_ids, tasks  # noqa: F401, PLC0415
        from .metrics import tasks as counted, workers  # noqa: F401, PLC0415
        from .tenancy import grants, receivers  # noqa: F401, PLC0415 - likewise

        post_migrate.connect(grants.grant, sender=self)
