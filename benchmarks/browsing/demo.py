"""The product's own demo survey on an embedded database, with BotD in its pages.

Import it once Django is set up. The pages' policy allows scripts and requests of their
own origin, so nothing of the product has to be changed for it.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application

from portal.selectors import Demo as Survey
from portal.services import ensure_demo

SCRIPT: Final = "/bench/botd.js"
FOUND: Final = "/bench/found"
# The demo's first page has no client, and the next one wants to be sent a form.
LOOK: Final = "/bench/look"
TAG: Final = f"<script src={SCRIPT} defer></script></head>".encode()

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What BotD said on one page: a kind of bot, "" for none, and which parts."""

    page: str
    kind: str
    fired: tuple[str, ...]


@dataclass(slots=True)
class Demo:
    """The demo survey: where it is, and what BotD said since it was last asked."""

    script: bytes
    product: Callable[[Environ, StartResponse], Iterable[bytes]]
    address: str = ""
    page: bytes = b""
    _found: list[Found] = field(default_factory=list)

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer a request: the product's pages with one more script in their head."""
        path = environ["PATH_INFO"]
        if path == SCRIPT:
            start("200 OK", [("Content-Type", "text/javascript")])
            return [self.script]
        if path == LOOK:
            start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [self.page]
        if path == FOUND:
            size = int(environ.get("CONTENT_LENGTH") or 0)
            said = json.loads(environ["wsgi.input"].read(size))
            found = Found(said["page"], said["kind"], tuple(said["fired"]))
            self._found.append(found)
            start("204 No Content", [])
            return []
        return self._with_script(environ, start)

    def found(self) -> list[Found]:
        """Return what was said, and forget it."""
        found, self._found = self._found, []
        return found

    def _with_script(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        said: list[Any] = []
        answer = self.product(environ, lambda *head: said.append(head))
        body = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        status, headers = said[0][:2]
        kept = [(name, value) for name, value in headers if name != "Content-Length"]
        if dict(headers).get("Content-Type", "").startswith("text/html"):
            body = body.replace(b"</head>", TAG)
        if not status.startswith(("204", "304")):
            kept.append(("Content-Length", str(len(body))))
        start(status, kept)
        return [body]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Stay quiet."""


def _page(survey: Survey) -> bytes:
    """Return a page that has only the client and BotD."""
    client = (
        f"<script src=/static/tracking-client.js data-key={survey.publishable_key}"
        f" data-survey={survey.survey_id} defer></script>"
    )
    head = f"<!doctype html><html lang=en><head><title>Look</title>{client}</head>"
    return head.encode().replace(b"</head>", TAG) + b"<body>Thank you.</body></html>"


@contextmanager
def demo(script: Path) -> Iterator[Demo]:
    """Serve the demo survey on a free port of this machine."""
    application = Demo(script.read_bytes(), get_wsgi_application())
    with make_server(
        "127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet
    ) as server:
        application.address = f"http://127.0.0.1:{server.server_port}"
        application.page = _page(ensure_demo(application.address))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield application
        finally:
            server.shutdown()
            thread.join()
