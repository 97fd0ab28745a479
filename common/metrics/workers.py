"""A page of its own for each Celery worker, which serves no others.

Its processes count together as gunicorn's do; what waits is the web's to tell.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import structlog
from celery.signals import worker_init, worker_ready
from django.conf import settings
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from . import processes
from .page import PATH, counted, refusal

log = structlog.get_logger(__name__)

# Nobody who does not say anything keeps a thread.
TIMEOUT_S: Final = 5


class _Page(BaseHTTPRequestHandler):
    timeout = TIMEOUT_S

    def do_GET(self) -> None:
        """Answer, or refuse as the web does."""
        status = refusal(
            authorization=self.headers.get("Authorization", ""),
            peer=self.client_address[0],
        )
        if status is None and self.path != PATH:
            status = 404
        body = counted() if status is None else b""
        self.send_response(status or 200)
        self.send_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing of a scrape."""


@worker_init.connect
def begin(**_kwargs: Any) -> None:
    """Forget what a former worker counted."""
    processes.clear()


@worker_ready.connect
def serve(**_kwargs: Any) -> None:
    """Listen where METRICS_PORT says; without a token for this machine alone."""
    port: int = settings.METRICS_PORT
    if not port:
        return
    host = "0.0.0.0" if settings.METRICS_TOKEN else "127.0.0.1"  # noqa: S104 - the token guards it  # nosec B104
    try:
        server = ThreadingHTTPServer((host, port), _Page)
    except OSError as error:
        # Another worker of this machine has it; tasks matter more than their count.
        log.error("metrics.port_taken", port=port, error=type(error).__name__)  # noqa: TRY400 - no traceback needed
        return
    if processes.folder() is None:
        log.warning("metrics.one_process_only", missing=processes.VARIABLE)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
