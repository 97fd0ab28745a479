"""PostgreSQL and Redis when their addresses are given, else the embedded default."""

import os

from common.logging import logging_settings
from config import env
from config.embedded import CACHES_IN_PROCESS, sqlite_in

from .base import *

SECRET_KEY = "for tests only, and long enough to satisfy every check of its length"  # noqa: S105
KEY_PEPPER = "for tests only, too"
FIELD_KEYS = f"tests:{'0123456789' * 4}012="
DATA_DIR = env.folder("BONAFIDE_DATA_DIR", ROOT / "build" / "test-data")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

if "DATABASE_URL" in os.environ:
    DATABASES = {"default": env.database("DATABASE_URL")}
else:
    # A file and not memory, so that threads meet at the same locks as in use.
    DATABASES = {"default": sqlite_in(DATA_DIR / "tests.sqlite3")}
    DATABASES["default"]["TEST"] = {
        "NAME": str(DATA_DIR / f"tests-{os.getpid()}.sqlite3")
    }

# The tests' own login sees all rows; what they test sees those of its scope. Without
# roles, as in a database of somebody's own, nobody is held back.
DATABASE_LOGIN = "owner"
DATABASE_APP_ROLE = ASSUMED_ROLE = env.text("DATABASE_APP_ROLE", "")
DATABASE_OPS_ROLE = env.text("DATABASE_OPS_ROLE", "")

if "REDIS_URL" in os.environ:
    # Tests that run side by side empty their caches; each has a database of its own.
    WORKER = env.text("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    REDIS_URL = f"{env.redis_url('REDIS_URL').rpartition('/')[0]}/{WORKER}"
    CACHES = {
        "default": {
            "BACKEND": "common.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            # A busy machine is not an absent Redis.
            "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
        },
    }
    CELERY_BROKER_URL = REDIS_URL
else:
    CACHES = CACHES_IN_PROCESS
    CELERY_BROKER_URL = "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_TASK_ALWAYS_EAGER", default=True)
# A thread would not see what a test's transaction has not committed.
FLAGS_INLINE = env.flag("FLAGS_INLINE", default=True)
CELERY_TASK_EAGER_PROPAGATES = False
LOGGING = logging_settings(json=False, level=env.text("LOG_LEVEL", "WARNING"))
