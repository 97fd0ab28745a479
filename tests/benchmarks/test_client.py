"""What the report says of given figures."""

from typing import Any

import pytest

from benchmarks.browsing.visits import Cost, Start, VisitError, start_in
from benchmarks.client import Results, report

SIZE = {"bytes": 18_000, "gzip": 8_000, "brotli": 7_000}
SIZES: dict[str, Any] = {
    "budget": 8_192,
    "ours": [{"name": "tracking-client.js", **SIZE}],
    "others": [{"name": "@rrweb/record", "version": "2.1.6", **SIZE}],
}


def cost(main_ms: float) -> Cost:
    """Return a visit's cost of which only the main thread matters."""
    return Cost(main_ms, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def results(ours: float, start_ms: float, gzip: int = 8_000) -> Results:
    """Return three rounds; the empty page takes 500 ms and rrweb 300 more."""
    sizes = {**SIZES, "ours": [{**SIZES["ours"][0], "gzip": gzip}]}
    costs = {"empty": 500.0, "ours": 500 + ours, "rrweb": 800.0}
    return Results(
        sizes,
        {name: [cost(main_ms)] * 3 for name, main_ms in costs.items()},
        {"ours": [Start(start_ms, 0)], "rrweb": [Start(60, 0)]},
        20.0,
    )


def test_costs_are_above_the_empty_page() -> None:
    """And shares are of the time that the visit took."""
    line = next(
        line
        for line in report(results(150, 3))[1].splitlines()
        if line.startswith("| Bonafide")
    )
    assert "150.0 [150.0, 150.0]" in line
    assert "0.75 %" in line


def test_goals_that_are_met() -> None:
    """Each is told with its figure."""
    goals = report(results(150, 3))[-1]
    assert "MISSED" not in goals
    assert "0.50 times" in goals


def test_goals_that_are_missed() -> None:
    """Each is told as well."""
    goals = report(results(330, 5, gzip=9_000))[-1]
    assert goals.count("MISSED") == 3
    assert "1.10 times" in goals


def test_several_files_are_summed() -> None:
    """What is loaded later counts too."""
    sizes = {**SIZES, "ours": [*SIZES["ours"], {"name": "tracking-probes.js", **SIZE}]}
    found = report(Results(sizes, results(1, 1).costs, {}, 20.0))[0]
    assert "36,000" in found


def test_start_is_what_the_script_ran() -> None:
    """Layout within it is told apart; work of other threads and times is not its."""
    run = {"name": "EvaluateScript", "ts": 100, "dur": 50, "tid": 1, "tdur": 40}
    script = run | {"args": {"data": {"url": "http://127.0.0.1/static/a.js"}}}
    layout = {"name": "Layout", "ts": 120, "dur": 10, "tid": 1, "tdur": 8}
    later, elsewhere = layout | {"ts": 200}, layout | {"tid": 2}
    assert start_in([script, layout, later, elsewhere]) == Start(0.04, 0.008)


def test_trace_without_a_script_is_told() -> None:
    """A start of zero would flatter a script that was not loaded."""
    with pytest.raises(VisitError, match="no script"):
        start_in([])
