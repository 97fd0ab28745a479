"""The embedded default: one process, SQLite, no other server.

This is what `make run` serves. Secrets are made once and kept in the data folder.
"""

from common.encryption.keys import new_field_key
from config import env
from config.embedded import (
    CACHES_IN_PROCESS,
    kept_secret,
    sqlite_in,
)

from .base import *

DATA_DIR = env.folder("BONAFIDE_DATA_DIR", ROOT / "var")
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", kept_secret(DATA_DIR / "secret_key"))
KEY_PEPPER = env.secret("KEY_PEPPER", kept_secret(DATA_DIR / "key_pepper"))
FIELD_KEYS = env.secret(
    "FIELD_KEYS", kept_secret(DATA_DIR / "field_keys", make=new_field_key)
)

DATABASES = {"default": sqlite_in(DATA_DIR / "bonafide.sqlite3")}
FLAGS_FOLDER = str(DATA_DIR / "flags")
CACHES = CACHES_IN_PROCESS
CELERY_TASK_ALWAYS_EAGER = True
PORT = env.integer("PORT", 8000, least=1, most=65_535)
PUBLIC_URL = env.text("PUBLIC_URL", f"http://localhost:{PORT}")
# Letters are written to the log, links and all: there is nobody else here.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
CELERY_BROKER_URL = "memory://localhost/"

# Static files come straight from the apps; there is nothing to collect. The empty
# folder only keeps WhiteNoise from warning that there is none.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
