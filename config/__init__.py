"""Settings, URLs and Celery: the only package that knows every app."""

from .celery import app as celery_app

__all__ = ["celery_app"]
