"""What the answers' circumstances tell: whether the question could be seen."""

from typing import Final

from msgspec import Struct

from ..events import Answer


class AnswersTotals(Struct, array_like=True):
    """Counts of answers over a session."""

    answers: int = 0
    # Answers whose question's visibility is known, and those it was not visible for.
    visibility_known: int = 0
    unseen: int = 0


class AnswersEdge(Struct, array_like=True):
    """Nothing about an answer crosses a border."""


def read_answer(totals: AnswersTotals, _edge: AnswersEdge, event: Answer) -> None:
    """Count an answer."""
    totals.answers += 1
    if event.visible is not None:
        totals.visibility_known += 1
        totals.unseen += not event.visible


def join(_totals: AnswersTotals, left: AnswersEdge, _right: AnswersEdge) -> AnswersEdge:
    """Count nothing: nothing crosses the border."""
    return left


READERS: Final = {Answer: read_answer}
