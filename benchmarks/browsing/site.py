"""A server on this machine that has the survey and answers like Bonafide's API."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from .survey import survey_page

SESSION: Final = {"id": "0192f0c2-7d1e-7a10-9c55-0b1c2d3e4f50", "token": "t" * 120}
# What the API answers to a browser that sent a batch.
RECORDED: Final = {"session_id": SESSION["id"], "status": "active", "collect": True}

# Each script's tag, as its documentation shows it.
TAGS: Final = {
    "empty": "",
    "nothing": "",
    "ours": "<script src=/static/tracking-client.js data-key=bf_pk_live_bench"
    " data-survey=0192c5a4-0000-7000-8000-000000000000 defer></script>",
    "readable": "<script src=/others/readable.js data-key=bf_pk_live_bench"
    " data-survey=0192c5a4-0000-7000-8000-000000000000 defer></script>",
    "rrweb": "<script src=/others/rrweb.js defer></script>",
    "rrweb-sending": "<script src=/others/rrweb-sending.js defer></script>",
    "umami": "<script src=/others/umami.js data-website-id=bench"
    " data-host-url=/umami defer></script>",
    "fingerprintjs": "<script src=/others/fingerprintjs.js defer></script>",
    "botd": "<script src=/others/botd.js defer></script>",
}


@dataclass(slots=True)
class Sent:
    """What one visit's page sent."""

    requests: int = 0
    bytes: int = 0
    batches: list[Any] = field(default_factory=list)


class Site(ThreadingHTTPServer):
    """The survey at `/survey/NAME?visit=N`, and the scripts in two folders."""

    daemon_threads = True

    def __init__(self, *, ours: Path, others: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folders = {"static": ours, "others": others}
        self._sent: dict[str, Sent] = {}
        self._lock = threading.Lock()

    def address(self, name: str, visit: str) -> str:
        """Return where the survey is with one script in it."""
        return f"http://127.0.0.1:{self.server_port}/survey/{name}?visit={visit}"

    def sent(self, visit: str) -> Sent:
        """Return what a visit sent so far."""
        with self._lock:
            return self._sent.setdefault(visit, Sent())

    def note(self, visit: str, body: bytes, *, gzipped: bool) -> None:
        """Count a request, and keep what a client of ours sent."""
        plain = gzip.decompress(body) if gzipped else body
        said = json.loads(plain) if plain else None
        sent = self.sent(visit)
        with self._lock:
            sent.requests += 1
            sent.bytes += len(body)
            if isinstance(said, dict) and "seq" in said:
                sent.batches.append(said)


@contextmanager
def serving(*, ours: Path, others: Path) -> Iterator[Site]:
    """Serve in a thread of its own on a free port."""
    with Site(ours=ours, others=others) as site:
        thread = threading.Thread(target=site.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        """Serve the survey or a script."""
        _, folder, name, *_ = (*urlsplit(self.path).path.split("/"), "", "")
        if folder == "survey" and name in TAGS:
            self._answer(200, "text/html; charset=utf-8", survey_page(TAGS[name]))
            return
        place = self.server.folders.get(folder, Path()) / Path(name).name
        if folder in self.server.folders and place.is_file():
            self._answer(200, "text/javascript", place.read_text())
        else:
            self._answer(404, "text/plain", "There is no such page.")

    def do_POST(self) -> None:
        """Take what a script sends, and answer like its server."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        page = urlsplit(self.headers.get("Referer", ""))
        visit = parse_qs(page.query).get("visit", ["unknown"])[0]
        gzipped = self.headers.get("Content-Encoding") == "gzip"
        self.server.note(visit, body, gzipped=gzipped)
        opening = self.path == "/api/v1/sessions"
        answer = SESSION | {"status": "active"} if opening else RECORDED
        self._answer(201 if opening else 200, "application/json", json.dumps(answer))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Stay quiet."""

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
