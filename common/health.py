"""Two questions of whoever runs this: does it live, and may it be sent work."""

from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from .api.problems import reads_only

log = structlog.get_logger(__name__)


@csrf_exempt
@never_cache
@reads_only
def live(request: HttpRequest) -> JsonResponse:
    """Answer while the process answers.

    It asks nobody else, or a blink of the database would restart every process.
    """
    return JsonResponse({"status": "ok"})


@csrf_exempt
@never_cache
@reads_only
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when work can be done, 503 when not.

    Redis away is "degraded": answers are stored and judged later.
    """
    parts = {"database": _database(), "cache": _cache()}
    usable = parts["database"] == "ok"
    whole = usable and parts["cache"] == "ok"
    status = "ok" if whole else "degraded" if usable else "down"
    document: dict[str, Any] = {"status": status, "parts": parts}
    answer = JsonResponse(document, status=200 if usable else 503)
    if not usable:
        answer["Retry-After"] = "5"
    return answer


_migrated = False


def _database() -> str:
    global _migrated  # noqa: PLW0603 - once migrated, a process stays so
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        log.warning("health.database_away", error=type(error).__name__)
        return "away"
    return "ok" if _migrated else "not migrated"


def _cache() -> str:
    backends: dict[str, Any] = settings.CACHES
    if "redis" not in backends["default"]["BACKEND"].lower():
        return "ok"
    cache.set("health", "ok", 10)
    return "ok" if cache.get("health") == "ok" else "away"
