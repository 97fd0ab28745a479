"""Visits of the survey in a fresh page, and what they cost the page's main thread.

Costs are read from Chromium's own counters (`Performance.getMetrics`), on the clock of
the main thread's processor time. On the wall clock a task that waits for a processor
would count as busy: on a machine with other work that was ten times as noisy.
"""

import asyncio
import json
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from .chromium import Chromium
from .hand import Action, Geometry, Plan
from .site import Site
from .survey import GEOMETRY, TRACES

VIEW: Final = {"width": 1280, "height": 900}

# Tasks of more than 50 ms, as browsers themselves report them.
LONG_TASKS: Final = """
window.longTasks = 0;
new PerformanceObserver((list) => { window.longTasks += list.getEntries().length; })
  .observe({ type: "longtask", buffered: true });
"""
TRACED: Final = ("devtools.timeline",)
LAYOUT: Final = frozenset({"Layout", "UpdateLayoutTree", "RecalculateStyles"})
# After the page is loaded its script may still start things when idle.
SETTLE_S: Final = 0.5
# What has to be on its way home when a page is closed.
HOME_S: Final = 0.2


class VisitError(RuntimeError):
    """A visit did not take place as planned, so its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one visit cost, from the navigation to the last second of the plan."""

    # Processor time of the page's main thread in tasks; in scripts of the page.
    main_ms: float
    script_ms: float
    # Processor time of the whole renderer, its helping threads included.
    process_ms: float
    heap_kib: float
    layouts: int
    style_recalcs: int
    long_tasks: int
    requests: int
    sent_kib: float
    # How late the input was sent on average: above a few ms the machine was busy.
    late_ms: float


@dataclass(frozen=True, slots=True)
class Start:
    """How long a script's file blocked the page, in processor time.

    `layout_ms` is the part of `total_ms` in which the browser laid the page out because
    the script asked for something that depends on it. Without the script it would have
    done so a moment later.
    """

    total_ms: float
    layout_ms: float


async def look(browser: Chromium, site: Site) -> Geometry:
    """Return where the empty page's controls are."""
    async with _page(browser) as session:
        await _go(browser, session, site.address("empty", "look"))
        return Geometry.read(await _told(browser, session, GEOMETRY))


async def visit(
    browser: Chromium, site: Site, *, script: str, plan: Plan, seconds: float, name: str
) -> Cost:
    """Load the survey with a script, let the hand answer it, and return the cost.

    Raises
    ------
    VisitError
        What the hand planned is not what the page shows afterwards.
    """
    async with _page(browser) as session:
        await browser.ask(
            "Page.addScriptToEvaluateOnNewDocument", {"source": LONG_TASKS}, session
        )
        clock = {"timeDomain": "threadTicks"}
        await browser.ask("Performance.enable", clock, session)
        await _go(browser, session, site.address(script, name))
        late_ms = await _play(browser, session, plan.actions, seconds)
        spent = await _metrics(browser, session)
        sent = site.sent(name)
        requests, sent_kib = sent.requests, sent.bytes / 1024
        await browser.ask("HeapProfiler.collectGarbage", {}, session)
        kept = await _metrics(browser, session)
        long_tasks = await _told(browser, session, "String(window.longTasks)")
        _check(plan, await _told(browser, session, TRACES))
    return Cost(
        main_ms=1e3 * spent["TaskDuration"],
        script_ms=1e3 * spent["ScriptDuration"],
        process_ms=1e3 * spent["ProcessTime"],
        heap_kib=kept["JSHeapUsedSize"] / 1024,
        layouts=int(spent["LayoutCount"]),
        style_recalcs=int(spent["RecalcStyleCount"]),
        long_tasks=long_tasks,
        requests=requests,
        sent_kib=sent_kib,
        late_ms=late_ms,
    )


async def start(browser: Chromium, site: Site, *, script: str, name: str) -> Start:
    """Load the survey with a script and return how long its start blocked the page.

    Raises
    ------
    VisitError
        No script was run.
    """
    events: list[Any] = []
    browser.hear("", "Tracing.dataCollected", lambda said: events.extend(said["value"]))
    async with _page(browser) as session:
        done = browser.next("", "Tracing.tracingComplete")
        wanted = {"includedCategories": TRACED, "excludedCategories": ["*"]}
        await browser.ask("Tracing.start", {"traceConfig": wanted})
        await _go(browser, session, site.address(script, name))
        await asyncio.sleep(SETTLE_S)
        await browser.ask("Tracing.end")
        await done
    return start_in(events)


def start_in(events: Sequence[Any]) -> Start:
    """Find in a trace how long scripts' files took to compile and to run once.

    Raises
    ------
    VisitError
        No script was run.
    """
    runs = [event for event in events if _is_script(event)]
    if not runs:
        msg = "The trace has no script that was run."
        raise VisitError(msg)
    forced = [
        event["tdur"]
        for event in events
        if event["name"] in LAYOUT and any(_is_within(event, run) for run in runs)
    ]
    return Start(sum(run["tdur"] for run in runs) / 1e3, sum(forced) / 1e3)


def _is_script(event: Any) -> bool:
    address = str(event.get("args", {}).get("data", {}).get("url", ""))
    return event["name"] == "EvaluateScript" and address.endswith(".js")


def _is_within(event: Any, run: Any) -> bool:
    age = event["ts"] - run["ts"]
    return bool(event["tid"] == run["tid"] and 0 <= age < run["dur"])


@asynccontextmanager
async def _page(browser: Chromium) -> AsyncIterator[str]:
    """Open an empty page without a past, and close it with all that it kept."""
    made = await browser.ask("Target.createBrowserContext")
    context = {"browserContextId": made["browserContextId"]}
    where = {"url": "about:blank", **VIEW, **context}
    target = await browser.ask("Target.createTarget", where)
    attach = {"targetId": target["targetId"], "flatten": True}
    session = (await browser.ask("Target.attachToTarget", attach))["sessionId"]
    await browser.ask("Page.enable", {}, session)
    try:
        yield session
    finally:
        await browser.ask("Target.disposeBrowserContext", context)
        await asyncio.sleep(HOME_S)


async def _go(browser: Chromium, session: str, address: str) -> None:
    loaded = browser.next(session, "Page.loadEventFired")
    await browser.ask("Page.navigate", {"url": address}, session)
    await loaded


async def _play(
    browser: Chromium, session: str, actions: Sequence[Action], seconds: float
) -> float:
    """Send each action at its time; return how late they were on average, in ms."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    late = [0.0]
    answers = []
    for action in actions:
        await asyncio.sleep(start + action.at_s - loop.time())
        late.append(loop.time() - start - action.at_s)
        answers.append(browser.send(action.method, action.params, session))
    await asyncio.sleep(start + seconds - loop.time())
    await asyncio.gather(*answers)
    return 1e3 * statistics.fmean(late)


async def _metrics(browser: Chromium, session: str) -> dict[str, float]:
    found = await browser.ask("Performance.getMetrics", {}, session)
    return {one["name"]: one["value"] for one in found["metrics"]}


async def _told(browser: Chromium, session: str, expression: str) -> Any:
    asked = {"expression": expression}
    answer = await browser.ask("Runtime.evaluate", asked, session)
    return json.loads(answer["result"]["value"])


def _check(plan: Plan, traces: Any) -> None:
    found = (traces["choices"], traces["letters"])
    if found != (plan.choices, plan.letters):
        msg = f"Planned {plan.choices} choices, {plan.letters} letters; found {found}."
        raise VisitError(msg)
