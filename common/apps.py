"""The outbox is the only thing here that has a table."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """Register the outbox."""

    name = "common"
    verbose_name = _("Work for later")
    default_auto_field = "django.db.models.BigAutoField"
