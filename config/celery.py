"""The Celery application; its settings are Django's, prefixed `CELERY_`."""

import logging.config
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

app = Celery("bonafide")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_django_does(**_kwargs: Any) -> None:
    """Keep Celery's own handlers and format away; LOG_LEVEL is the level."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def refuse_at_start(**_kwargs: Any) -> None:
    """Take no work as a role that could see every organization's rows."""
    from common.tenancy import guard  # noqa: PLC0415 - it needs the apps

    try:
        guard.refuse_at_start()
    except ImproperlyConfigured as error:
        # Celery logs what its signals raise, and goes on.
        raise SystemExit(str(error)) from None
