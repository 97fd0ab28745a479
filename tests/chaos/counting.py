"""What is stored, beside what was acknowledged: the one thing that chaos is about."""

import time
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Final, Self

from .installation import Installation
from .visitors import Ledger

DRAIN_LIMIT_S: Final = 240.0
OPEN_WORK: Final = """
SELECT (SELECT count(*) FROM common_outboxrow WHERE done_at IS NULL),
  (SELECT count(*) FROM integrations_webhookdelivery WHERE state = 'waiting')
"""
COUNTS: Final = {
    "batches": "SELECT session_id, seq, count(*) FROM sessions_app_behaviordata"
    " GROUP BY 1, 2",
    "answers": "SELECT session_id, count(*) FROM sessions_app_answer GROUP BY 1",
    "sessions": "SELECT id, status, batch_count, event_count, is_final"
    " FROM sessions_app_session",
    "results": "SELECT session_id, seq, count(*) FROM detection_detectionresult"
    " WHERE seq IS NOT NULL GROUP BY 1, 2",
    "finals": "SELECT session_id, count(*) FROM detection_detectionresult"
    " WHERE seq IS NULL GROUP BY 1",
    "messages": "SELECT type, count(*), count(DISTINCT subject_id)"
    " FROM integrations_webhookmessage GROUP BY 1",
}
EVENTS_OF_A_BATCH: Final = 5


class Receiver:
    """Hears webhooks, and notes whose."""

    def __init__(self) -> None:
        self.heard: dict[str, int] = {}
        self.status = 200
        self.wait_s = 0.0
        lock = Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.wait_s)
                if outer.status == 200:
                    with lock:
                        one = str(self.headers["webhook-id"])
                        outer.heard[one] = outer.heard.get(one, 0) + 1
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass(frozen=True, slots=True)
class Count:
    """What was found, and what is wrong with it."""

    batches: int
    sessions: int
    finals: int
    messages: int
    wrong: Sequence[str]


def drain(installation: Installation) -> bool:
    """Heal, and wait until nothing is left to do; say whether that came about."""
    installation.wait_until_it_serves()
    end = time.monotonic() + DRAIN_LIMIT_S
    while time.monotonic() < end:
        installation.mend()
        (left,) = installation.sql(OPEN_WORK)
        if left == ["0", "0"]:
            return True
        installation.sweep()
        time.sleep(1.0)
    return False


def count(installation: Installation, ledger: Ledger) -> Count:
    """Compare the database with the ledger."""
    rows = {name: installation.sql(query) for name, query in COUNTS.items()}
    wrong = [*ledger.strange]
    batches = {(one, int(seq)): int(n) for one, seq, n in rows["batches"]}
    wrong += _lost("batch", ledger.batches, batches)
    wrong += _twice("batch", batches)
    wrong += _twice("result", {(one, seq): int(n) for one, seq, n in rows["results"]})
    answers = {one: int(n) for one, n in rows["answers"]}
    wrong += _lost("answer", ledger.answers, answers)
    wrong += _twice("answer", answers)
    finals = {one: int(n) for one, n in rows["finals"]}
    wrong += _twice("final verdict", finals)
    wrong += _lost("final verdict", ledger.completed, finals)
    wrong += _lost("session", ledger.opened, {one[0]: 1 for one in rows["sessions"]})
    for one, status, batch_count, event_count, _final in rows["sessions"]:
        stored = sum(1 for key in batches if key[0] == one)
        if (int(batch_count), int(event_count)) != (
            stored,
            stored * EVENTS_OF_A_BATCH,
        ):
            wrong.append(f"session {one}: counts {batch_count}, stored {stored}")
        if one in ledger.completed and status != "completed":
            wrong.append(f"session {one}: acknowledged as completed, is {status}")
    messages = {kind: int(n) for kind, n, _distinct in rows["messages"]}
    if messages and set(messages.values()) != {len(finals)}:
        wrong.append(f"messages {messages} for {len(finals)} final verdicts")
    return Count(
        len(batches), len(rows["sessions"]), len(finals), sum(messages.values()), wrong
    )


def _lost(
    what: str, promised: Collection[Hashable], found: Collection[Hashable]
) -> list[str]:
    return [f"lost {what}: {one}" for one in promised if one not in found]


def _twice(what: str, found: Mapping[Any, int]) -> list[str]:
    return [f"{what} stored {n} times: {one}" for one, n in found.items() if n != 1]
