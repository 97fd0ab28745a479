"""A survey on another origin than Bonafide's, as most are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

# Nothing is allowed but what the client's README asks for.
STRICT: Final = (
    "default-src 'none'; script-src {server}; connect-src {server}; "
    "style-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'self'"
)


@dataclass
class SurveySite:
    """Pages by their path; `policy` is their Content-Security-Policy."""

    origin: str
    server: str
    key: str = ""
    survey: str = ""
    policy: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, body: str, *, html: str = "", **attributes: str) -> str:
        """Add a page with the client's tag; return its address.

        `attributes` become the tag's `data-…`, `html` the attributes of <html>.
        """
        given = {"key": self.key, "survey": self.survey} | attributes
        data = " ".join(f'data-{name}="{value}"' for name, value in given.items())
        self.pages[path] = (
            f'<!doctype html><html {html}><head><meta charset="utf-8">'
            f"<title>Survey</title>"
            f'<script src="{self.server}/static/tracking-client.js" {data} defer>'
            f"</script></head><body>{body}</body></html>"
        )
        return self.origin + path

    def headers(self) -> Mapping[str, str]:
        """Return what every page is sent with."""
        policy = self.policy.format(server=self.server)
        return {"Content-Security-Policy": policy} if policy else {}


@contextmanager
def serving(server: str) -> Iterator[SurveySite]:
    """Serve a survey on a free port; `server` is Bonafide's origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path.partition("?")[0])
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in site.headers().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write((page or "Nothing here.").encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: tests look at what browsers saw."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = SurveySite(f"http://127.0.0.1:{listening.server_port}", server)
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield site
    listening.shutdown()
    listening.server_close()
    thread.join()
