"""Run cases of Unleash's client specification through our import and our evaluator.

    python -m benchmarks.unleash_cases DIR [--json]

DIR holds specification files, each with a state, tests and variant tests; `index.json`
names them in order if it is there. Prints how many cases pass and which do not, and
ends with 1 if any does not or there is none. Needs neither Django nor a database.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flags.engine import Snapshot, compile_snapshot
from flags.engine.unleash import context_from, import_unleash, is_enabled, variant_of

# A repeatable draw for what is random: no case hangs on which one it is.
DRAW: Final = "7"


@dataclass(frozen=True, slots=True)
class Result:
    """What a case expects, and what came."""

    file: str
    description: str
    expected: Any
    actual: Any

    @property
    def passed(self) -> bool:
        """Say whether they are the same."""
        return bool(self.expected == self.actual)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a folder, print what came of them, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args(arguments)
    results = list(run(options.folder))
    failures = [result for result in results if not result.passed]
    passed = len(results) - len(failures)
    if options.json:
        found = [asdict(failure) for failure in failures]
        print(json.dumps({"passed": passed, "failed": len(found), "failures": found}))
    else:
        for one in failures:
            print(f"{one.file}: {one.description}")
            print(f"    expected {one.expected}, was {one.actual}")
        print(f"{passed} passed, {len(failures)} failed")
    return 0 if passed and not failures else 1


def run(folder: Path) -> Iterator[Result]:
    """Yield the result of each case of each file."""
    for path in _files(folder):
        document = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(document, dict) and "state" in document:
            yield from _cases(path.name, document)


def _files(folder: Path) -> list[Path]:
    """Return the files in the order of their index, and then what it does not name."""
    index = folder / "index.json"
    named = json.loads(index.read_text(encoding="utf-8")) if index.exists() else []
    first = [folder / name for name in named if (folder / name).exists()]
    rest = sorted(set(folder.glob("*.json")) - {*first, index})
    return [*first, *rest]


def _cases(file: str, document: dict[str, Any]) -> Iterator[Result]:
    """Yield the result of each case of one file."""
    imported = import_unleash(json.dumps(document["state"]))
    snapshot = compile_snapshot(imported.definitions)
    for case in document.get("tests") or ():
        enabled = is_enabled(_evaluate(snapshot, case))
        yield Result(file, case["description"], case["expectedResult"], enabled)
    for case in document.get("variantTests") or ():
        variant = variant_of(_evaluate(snapshot, case))
        yield Result(file, case["description"], case["expectedResult"], variant)


def _evaluate(snapshot: Snapshot, case: dict[str, Any]) -> Any:
    """Return what the public evaluator says to a case."""
    context = context_from(case["context"], now=datetime.now(UTC), draw=DRAW)  # noqa: TID251 - a clock, outside of Django
    return snapshot.evaluate(case["toggleName"], context)


if __name__ == "__main__":
    sys.exit(main())
