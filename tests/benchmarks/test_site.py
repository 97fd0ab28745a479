"""The benchmark's server: the survey, the scripts, and what was sent."""

import gzip
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.browsing.site import Site, serving
from benchmarks.browsing.survey import QUESTIONS

BATCH = {"seq": 0, "events": [{"type": "focus", "t": 1}]}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve one script of each folder."""
    for name in ("ours", "others"):
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "script.js").write_text(f"// {name}")
    with serving(ours=tmp_path / "ours", others=tmp_path / "others") as site:
        yield site


def fetch(address: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    """Send a request; return status and body."""
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - our server
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
        return answer.status, answer.read().decode()


def test_survey_has_its_questions_and_its_script(site: Site) -> None:
    """Empty pages have no script of others."""
    _status, page = fetch(site.address("rrweb", "1"))
    assert page.count("data-bonafide-question=") == QUESTIONS
    assert "/others/rrweb.js" in page
    assert "src=" not in fetch(site.address("empty", "1"))[1]


def test_scripts_come_from_their_folders(site: Site) -> None:
    """And from nowhere else."""
    root = site.address("empty", "1").partition("/survey")[0]
    assert fetch(f"{root}/static/script.js")[1] == "// ours"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{root}/static/..%2fsecret")


def test_what_is_sent_is_counted_by_visit(site: Site) -> None:
    """As it was sent, compressed or not; a client's batches are kept."""
    address = site.address("ours", "7")
    root = address.partition("/survey")[0]
    status, opened = fetch(f"{root}/api/v1/sessions", b"{}", Referer=address)
    assert (status, json.loads(opened)["status"]) == (201, "active")
    body = gzip.compress(json.dumps(BATCH).encode())
    gzipped: dict[str, Any] = {"Content-Encoding": "gzip", "Referer": address}
    assert fetch(f"{root}/api/v1/sessions/x/data", body, **gzipped)[0] == 200
    sent = site.sent("7")
    assert (sent.requests, sent.bytes) == (2, len(body) + 2)
    assert sent.batches == [BATCH]
    assert site.sent("8").requests == 0
