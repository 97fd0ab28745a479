"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Register the app, and let browsers of registered origins ask."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Listen to the question whether an origin may call, and know the letters."""
        from . import receivers, tasks  # noqa: F401, PLC0415 - they register themselves once apps are loaded
