"""Dashboards, rules and documents name metrics that there are, and ring when meant."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client import REGISTRY

from common.metrics import waiting
from config.settings import base

ROOT: Final = Path(__file__).parent.parent
RULES: Final[dict[str, Any]] = yaml.safe_load(
    (ROOT / "deploy" / "prometheus" / "rules.yml").read_text()
)
DASHBOARD: Final[dict[str, Any]] = json.loads(
    (ROOT / "deploy" / "grafana" / "bonafide.json").read_text()
)
OPERATIONS: Final = (ROOT / "docs" / "operations.md").read_text()
NAME: Final = re.compile(r"\b(?:bonafide|celery|django_http)_\w+")
SUFFIX: Final = re.compile(r"_(?:total|bucket|count|sum)$")
EVERY_RULE: Final = [rule for group in RULES["groups"] for rule in group["rules"]]
ALERTS: Final = [rule for rule in EVERY_RULE if "alert" in rule]
with_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool comes with Prometheus."
)


def known() -> set[str]:
    """Return the names of all metrics, as they are made."""
    families = [*REGISTRY.collect(), *waiting.REGISTRY.collect()]
    return {SUFFIX.sub("", family.name) for family in families}


def named(text: str) -> set[str]:
    """Return the metrics that a text names."""
    return {SUFFIX.sub("", name) for name in NAME.findall(text)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rule", EVERY_RULE, ids=lambda r: r.get("alert", r.get("record"))
)
def test_rule_asks_for_what_there_is(rule: dict[str, Any]) -> None:
    """A rule about a misspelt name never rings."""
    recorded = {r["record"] for r in EVERY_RULE if "record" in r}
    assert set(re.findall(r"bonafide:[\w:]+", rule["expr"])) <= recorded
    assert named(rule["expr"]) <= known()


@pytest.mark.django_db
@pytest.mark.parametrize("panel", DASHBOARD["panels"], ids=lambda panel: panel["title"])
def test_panel_asks_for_what_there_is(panel: dict[str, Any]) -> None:
    """An empty panel looks like peace."""
    for target in panel["targets"]:
        assert named(target["expr"]) <= known()
        assert "expr" in target


@pytest.mark.django_db
def test_every_metric_is_explained() -> None:
    """In the table of docs/operations.md, and nothing else is."""
    ours = {name for name in known() if NAME.fullmatch(name)}
    # What tests count.
    ours = {name for name in ours if not name.startswith("bonafide_tests_")}
    assert ours - named(OPERATIONS) == set()
    assert named(OPERATIONS) - ours == set()


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_alert_says_what_to_do(rule: dict[str, Any]) -> None:
    """Its heading stands in the document that it names."""
    path, _hash, anchor = rule["annotations"]["runbook"].partition("#")
    assert path == "docs/operations.md"
    headings = re.findall(r"^#+ (.+)$", OPERATIONS, re.MULTILINE)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
    assert rule["labels"]["severity"] in {"page", "ticket"}


@with_promtool
@pytest.mark.parametrize("what", [["check", "rules"], ["test", "rules"]], ids=" ".join)
def test_prometheus_understands_its_rules(what: list[str]) -> None:
    """And they ring when they should, and only then."""
    file = "rules.yml" if what[0] == "check" else "rules_test.yml"
    done = subprocess.run(
        ["promtool", *what, file],
        cwd=ROOT / "deploy" / "prometheus",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_where_workers_show_theirs() -> None:
    """The port of the compose file; a timetable's worth of scrapes a minute."""
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    targets = [
        target
        for job in config["scrape_configs"]
        for static in job["static_configs"]
        for target in static["targets"]
    ]
    for service in ("worker", "courier", "keeper"):
        port = compose[service]["environment"]["METRICS_PORT"]
        assert f"{service}:{port}" in targets
    assert "web:8000" in targets


def test_every_queue_is_measured() -> None:
    """Celery's own, and those that tasks are routed to."""
    routed = {route["queue"] for route in base.CELERY_TASK_ROUTES.values()}
    assert set(waiting.QUEUES) == {"celery", *routed}


def test_sweep_that_rules_wait_for_is_in_the_timetable() -> None:
    """More often than the rule looks."""
    sweeps = [
        e for e in base.CELERY_BEAT_SCHEDULE.values() if e["task"] == "outbox.sweep"
    ]
    assert [entry["schedule"] for entry in sweeps] == [15.0]
