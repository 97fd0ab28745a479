"""How long a call takes: in turns, so that a busy moment meets everybody."""

import gc
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from .task import PEOPLE, STATIC, TARGETED, Ask, Asked, Evaluator, One

# As they are called in the table.
STATIC_CALL: Final = "static"
TARGETED_CALL: Final = "targeted"
WITH_CONTEXT: Final = "targeted, with its context"
EVERY_CALL: Final = "all 50"
CALLS: Final = (STATIC_CALL, TARGETED_CALL, WITH_CONTEXT, EVERY_CALL)

# Microseconds for each call, one figure a round.
Figures = Mapping[str, Sequence[float]]


def measure(
    evaluators: Sequence[Evaluator], *, rounds: int, seconds: float
) -> dict[str, Figures]:
    """Return what each call takes by each evaluator; `seconds` is for one figure."""
    figures: dict[str, dict[str, list[float]]] = {one.name: {} for one in evaluators}
    for number in range(rounds):
        for evaluator in evaluators[:: 1 if number % 2 == 0 else -1]:
            for call, run, batch in calls(evaluator):
                took = _time(run, seconds) / batch
                figures[evaluator.name].setdefault(call, []).append(1e6 * took)
    return dict(figures)


def calls(evaluator: Evaluator) -> Sequence[tuple[str, Callable[[], Any], int]]:
    """Return each call as a function over people, and how many calls that is."""
    if evaluator.enter:
        evaluator.enter()
    asked = [evaluator.ask(person) for person in PEOPLE]
    some = asked[:20]
    found = [(EVERY_CALL, partial(_all, evaluator.every, some), len(some))]
    one = evaluator.one
    if one is None:
        return found
    return [
        (STATIC_CALL, partial(_one, one, asked, STATIC[0]), len(asked)),
        (TARGETED_CALL, partial(_one, one, asked, TARGETED[0]), len(asked)),
        (WITH_CONTEXT, partial(_anew, one, evaluator.ask, TARGETED[0]), len(PEOPLE)),
        *found,
    ]


def _one(one: One, asked: Sequence[Asked], name: str) -> None:
    """Evaluate one flag for everybody."""
    for each in asked:
        one(each, name)


def _anew(one: One, ask: Ask, name: str) -> None:
    """Evaluate one flag for everybody, as a new request each."""
    for person in PEOPLE:
        one(ask(person), name)


def _all(every: Callable[[Asked], Any], asked: Sequence[Asked]) -> None:
    """Evaluate all flags for some people."""
    for each in asked:
        every(each)


def _time(run: Callable[[], Any], seconds: float) -> float:
    """Return the seconds that one run takes: the best of those that fit.

    Whatever else the machine does only ever adds to a time.
    """
    run()
    best = float("inf")
    gc.disable()
    try:
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            run()
            best = min(best, time.perf_counter() - start)
    finally:
        gc.enable()
    return best


def median(figures: Figures, call: str) -> float | None:
    """Return the median over the rounds, or None if it was not measured."""
    found = figures.get(call)
    return statistics.median(found) if found else None


def questions(evaluator: Evaluator) -> tuple[int, int]:
    """Return the statements and the messages to Redis of one warm evaluation.

    Of the targeted flag where one can be evaluated alone, else of all of them.
    """
    if evaluator.enter:
        evaluator.enter()
    asked = evaluator.ask(PEOPLE[0])

    def evaluate() -> None:
        if evaluator.one is None:
            evaluator.every(asked)
        else:
            evaluator.one(asked, TARGETED[0])

    for _warming in range(3):
        evaluate()
    with _counted_statements() as statements, _counted_messages() as messages:
        evaluate()
    return len(statements), len(messages)


@contextmanager
def _counted_statements() -> Iterator[list[str]]:
    """Note what Django's connection runs; whoever is without Django runs nothing."""
    noted: list[str] = []
    django = sys.modules.get("django.db")
    if django is None or not sys.modules["django.conf"].settings.configured:
        yield noted
        return

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        noted.append(sql)
        return execute(sql, *rest)

    with django.connection.execute_wrapper(note):
        yield noted


@contextmanager
def _counted_messages() -> Iterator[list[int]]:
    """Note what is sent over any socket; Redis' client sends each command at once."""
    noted: list[int] = []

    send = socket.socket.sendall

    def sendall(link: socket.socket, data: Any, *rest: Any) -> None:
        noted.append(len(data))
        send(link, data, *rest)

    socket.socket.sendall = sendall  # type: ignore[method-assign,assignment] # for a moment
    try:
        yield noted
    finally:
        socket.socket.sendall = send  # type: ignore[method-assign] # as it was
