"""How often our statistics are wrong, measured.

    python -m benchmarks.calibration [--replicates 20000] [--seed 1] [--json]

Makes up experiments without an effect and with one, looks at them as an operator would,
through the same functions as the results page, and counts: false positives and power
with a look on each of 28 days, coverage of lifts, alarms about the ratio of units, and
whether assignment is uniform and independent. Prints each with what it should be, and
ends with 1 if one is not. Needs neither Django nor a database.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from benchmarks.statistics.assigning import assignment
from benchmarks.statistics.covering import coverage
from benchmarks.statistics.measured import Measured
from benchmarks.statistics.peeking import false_positives, power, ratio_alarms


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replicates", type=int, default=20_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args(arguments)
    results = []
    for one in measure(options.replicates, options.seed):
        results.append(one)
        if not options.json:
            print(one, flush=True)
    if options.json:
        print(json.dumps([asdict(one) for one in results]))
    return 0 if all(one.is_fine for one in results) else 1


def measure(replicates: int, seed: int) -> Iterator[Measured]:
    """Yield everything that is measured."""
    yield from false_positives(replicates, seed)
    yield from power(replicates, seed)
    yield from coverage(replicates, seed)
    yield from ratio_alarms(replicates, seed)
    yield from assignment()


if __name__ == "__main__":
    sys.exit(main())
