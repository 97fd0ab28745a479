"""PostgreSQL, Redis, Celery's own workers, and TLS in front."""

from common.logging import logging_settings
from config import env

from .base import *

SECRET_KEY = env.secret("SECRET_KEY")
KEY_PEPPER = env.secret("KEY_PEPPER")
FIELD_KEYS = env.secret("FIELD_KEYS")

DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        # A connection a request costs three quarters of the throughput.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env.redis_url("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "common.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}
}
CELERY_BROKER_URL = REDIS_URL

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

PUBLIC_URL = env.text("PUBLIC_URL", f"https://{ALLOWED_HOSTS[0]}")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, least=1, most=65_535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)

TWO_FACTOR_REQUIRED = env.flag("TWO_FACTOR_REQUIRED", default=True)

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
# The health checks come from inside, without TLS; so does who reads metrics, and is
# answered before this.
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.integer(
    "SECURE_HSTS_SECONDS", 31_536_000, least=0, most=63_072_000
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag(
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True
)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING = logging_settings(json=True, level=LOG_LEVEL)
