"""What the answers' circumstances tell: whether the question could be seen."""

from typing import Final
from zlib import crc32

from msgspec import Struct, field

from ..events import Answer, Question
from .timing import INSTANT_MS

# Only the last few questions that came into sight are remembered, and as few answers
# that may belong to a question before the run: nobody answers more in INSTANT_MS.
MOST_SIGHTS: Final = 6


class AnswersTotals(Struct, array_like=True):
    """Counts of answers over a session."""

    answers: int = 0
    # Answers whose question's visibility is known, and those it was not visible for.
    visibility_known: int = 0
    unseen: int = 0
    # Questions that came into sight, and answers given before they could be seen.
    sights: int = 0
    instant: int = 0


class Sight(Struct, array_like=True):
    """A question, as a number, and when it came into sight."""

    question: int
    t: float


class Given(Struct, array_like=True):
    """An answer that waits for what came before the run.

    `sights` is how many questions came into sight before it within the run; `counted`
    says that it was taken for instant, which an earlier sight may disprove.
    """

    question: int
    t: float
    sights: int
    counted: bool = False


class AnswersEdge(Struct, array_like=True):
    """What a run of batches must remember of its questions at both ends."""

    sights: list[Sight] = field(default_factory=list)
    pending: list[Given] = field(default_factory=list)


def read_question(totals: AnswersTotals, edge: AnswersEdge, event: Question) -> None:
    """Note when a question came into sight."""
    if not event.visible:
        return
    totals.sights += 1
    edge.sights.append(Sight(_number(event.id), event.t))
    if len(edge.sights) > MOST_SIGHTS:
        del edge.sights[0]


def read_answer(totals: AnswersTotals, edge: AnswersEdge, event: Answer) -> None:
    """Count an answer, and whether its question had just appeared."""
    totals.answers += 1
    if event.visible is not None:
        totals.visibility_known += 1
        totals.unseen += not event.visible
    _look_back(totals, edge, Given(_number(event.id), event.t, 0))


def join(totals: AnswersTotals, left: AnswersEdge, right: AnswersEdge) -> AnswersEdge:
    """Count what crosses the border between two neighbouring runs."""
    for answer in right.pending:
        _look_back(totals, left, answer)
    left.sights = (left.sights + right.sights)[-MOST_SIGHTS:]
    return left


def _number(name: str) -> int:
    """Return a question as a number: names are long, and one in 4 billion agrees."""
    return crc32(name.encode())


def _look_back(totals: AnswersTotals, edge: AnswersEdge, answer: Given) -> None:
    """Find an answer's question among the last sights, and count if it was instant.

    The earliest sight counts: a page may build its questions anew under one's hands.
    """
    window = edge.sights[max(0, len(edge.sights) + answer.sights - MOST_SIGHTS) :]
    for sight in window:
        if sight.question == answer.question:
            is_instant = answer.t - sight.t < INSTANT_MS
            totals.instant += is_instant - answer.counted
            answer.counted = is_instant
            if not is_instant:
                return
            break
    answer.sights += len(window)
    if answer.sights < MOST_SIGHTS and len(edge.pending) < MOST_SIGHTS:
        edge.pending.append(answer)


READERS: Final = {Question: read_question, Answer: read_answer}
