"""The app's place in the house, and the site that the admin runs on."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """Register the app."""

    name = "console"
    default = True
    verbose_name = _("Console")

    def ready(self) -> None:
        """Mend what unfold would write against the policy."""
        from .rendering import use_plain_json  # noqa: PLC0415 - unfold needs the apps

        use_plain_json()


class ConsoleAdminConfig(admin.AdminConfig):
    """Django's admin, on our site."""

    default = False
    default_site = "console.sites.ConsoleSite"
