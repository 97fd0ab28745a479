"""The product's pages get one more script, and nothing else is touched."""

import io
from collections.abc import Iterable
from typing import Any

from benchmarks.browsing.demo import FOUND, SCRIPT, Demo, Found

PAGE = b"<html><head><title>x</title></head><body></body></html>"


def product(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Answer with a page, or with JSON that happens to hold the end of a head."""
    kind = "application/json" if "api" in environ["PATH_INFO"] else "text/html"
    start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(PAGE)))])
    return [PAGE]


def ask(demo: Demo, path: str, body: bytes = b"") -> tuple[str, dict[str, str], bytes]:
    """Send a request; return status, headers and body."""
    said: list[Any] = []
    environ = {
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answer = demo(environ, lambda *head: said.append(head))
    return said[0][0], dict(said[0][1]), b"".join(answer)


def test_pages_get_the_script() -> None:
    """And say how long they are now."""
    _status, headers, body = ask(Demo(b"botd", product), "/demo/1")
    assert body.count(f"<script src={SCRIPT} defer></script></head>".encode()) == 1
    assert headers["Content-Length"] == str(len(body))


def test_other_answers_stay() -> None:
    """The API's are the product's own."""
    assert ask(Demo(b"botd", product), "/api/v1/sessions")[2] == PAGE


def test_script_is_served() -> None:
    """From the page's own origin, as its policy wants it."""
    assert ask(Demo(b"botd", product), SCRIPT)[2] == b"botd"


def test_findings_are_told_once() -> None:
    """The next browser starts with none."""
    demo = Demo(b"botd", product)
    told = b'{"page": "/demo/1", "kind": "selenium", "fired": ["WebDriver"]}'
    assert ask(demo, FOUND, told)[0].startswith("204")
    assert demo.found() == [Found("/demo/1", "selenium", ("WebDriver",))]
    assert demo.found() == []
