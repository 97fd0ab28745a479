"""Run cases of a file of reference statistics through our statistics.

    python -m benchmarks.stats_reference CASES.json [--json]

Each case has inputs and what others answer: GrowthBook's engine, scipy, statsmodels,
mpmath. A case agrees if every number that both sides compute is the same, differs if
one is not, and is refused if ours answers nothing where others do. Ends with 1 unless
all agree. Needs neither Django nor a database.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.statistics.comparing import Result, compare
from benchmarks.statistics.families import FAMILIES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a file, print what came of them, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, metavar="CASES.json")
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args(arguments)
    results = run(json.loads(options.file.read_text(encoding="utf-8")))
    counted = Counter(result.outcome for result in results)
    if options.json:
        cases = [_plain(asdict(result)) for result in results]
        print(json.dumps({"cases": cases, "outcomes": counted}))
    else:
        _print(results)
        print(", ".join(f"{number} {what}" for what, number in sorted(counted.items())))
    return 0 if results and set(counted) == {"agrees"} else 1


def run(document: dict[str, Any]) -> list[Result]:
    """Return the result of each case."""
    return [_run(case) for case in document["cases"]]


def _run(case: dict[str, Any]) -> Result:
    """Return the result of one case."""
    family = FAMILIES.get(case["family"])
    if family is None:
        return Result(case["id"], case["family"], "refuses", error="unknown family")
    try:
        return compare(case, family(case))
    except (KeyError, TypeError, ValueError) as error:
        # A case of a shape that we do not know; the others are run nevertheless.
        return Result(case["id"], case["family"], "refuses", error=repr(error))


def _plain(value: Any) -> Any:
    """Return what JSON can say: infinity as text, as the cases have it."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if value in {math.inf, -math.inf} else value


def _print(results: Sequence[Result]) -> None:
    """Print a line for each case, and what differs in it."""
    for result in results:
        number = len(result.compared)
        print(f"{result.outcome:8}{result.id:12}{number:3} numbers  {result.error}")
        for one in result.compared:
            if not one.same:
                print(f"    {one.what} by {one.by}: {one.expected}, ours {one.ours}")


if __name__ == "__main__":
    sys.exit(main())
