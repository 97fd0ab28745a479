"""What a flag's decision is put together from."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from .evaluation import Context, Evaluation

Decision: TypeAlias = Callable[[Context], Evaluation]
# Answers, or passes on with None.
Step: TypeAlias = Callable[[Context], Evaluation | None]


def always(outcome: Evaluation) -> Decision:
    """Return the decision that is no decision."""
    return lambda _context: outcome


def first_of(
    steps: Sequence[Step], default: Evaluation, missing: Evaluation
) -> Decision:
    """Return the answer of the first step that has one."""
    if len(steps) == 1:
        only = steps[0]

        def decide_by_one(context: Context) -> Evaluation:
            found = only(context)
            return default if found is None else found

        return decide_by_one
    every = tuple(steps)

    def decide(context: Context) -> Evaluation:
        answer = default
        for step in every:
            found = step(context)
            if found is missing:
                answer = missing
            elif found is not None:
                return found
        return answer

    return decide
