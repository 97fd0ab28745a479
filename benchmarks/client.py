"""Measure the size and the cost of the browser client, beside what others load.

    python -m benchmarks.client [--rounds 5] [--seconds 20] [--only ours,rrweb] [--json]

Each round visits the same survey once with each script and once without any, in turns
(A B C, C B A, …), and repeats the same input to the millisecond. What a script costs
is the difference to the visit without one in the same round. Needs Chromium (or
BONAFIDE_CHROMIUM), Node and what `npm ci` installs in benchmarks/client and
sdk/browser; `make bench` sees to that. Nothing leaves the machine.

Prints the goals and whether they are met, and ends with 0 either way: a benchmark is
no test. `--keep` puts the tables into docs/client-cost.md.
"""

import argparse
import asyncio
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .browsing.chromium import chromium
from .browsing.ending import end_in_order
from .browsing.hand import plan
from .browsing.pairs import Interval, median_of, ratio_of
from .browsing.site import serving
from .browsing.tables import keep, table
from .browsing.visits import Cost, Start, look, start, visit

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "benchmarks" / "client"
DIST: Final = ROOT / "sdk" / "browser" / "dist"
DOCUMENT: Final = ROOT / "docs" / "client-cost.md"

EMPTY: Final = "empty"
# The same once more: what it "costs" is how exact this machine is.
AGAIN: Final = "nothing"
# As they are called in tables. `readable` is our client unminified, for profiles.
NAMES: Final = {
    AGAIN: "no script, again",
    "ours": "Bonafide",
    "rrweb": "rrweb, recording",
    "rrweb-sending": "rrweb, sending",
    "umami": "umami",
    "fingerprintjs": "FingerprintJS",
    "botd": "BotD",
}
# A script starts once a page: more of these than rounds are cheap.
STARTS: Final = 4
START_GOAL_MS: Final = 4.0

Costs = Mapping[str, Sequence[Cost]]
Starts = Mapping[str, Sequence[Start]]


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run measured; lists have one entry a round."""

    sizes: Any
    costs: Costs
    starts: Starts
    seconds: float

    @property
    def scripts(self) -> list[str]:
        """All scripts but none, in the order of the table."""
        return [script for script in NAMES if script in self.costs]

    def above(self, script: str, figure: Callable[[Cost], float]) -> list[float]:
        """Return what a script added to the empty page in each round."""
        pairs = zip(self.costs[script], self.costs[EMPTY], strict=True)
        return [figure(cost) - figure(empty) for cost, empty in pairs]


def main() -> None:
    """Measure, and print or keep the tables."""
    chosen = arguments()
    end_in_order()
    with tempfile.TemporaryDirectory(prefix="bonafide-bench-") as built:
        sizes = bundle(Path(built))
        scripts = (EMPTY, *chosen.only)
        measured = asyncio.run(
            measure(Path(built), scripts, chosen.rounds, chosen.seconds)
        )
    results = Results(sizes, *measured, chosen.seconds)
    if chosen.json:
        print(json.dumps(dataclasses.asdict(results)))
        return
    text = "\n\n".join(report(results))
    print(text)
    if chosen.keep:
        keep(DOCUMENT, "client", text)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    about = str(__doc__)
    parser = argparse.ArgumentParser(
        "python -m benchmarks.client",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=_at_least_one, default=5, metavar="N")
    parser.add_argument("--seconds", type=float, default=20.0, metavar="S")
    parser.add_argument(
        "--only",
        type=_scripts,
        default=tuple(NAMES),
        metavar="NAMES",
        help=f"of {', '.join(NAMES)}; separated by commas",
    )
    parser.add_argument("--json", action="store_true", help="print raw figures")
    parser.add_argument("--keep", action="store_true", help=f"rewrite {DOCUMENT.name}")
    return parser.parse_args()


def bundle(folder: Path) -> Any:
    """Bundle all scripts into a folder, and return their sizes."""
    if not (FOLDER / "node_modules" / "umami").is_dir():
        sys.exit("Run `npm ci` in benchmarks/client first, or `make bench`.")
    done = subprocess.run(
        ["node", FOLDER / "bundle.mjs", folder], check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


async def measure(
    built: Path, scripts: Sequence[str], rounds: int, seconds: float
) -> tuple[Costs, Starts]:
    """Visit with each script in each round, forth and back."""
    program = os.environ.get("BONAFIDE_CHROMIUM", "/usr/bin/chromium")
    costs: dict[str, list[Cost]] = {script: [] for script in scripts}
    starts: dict[str, list[Start]] = {
        script: [] for script in scripts if script not in {EMPTY, AGAIN}
    }
    with serving(ours=DIST, others=built) as site:
        for number in range(rounds):
            async with chromium(program) as browser:
                page = await look(browser, site)
                todo = plan(page, seconds=seconds, seed=number)
                for script in scripts[:: 1 if number % 2 == 0 else -1]:
                    name = f"{number}-{script}"
                    tell(f"round {number + 1} of {rounds}: {script}")
                    for again in range(STARTS if script in starts else 0):
                        called = f"{name}-{again}"
                        found = await start(browser, site, script=script, name=called)
                        starts[script].append(found)
                    cost = await visit(
                        *(browser, site),
                        script=script,
                        plan=todo,
                        seconds=seconds,
                        name=name,
                    )
                    costs[script].append(cost)
    tell("")
    return costs, starts


def report(results: Results) -> list[str]:
    """Return the tables and the goals, each a paragraph."""
    return [
        table(size_rows(results.sizes)),
        table(cost_rows(results)),
        table(more_rows(results)),
        "\n".join(goals(results)),
    ]


def size_rows(sizes: Any) -> list[list[str]]:
    """Return what is loaded, in bytes."""
    ours = sizes["ours"]
    total = {
        kind: sum(one[kind] for one in ours) for kind in ("bytes", "gzip", "brotli")
    }
    files = [(f"Bonafide {one['name']}", one) for one in ours]
    if len(files) > 1:
        files.append(("Bonafide, all of it", total))
    files += [(f"{one['name']} {one['version']}", one) for one in sizes["others"]]
    head = ["loaded", "minified", "gzip -9", "brotli 11"]
    return [
        head,
        *([name, *(f"{one[kind]:,}" for kind in total)] for name, one in files),
    ]


def cost_rows(results: Results) -> list[list[str]]:
    """Return what each script adds to the main thread's work."""
    head = [
        f"above the page without a script, in {results.seconds:g} s",
        *("main thread, ms", "share", "in its script, ms", "start, ms"),
        "of it layout, ms",
    ]
    rows = [head]
    for script in results.scripts:
        main_ms = median_of(results.above(script, lambda cost: cost.main_ms))
        script_ms = median_of(results.above(script, lambda cost: cost.script_ms))
        share = main_ms.value / (10 * results.seconds)
        rows.append(
            [
                *(NAMES[script], str(main_ms), f"{share:.2f} %", str(script_ms)),
                *start_cells(results.starts.get(script, ())),
            ]
        )
    return rows


def start_cells(began: Sequence[Start]) -> list[str]:
    """Return how long the start took, and how much of that was layout."""
    if not began:
        return ["", ""]
    return [
        str(median_of([one.total_ms for one in began])),
        str(median_of([one.layout_ms for one in began])),
    ]


def more_rows(results: Results) -> list[list[str]]:
    """Return what else each script adds."""
    figures: dict[str, Callable[[Cost], float]] = {
        "heap, KiB": lambda cost: cost.heap_kib,
        "all threads, ms": lambda cost: cost.process_ms,
        "layouts": lambda cost: cost.layouts,
        "style recalcs": lambda cost: cost.style_recalcs,
        "long tasks": lambda cost: cost.long_tasks,
        "requests": lambda cost: cost.requests,
        "sent, KiB": lambda cost: cost.sent_kib,
    }
    return [
        ["above the page without a script", *figures],
        *(
            [
                NAMES[script],
                *(
                    f"{median_of(results.above(script, figure)).value:.0f}"
                    for figure in figures.values()
                ),
            ]
            for script in results.scripts
        ),
    ]


def goals(results: Results) -> list[str]:
    """Return a line for each goal: what it is, what was found, whether it is met."""
    client = next(
        one for one in results.sizes["ours"] if one["name"] == "tracking-client.js"
    )
    budget = results.sizes["budget"]
    lines = [
        _goal(
            f"tracking-client.js has at most {budget:,} bytes gzipped",
            f"{client['gzip']:,}",
            met=client["gzip"] <= budget,
        )
    ]
    if {"ours", "rrweb"} <= set(results.starts):
        lines += ratio_lines(results)
    if "ours" in results.starts:
        began = median_of([one.total_ms for one in results.starts["ours"]])
        lines.append(
            _goal(
                f"its start blocks the page for less than {START_GOAL_MS:g} ms",
                f"{began} ms",
                met=began.value < START_GOAL_MS,
            )
        )
    late = [cost.late_ms for costs in results.costs.values() for cost in costs]
    lines.append(
        f"- In the worst visit input was sent {max(late):.1f} ms late on average; "
        "above a few ms the machine was busy with other things."
    )
    return lines


def ratio_lines(results: Results) -> list[str]:
    """Return the lines that compare ours with rrweb: the goal, and what is exact."""

    def ratio(figure: Callable[[Cost], float]) -> Interval:
        ours, rrweb = (results.above(one, figure) for one in ("ours", "rrweb"))
        return ratio_of(ours, rrweb)

    main_ratio = ratio(lambda cost: cost.main_ms)
    script_ratio = ratio(lambda cost: cost.script_ms)
    return [
        _goal(
            "it takes no more of the main thread than rrweb does",
            _times(main_ratio),
            met=main_ratio.value <= 1,
        ),
        f"- In the scripts alone that is {_times(script_ratio)}.",
    ]


def tell(what: str) -> None:
    """Show progress on one line, where somebody is looking."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)
    elif what:
        print(what, file=sys.stderr, flush=True)


def _times(ratio: Interval) -> str:
    return f"{ratio.value:.2f} times [{ratio.low:.2f}, {ratio.high:.2f}]"


def _goal(goal: str, found: str, *, met: bool) -> str:
    return f"- {'met' if met else 'MISSED'}: {goal}: {found}."


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        msg = "at least one"
        raise argparse.ArgumentTypeError(msg)
    return number


def _scripts(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(NAMES):
        msg = f"there is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}"
        raise argparse.ArgumentTypeError(msg)
    return chosen


if __name__ == "__main__":
    main()
