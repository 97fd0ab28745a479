"""Measure what evaluating a flag costs, beside other libraries, in one process.

    python -m benchmarks.flags [--rounds 7] [--seconds 0.05] [--json] [--keep]

Fifty flags, half of them on for everybody, half of them for two countries, one domain
and half of those people. Everyone does the same work, which is checked first; what is
another task is said below the table. Each figure is the median over the rounds of the
best time in a round, in microseconds; each round asks everyone, in turns. Beside them
stands what a warm targeted evaluation asks of others: statements, messages to Redis.

`make bench` installs the libraries and starts Redis. What is missing is left out.
`--keep` puts the table into docs/flags.md.
"""

import argparse
import importlib.util
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from .browsing.tables import keep, table
from .flagging import evaluators, waffle
from .flagging.measuring import (
    CALLS,
    STATIC_CALL,
    TARGETED_CALL,
    Figures,
    measure,
    median,
    questions,
)
from .flagging.task import Evaluator, check

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "flags.md"
# By name: statements, and messages to Redis.
Asked: TypeAlias = Mapping[str, tuple[int, int]]
TARGETED_GOAL: Final = 3
TARGETED_STRETCH: Final = 5


def main() -> None:
    """Measure, and print the table and whether the goals are met."""
    options = arguments()
    # Behind everything else: what the product pins is what runs.
    sys.path.append(str(evaluators.folder_of(ROOT)))
    found = evaluators_found()
    for evaluator in found:
        check(evaluator)
    everyone = [evaluators.nothing(), *found]
    figures = measure(everyone, rounds=options.rounds, seconds=options.seconds)
    if options.json:
        print(json.dumps(figures))
        return
    asked = {one.name: questions(one) for one in everyone}
    text = report(everyone, figures, asked)
    print(text)
    if options.keep:
        keep(DOCUMENT, "flags", text)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.flags",
        description=str(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=7, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.05, metavar="S")
    parser.add_argument("--json", action="store_true", help="print raw figures")
    parser.add_argument("--keep", action="store_true", help=f"rewrite {DOCUMENT.name}")
    return parser.parse_args()


def evaluators_found() -> list[Evaluator]:
    """Return everyone whose library is installed."""
    found = list(
        evaluators.installed(
            (
                evaluators.ours,
                evaluators.growthbook,
                evaluators.flagd,
                evaluators.unleash,
                evaluators.flagsmith,
            )
        )
    )
    if importlib.util.find_spec("waffle") is None:
        print("waffle is left out: it is not installed")
        return found
    return [*found, *waffle.waffles()]


def report(
    everyone: Sequence[Evaluator], figures: Mapping[str, Figures], asked: Asked
) -> str:
    """Return the table with what belongs to it."""
    head = f"Microseconds a call, Python {platform.python_version()}:"
    listed = "\n".join(f"- {note}" for note in notes(everyone, figures))
    return f"{head}\n\n{table(rows(everyone, figures, asked))}\n\n{listed}"


def rows(
    everyone: Sequence[Evaluator], figures: Mapping[str, Figures], asked: Asked
) -> list[list[str]]:
    """Return the table, the head first."""
    body = [
        [
            one.name + (" *" if one.by_list else ""),
            *(_cell(median(figures[one.name], call)) for call in CALLS),
            *map(str, asked[one.name]),
        ]
        for one in everyone
    ]
    return [["", *CALLS, "SQL", "Redis"], *body]


def _cell(figure: float | None) -> str:
    """Return a figure with as many places as mean something."""
    if figure is None:
        return ""
    return f"{figure:.2f}" if figure < 100 else f"{figure:.0f}"


def notes(everyone: Sequence[Evaluator], figures: Mapping[str, Figures]) -> list[str]:
    """Return what the table does not say, and whether the goals are met."""
    said = [
        "With a star: targeted is a list of users; waffle knows no conditions.",
        "GrowthBook and Flagsmith ask for the domain by a regular expression.",
    ]
    own = figures[everyone[1].name]
    goals = {STATIC_CALL: (1, 1), TARGETED_CALL: (TARGETED_GOAL, TARGETED_STRETCH)}
    for call, (goal, stretch) in goals.items():
        others = [median(figures[one.name], call) for one in everyone[2:]]
        fastest = min((other for other in others if other is not None), default=None)
        mine = median(own, call)
        if fastest is None or mine is None:
            continue
        times = fastest / mine
        met = "met" if times >= goal else "missed"
        reached = f", and the stretch of {stretch}" if times >= stretch > goal else ""
        said.append(
            f"{call}: {times:.1f} times as fast as the fastest of the others "
            f"(goal {goal}{reached}: {met})"
        )
    return said


if __name__ == "__main__":
    main()
