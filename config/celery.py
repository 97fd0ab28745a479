"""The Celery application; its settings are Django's, prefixed `CELERY_`."""

from celery import Celery

app = Celery("bonafide")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
