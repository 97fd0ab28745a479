"""Experiments in a real browser: planned, started, read, stopped."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Organization
from experiments.models import Experiment, ExperimentEvent, ExperimentParticipation
from experiments.services.refreshing import refresh
from tests.e2e import test_access_pages
from tests.e2e.test_access_pages import LOOKS, Open, fits, sign_in
from tests.e2e.test_admin_pages import spoken
from tests.e2e.test_demo_pages import complaints_of, tab_to
from tests.experiments.world import run

# Its fixtures: somebody with two organizations, and a browser.
open_page = test_access_pages.open_page
owner = test_access_pages.owner

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def fill(row: Experiment, shares: tuple[float, float], days: int = 14) -> None:
    """Leave two weeks behind, in which arms complete so often."""
    random = np.random.default_rng(9)
    now = timezone.now()
    Experiment.objects.filter(id=row.id).update(started_at=now - timedelta(days=days))
    parts, events = [], []
    for number in range(1200):
        arm = number % 2
        at = now - timedelta(days=float(random.uniform(0.1, days)))
        known = {"organization_id": row.organization_id, "experiment": row}
        unit = f"{number:032d}"
        parts.append(
            ExperimentParticipation(
                **known,
                unit=unit,
                phase=1,
                variant=("control", "short")[arm],
                first_at=at,
                segment=("mobile", "desktop")[number % 3 == 0],
                left_out="bot" if number % 40 == 7 else "",
            )
        )
        for name, share in (("completed", shares[arm]), ("automated", 0.2)):
            if random.random() < share:
                event = {"unit": unit, "name": name, "key": f"{number}:{name}"}
                events.append(ExperimentEvent(**known, **event, at=at, received_at=at))
    ExperimentParticipation.objects.bulk_create(parts)
    ExperimentEvent.objects.bulk_create(events)
    refresh(organization_id=row.organization_id, experiment_id=row.id)


def page_of(row: Experiment) -> str:
    """Return an experiment's address."""
    return reverse("admin:experiments_experiment_change", args=[row.id])


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_experiment_is_planned_started_and_stopped(
    open_page: Open, organization: Organization, scheme: str, width: int
) -> None:
    """By keyboard, with the duration before anything starts."""
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    sign_in(page)
    page.wait_for_url("**/admin/")
    page.goto(reverse("admin:experiments_experiment_changelist"))
    expect(page.locator("body")).to_contain_text("says which is better")
    page.goto(reverse("admin:experiments_experiment_add"))
    for name, typed in (("name", "shorter-text"), ("variant", "short")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.locator(".bf-planned")).to_contain_text("respondents, which is")
    assert fits(page, width)
    page.get_by_role("button", name="Make the draft").click()
    expect(page.locator("body")).to_contain_text("nobody sees it yet")
    expect(page.locator(".bf-badge")).to_have_text("Nobody yet")
    page.get_by_role("button", name="Start it").click()
    expect(page.locator("body")).to_contain_text("It runs")
    page.locator("[name=decision]").fill("Not worth it.")
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator("body")).to_contain_text("Not worth it.")
    row = Experiment.objects.get()
    assert (row.state, row.decision) == ("stopped", "Not worth it.")
    assert row.design["planned_units"] > 100
    assert fits(page, width)
    assert spoken(complaints) == []


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_page_says_what_to_do(
    open_page: Open, organization: Organization, scheme: str, width: int
) -> None:
    """A true effect: ship it; with its pictures, each beside a table."""
    row = run(
        organization.id,
        planned_units=1200,
        metrics=[
            {"name": "completion", "event": "completed"},
            {
                "name": "fraud",
                "event": "automated",
                "role": "guardrail",
                "better": "lower",
                "margin": 0.5,
            },
        ],
    )
    fill(row, (0.5, 0.75))
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    sign_in(page)
    page.wait_for_url("**/admin/")
    page.goto(page_of(row))
    expect(page.locator(".bf-badge")).to_have_text("Ship")
    expect(page.locator(".bf-verdict")).to_contain_text("short")
    assert page.locator("svg.bf-forest").count() == 2
    assert page.locator("svg.bf-course").count() == 3
    page.locator("summary").first.click()
    expect(page.locator("details[open] tbody tr")).to_have_count(15)
    assert fits(page, width)
    page.get_by_role("link", name="All units").click()
    expect(page.locator("body")).to_contain_text("declared programs as well")
    page.goto(reverse("admin:experiments_experiment_changelist"))
    expect(page.locator("#result_list")).to_contain_text("wording")
    assert fits(page, width)
    assert spoken(complaints) == []


@pytest.mark.usefixtures("owner")
def test_nothing_where_there_is_nothing(
    open_page: Open, organization: Organization
) -> None:
    """An A/A experiment at the end of its plan: no difference."""
    row = run(
        organization.id,
        planned_units=1100,
        metrics=[{"name": "completion", "event": "completed"}],
    )
    fill(row, (0.6, 0.6))
    page = open_page("light", 1400)
    sign_in(page)
    page.wait_for_url("**/admin/")
    page.goto(page_of(row))
    expect(page.locator(".bf-badge")).to_have_text("No difference")
