"""What is true in every environment."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from common.logging import configure_structlog, logging_settings
from common.metrics import processes
from config import env
from detection.engine.types import Family

from . import timetable, webhooks
from .console import UNFOLD  # noqa: F401 - it is a setting
from .limits import A_MINUTE
from .tenancy import APPEND_ONLY, OUTSIDE

ROOT = Path(__file__).resolve().parent.parent.parent

DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LOGIN_REDIRECT_URL = "/admin/"

INSTALLED_APPS = [
    # Its templates and static files win over unfold's, and those over the admin's.
    "console",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "console.apps.ConsoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "common",
    "accounts",
    "flags",
    "detection",
    "experiments",
    "fraud",
    "sessions_app",
    "integrations",
    "portal",
]

MIDDLEWARE = [
    "common.metrics.page.MetricsPage",
    "common.middleware.RequestLog",
    "common.api.problems.LengthRequired",
    "flags.middleware.Pinned",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "common.middleware.PagePolicy",
    "common.middleware.PageSessions",
    "common.languages.Language",
    # An ETag on whatever is read: who polls a status pays for changes only.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "common.middleware.PageAuthentication",
    "common.middleware.PageSecondFactor",
    "accounts.middleware.PageScope",
    "accounts.middleware.Refusals",
    "accounts.middleware.PageLimit",
    "common.middleware.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.OperatorBackend",
    "accounts.backends.MemberBackend",
]

PASSWORD_RESET_TIMEOUT = 3600

# -- letters: the address that links in them begin with, never the one that was asked
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "bonafide@localhost")
EMAIL_TIMEOUT = 10

# -- second factor: whether staff and owners must have one
TWO_FACTOR_REQUIRED = env.flag("TWO_FACTOR_REQUIRED", default=False)

# -- attempts to sign in, counted in the database: Redis may be away
# By name and address together. By address alone one person would lock everyone out
# who shares a proxy, by name alone anybody could lock anybody out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# Neither is kept as it is. Behind proxies of ours the address is the one that they saw.
AXES_CLIENT_IP_CALLABLE = "accounts.attempts.digest_of_address"
AXES_USERNAME_CALLABLE = "accounts.attempts.digest_of_name"
AXES_HANDLER = "accounts.attempts.Attempts"
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken", "next", "code"]
# Ten in a quarter of an hour are 960 a day, and the 20,000 commonest passwords cannot
# be set (CommonPasswordValidator).
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# Who keeps trying does not lock the owner of the name out for longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.views.locked.answer_locked"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# -- language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# -- files: the browser's client is built into sdk/browser/dist and committed
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static-collected"
STATICFILES_DIRS = [ROOT / "sdk" / "browser" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# -- pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# No page of ours asks for any of these, and nothing embedded in one may.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# -- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.ByTable"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.api.negotiation.AlwaysJSON",
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "common.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_VERSIONING_CLASS": None,
}
# Life, key and audience: accounts.user_tokens.
SIMPLE_JWT = {"TOKEN_TYPE_CLAIM": "typ"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bonafide",
    "DESCRIPTION": (
        "Tells a survey platform, while a survey is being answered, whether the "
        "respondent is a person and how far the answers can be trusted."
    ),
    "VERSION": "1",
    # The events are described by msgspec, which writes JSON Schema 2020-12.
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "sessions_app.api.schema.add_events",
        "common.api.schema.finish",
    ],
    "ENUM_NAME_OVERRIDES": {
        "VerdictEnum": "detection.models.VERDICTS",
        "ActionEnum": "detection.models.ACTIONS",
        "SessionStatusEnum": "sessions_app.models.Status.choices",
        "ExperimentStateEnum": "experiments.models.State.choices",
        "FlagKindEnum": "flags.models.Kind.choices",
        "KeyKindEnum": "accounts.models.KeyKind.choices",
        "KeyStateEnum": "accounts.models.KeyState.choices",
        "InvitationStateEnum": "accounts.models.InvitationState.choices",
        "EndpointStateEnum": "integrations.models.EndpointState.choices",
        "DeliveryStateEnum": "integrations.models.DeliveryState.choices",
    },
}

# Any origin that an active publishable key names: accounts.receivers decides. The
# request itself is then checked against its own key.
CORS_URLS_REGEX = r"^/(api|ofrep)/v1/"
CORS_ALLOW_METHODS = ["GET", "POST", "OPTIONS"]
CORS_ALLOW_HEADERS = [
    "authorization",
    "content-type",
    "content-encoding",
    "idempotency-key",
    "if-none-match",
    "x-api-key",
]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Idempotency-Replayed",
    "RateLimit-Limit",
    "RateLimit-Policy",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Request-ID",
]
CORS_PREFLIGHT_MAX_AGE = 86_400

# -- limits
# The intake has its own (sessions_app.api.parsers); this is for everything else.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
RATELIMIT_ENABLE = env.flag("RATELIMIT_ENABLE", default=True)
# Single numbers can be changed: "open.address=1200,intake.organization=0".
LIMITS = env.numbers("LIMITS", A_MINUTE)
# SQLite makes an index without what stands beside its key, and is as right.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
# How many proxies of ours stand in front: that many entries of X-Forwarded-For, from
# the right, are believed.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, least=0, most=10)

# -- flags; docs/flags.md
# Where a process keeps the last flags that were good; empty: beside temporary files.
FLAGS_FOLDER = env.text("FLAGS_FOLDER", "")
# Read by whoever asks and not by a thread; in tests alone.
FLAGS_INLINE = False

# -- organizations kept apart by PostgreSQL; docs/security.md
ORGANIZATION_MODEL = "accounts.Organization"
OUTSIDE_THE_WALLS = OUTSIDE
APPEND_ONLY_TABLES = APPEND_ONLY
# Off in a benchmark alone, which measures what it costs.
ROW_LEVEL_SECURITY = True
# The one that serves, and the one that it becomes for work across organizations.
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "bonafide_app")
DATABASE_OPS_ROLE = env.text("DATABASE_OPS_ROLE", "bonafide_ops")
# What this process is: one that migrates and keeps parts logs in as the owner.
DATABASE_LOGIN = env.words("DATABASE_LOGIN", ["app"], allowed=["app", "owner"])[0]
# A role that is taken before anything is seen, for a login that may see everything.
ASSUMED_ROLE = ""

# -- detection
# Families of detectors that take no part in verdicts, for the whole installation.
FAMILIES_OFF = env.words("FAMILIES_OFF", allowed=list(Family))
# Writes each accepted batch to the log. For debugging a client; never in production.
LOG_RAW_EVENTS = env.flag("LOG_RAW_EVENTS", default=False)

# -- work for later: each line was tried against killed workers and a dead Redis
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the hard limit, or a long task runs twice.
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Making and dropping parts is for the tables' owner: a worker of its own does it, which
# takes nothing else, so that whoever judges respondents' data cannot change tables.
# Receivers that hang must not keep respondents' verdicts waiting.
CELERY_TASK_ROUTES = {
    "partitions.keep": {"queue": "owner"},
    "webhooks.send": {"queue": "webhooks"},
}
CELERY_BEAT_SCHEDULE = {**timetable.TIMETABLE, **webhooks.TIMETABLE}

# -- webhooks out
WEBHOOK_PORTS = webhooks.PORTS
WEBHOOK_NETWORKS = webhooks.NETWORKS
WEBHOOK_ALLOW_HTTP = webhooks.ALLOW_HTTP
WEBHOOK_CA_FILE = webhooks.CA_FILE
WEBHOOKS_KEPT_DAYS = webhooks.KEPT_DAYS

# -- how long what respondents did is kept; docs/retention.md says why
BEHAVIOUR_KEPT_DAYS = env.integer("BEHAVIOUR_KEPT_DAYS", 90, least=1, most=36_500)
RESULTS_KEPT_DAYS = env.integer("RESULTS_KEPT_DAYS", 365, least=1, most=36_500)
# A part goes when its youngest session may: rows stay up to this much longer.
PARTITION_DAYS = env.integer("PARTITION_DAYS", 7, least=1, most=366)
# Two months in which nobody notices that no timetable runs.
PARTITIONS_AHEAD = env.integer("PARTITIONS_AHEAD", 8, least=1, most=52)

# -- metrics: without a token this machine alone may read them; docs/operations.md
processes.ignore_empty()
METRICS_TOKEN = env.secret("METRICS_TOKEN", "")
# Where a Celery worker shows its own; 0 is nowhere.
METRICS_PORT = env.integer("METRICS_PORT", 0, least=0, most=65_535)

LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"]
LOG_LEVEL = env.words("LOG_LEVEL", ["INFO"], allowed=LOG_LEVELS)[0]
LOGGING = logging_settings(json=False, level=LOG_LEVEL)
configure_structlog()
