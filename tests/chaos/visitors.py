"""Respondents who do not give up, and a ledger of what they were promised."""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self
from uuid import uuid4

ORIGIN: Final = "https://survey.example"
BATCHES: Final = 4
PATIENCE_S: Final = 0.2
ANSWER_LIMIT_S: Final = 20.0
OK: Final = frozenset({200, 201})
# What says nothing yet: the same is sent again.
AGAIN: Final = frozenset({0, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0: nothing did."""

    status: int
    body: dict[str, Any]


def moves(seq: int) -> dict[str, Any]:
    """Return a batch of five moves of a pointer."""
    events = [
        {"type": "mousemove", "t": 20 * (5 * seq + i), "x": 10 * i, "y": 5 * i}
        for i in range(5)
    ]
    return {"seq": seq, "events": events}


def ask(
    port: int,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask once, over a connection of its own."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_LIMIT_S)
    sent = None if body is None else json.dumps(body).encode()
    heads = {"Content-Type": "application/json", **(headers or {})}
    try:
        link.request(method, path, sent, heads)
        answer = link.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException):
        return Answer(0, {})
    finally:
        link.close()
    with suppress(ValueError):
        return Answer(answer.status, json.loads(text or b"{}"))
    return Answer(answer.status, {})


@dataclass
class Ledger:
    """What was acknowledged, and what it took."""

    batches: set[tuple[str, int]] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    requests: int = 0
    repeats: int = 0
    # Answers that nobody foresaw, such as a 404 for what was opened.
    strange: list[str] = field(default_factory=list)


@dataclass
class Crowd:
    """Threads of visitors, one survey after the other, until they are told to stop."""

    port: int
    planted: Mapping[str, str]
    size: int = 6
    # Sends each batch twice and not in order.
    is_unruly: bool = False
    ledger: Ledger = field(default_factory=Ledger)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        for number in range(self.size):
            chance = random.Random(number)  # noqa: S311 - an order, not a secret
            thread = threading.Thread(target=self._visit_on, args=[chance], daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_error: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Let everybody end what they began; nothing new begins."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _visit_on(self, chance: random.Random) -> None:
        while not self._over.is_set():
            self._visit(chance)

    def _visit(self, chance: random.Random) -> None:
        """Answer a survey from its beginning to its end."""
        server = {"Authorization": f"Bearer {self.planted['key']}"}
        opening = {
            "survey_id": self.planted["survey"],
            "respondent_id": uuid4().hex,
        }
        opened = self._insist(
            "/api/v1/sessions", opening, {**server, "Idempotency-Key": uuid4().hex}
        )
        if opened is None:
            return
        session_id = opened["id"]
        self._note(self.ledger.opened.add, session_id)
        browser = {"Authorization": f"Bearer {opened['token']}", "Origin": ORIGIN}
        path = f"/api/v1/sessions/{session_id}"
        seqs = [*range(BATCHES)]
        if self.is_unruly:
            seqs = seqs * 2
            chance.shuffle(seqs)
        for seq in seqs:
            if self._insist(f"{path}/data", moves(seq), browser) is not None:
                self._note(self.ledger.batches.add, (session_id, seq))
        given = {"answers": [{"item": "q1", "type": "number", "value": 3}]}
        if self._insist(f"{path}/answers", given, server) is not None:
            self._note(self.ledger.answers.add, session_id)
        if self._insist(f"{path}/complete", None, server) is not None:
            self._note(self.ledger.completed.add, session_id)

    def _insist(
        self, path: str, body: object, headers: Mapping[str, str]
    ) -> dict[str, Any] | None:
        """Send the same until it is answered; None for an answer nobody foresaw."""
        while True:
            answer = ask(self.port, "POST", path, body, headers)
            self._note(self._count, answer)
            if answer.status in OK:
                return answer.body
            if answer.status not in AGAIN and answer.body.get("code") not in {
                "in_progress",
                "try_again",
            }:
                self._note(
                    self.ledger.strange.append, f"{path}: {answer.status} {answer.body}"
                )
                return None
            time.sleep(PATIENCE_S)

    def _count(self, answer: Answer) -> None:
        self.ledger.requests += 1
        self.ledger.repeats += answer.status not in OK

    def _note(self, write: Callable[[Any], object], what: Any) -> None:
        with self._lock:
            write(what)
