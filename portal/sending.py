"""Made-up visits on their way through the public API, and what comes of them."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from queue import SimpleQueue
from threading import Event as Flag, Lock, Thread
from typing import Any, Final

from django.utils import timezone

from .calling import Address, Caller, RefusedError, StoppedError, UnreachableError
from .simulation.kinds import Planned, Visit
from .simulation.questionnaires import Questionnaire
from .simulation.tape import Event

# What tells these sessions from real ones, in lists and exports.
TAG: Final = "synthetic"
CONFLICT: Final = 409
PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one visit; `problem` says why it is not whole."""

    kind: str
    verdict: str = ""
    status: str = ""
    events: int = 0
    requests: int = 0
    problem: str = ""


@dataclass(slots=True)
class Sender:
    """Sends visits one after the other, as a survey platform and its page do."""

    caller: Caller
    key: str
    # Names of surveys → their ids.
    surveys: Mapping[str, str]
    # Between two requests, so that others are served as well.
    pause_s: float = 0.0
    _requests: int = 0

    def send(self, planned: Planned) -> Sent:
        """Open a session, send what was done, answer, complete, ask for the verdict.

        Raises
        ------
        UnreachableError
            The server has gone.
        StoppedError
            It was stopped on the way.
        """
        visit = planned.visit()
        self._requests = 0
        try:
            events, status = self._send(planned, visit)
        except RefusedError as error:
            return Sent(visit.kind, requests=self._requests, problem=str(error))
        return Sent(
            visit.kind,
            str(status.get("verdict", "")),
            str(status.get("status", "")),
            events,
            self._requests,
        )

    def _send(self, planned: Planned, visit: Visit) -> tuple[int, dict[str, Any]]:
        opened = self._post("sessions", self.key, self._opening(planned, visit))
        place, token = f"sessions/{opened['id']}", str(opened["token"])
        events = 0
        for seq, batch in enumerate(visit.batches):
            if not self._batch(place, token, visit, seq, batch):
                break
            events += len(batch)
        if visit.given:
            answers = [_answer(asdict(given)) for given in visit.given]
            self._post(f"{place}/answers", self.key, {"answers": answers})
        if visit.has_finished:
            self._complete(place, token, visit)
        self._requests += 1
        return events, self.caller.get(f"{place}/status", self.key)

    def _opening(self, planned: Planned, visit: Visit) -> dict[str, Any]:
        """Return what opens a session; nobody must take it for a real one."""
        return {
            "survey_id": self.surveys[planned.questionnaire.name],
            "respondent_id": f"synthetic {planned.seed}",
            "tags": [TAG, f"{TAG}:{'bot' if visit.is_bot else 'person'}"],
            "metadata": {
                "synthetic": True,
                "kind": visit.kind,
                "is_bot": visit.is_bot,
                "seed": planned.seed,
            },
        }

    def _batch(
        self, place: str, token: str, visit: Visit, seq: int, events: Sequence[Event]
    ) -> bool:
        """Send a batch; say whether the server wants more."""
        sent_at = timezone.now().isoformat()
        body = {"seq": seq, "sent_at": sent_at, "events": events}
        try:
            self._post(f"{place}/data", token, body, visit.headers)
        except RefusedError as error:
            if error.status == CONFLICT:
                # A policy may end the session of whoever is blocked.
                return False
            raise
        return True

    def _complete(self, place: str, token: str, visit: Visit) -> None:
        """End the session, unless it has been ended."""
        try:
            self._post(f"{place}/complete", token, None, visit.headers)
        except RefusedError as error:
            if error.status != CONFLICT:
                raise

    def _post(
        self,
        path: str,
        bearer: str,
        body: object,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        if self.pause_s and self.caller.stop.wait(self.pause_s):
            raise StoppedError
        self._requests += 1
        return self.caller.post(path, bearer, body, headers)


def ensure_surveys(
    caller: Caller, key: str, questionnaires: Iterable[Questionnaire]
) -> dict[str, str]:
    """Return the ids of these surveys by name; those that are missing are created.

    Raises
    ------
    RefusedError
        The key is not one that may do this.
    UnreachableError
        No server answers.
    """
    found = dict(_surveys(caller, key))
    for one in questionnaires:
        if one.name not in found:
            made = caller.post("surveys", key, {"name": one.name, **one.policy})
            found[one.name] = str(made["id"])
    return found


def _surveys(caller: Caller, key: str) -> Iterator[tuple[str, str]]:
    """Yield the organization's surveys, page by page."""
    path: str | None = f"surveys?limit={PAGE}"
    while path:
        page = caller.get(path, key)
        yield from ((str(one["name"]), str(one["id"])) for one in page["results"])
        following = page.get("next")
        path = f"surveys?{str(following).partition('?')[2]}" if following else None


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    """Return an answer in the API's words."""
    given["type"] = given.pop("kind")
    return given


@dataclass(slots=True)
class Crew:
    """Several senders at work on one plan, each with a connection and a thread."""

    address: Address
    key: str
    surveys: Mapping[str, str]
    plan: Iterator[Planned]
    jobs: int = 1
    pause_s: float = 0.0
    stop: Flag = field(default_factory=Flag)
    waits: int = 0
    waited_s: float = 0.0
    _lock: Lock = field(default_factory=Lock)
    _done: "SimpleQueue[Sent | Exception | None]" = field(default_factory=SimpleQueue)

    def work(self) -> Generator[Sent, None, None]:
        """Yield each visit when it is done.

        Whoever stops listening stops the work: what is under way is not finished.

        Raises
        ------
        UnreachableError
            The server has gone; nothing more is sent.
        """
        threads = [Thread(target=self._run, daemon=True) for _job in range(self.jobs)]
        for thread in threads:
            thread.start()
        try:
            yield from self._listen(len(threads))
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()

    def _listen(self, working: int) -> Iterator[Sent]:
        """Yield what is done until all have ended."""
        while working:
            done = self._done.get()
            if done is None:
                working -= 1
            elif isinstance(done, Sent):
                yield done
            else:
                raise done

    def _run(self) -> None:
        """Take one plan after the other."""
        caller = Caller(self.address, self.stop)
        sender = Sender(caller, self.key, self.surveys, self.pause_s)
        try:
            # Who stops the work knows it already.
            with closing(caller), suppress(StoppedError):
                while (planned := self._next()) is not None:
                    self._done.put(sender.send(planned))
        except Exception as error:  # noqa: BLE001 - a thread's edge: its reader raises it
            self._done.put(error)
        with self._lock:
            self.waits += caller.waits
            self.waited_s += caller.waited_s
        self._done.put(None)

    def _next(self) -> Planned | None:
        """Return what is to be sent next; None when all is under way."""
        with self._lock:
            return None if self.stop.is_set() else next(self.plan, None)


__all__ = ["TAG", "Crew", "Sender", "Sent", "UnreachableError", "ensure_surveys"]
