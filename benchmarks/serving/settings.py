"""The rivals' Django: hardly any middleware, no admin, the product's database."""

from config.settings.production import *  # noqa: F403 - as all settings here

INSTALLED_APPS = ["django.contrib.contenttypes", "rest_framework", "benchmarks.serving"]
# It says how long an answer is; without it gunicorn sends chunks.
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "benchmarks.serving.urls"
AUTH_USER_MODEL = "contenttypes.ContentType"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
