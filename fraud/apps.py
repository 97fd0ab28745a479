"""The app's place in the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FraudConfig(AppConfig):
    """Register the app."""

    name = "fraud"
    verbose_name = _("Fraud")
