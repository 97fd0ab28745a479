"""Bonafide's own use of its flags: detectors, blocking, the whole session, the demo."""

from typing import Any, Final

import pytest
from django.test import Client

from accounts.models import Organization
from detection.models import DetectionResult
from flags.models import FlagUsage
from flags.services.flags import create_flag
from flags.services.overrides import Whom, set_override
from flags.serving.process import usage
from portal.services import ensure_demo
from sessions_app.facade import Survey
from sessions_app.services import ending
from tests.conftest import Caller, Visit, open_visit

pytestmark = pytest.mark.django_db

DRIVEN: Final = {
    "type": "device",
    "t": 1,
    "webdriver": True,
    "driver_globals": ["cdc_"],
}
WEBDRIVER: Final = "device.webdriver"


def verdict(server: Caller, visit: Visit) -> Any:
    """Return what is said of a browser that a driver holds."""
    sent = visit.browser.post(
        f"sessions/{visit.id}/data", {"seq": 0, "events": [DRIVEN]}
    )
    assert sent.status_code == 200, sent.content
    return server.get(f"sessions/{visit.id}/status").json()


def override(organization: Organization, flag: str, variant: str) -> None:
    """Set a flag of the installation's for us."""
    whom = Whom(organization_id=organization.id)
    set_override(organization_id=organization.id, flag=flag, whom=whom, variant=variant)


def test_nobody_stored_a_flag(server: Caller, visit: Visit) -> None:
    """Everything is as the code has it, and results say that no flags were there."""
    said = verdict(server, visit)
    assert (said["verdict"], said["recommended_action"]) == ("bot", "block")
    assert said["checks"][WEBDRIVER] == "fired"
    assert set(DetectionResult.objects.values_list("flags_version")) == {(None,)}


def test_shadow_is_recorded_and_changes_nothing(
    server: Caller, visit: Visit, organization: Organization
) -> None:
    """The verdict is as if it were off; the finding stands there, with its weight."""
    override(organization, f"detection.{WEBDRIVER}", "shadow")
    override(organization, "detection.device.driver_globals", "off")
    said = verdict(server, visit)
    assert said["verdict"] != "bot"
    noted = next(one for one in said["reasons"] if one["code"] == WEBDRIVER)
    assert noted["weight"] == 0
    assert noted["evidence"]["would_weigh"] > 2
    versions = set(DetectionResult.objects.values_list("flags_version", flat=True))
    assert None not in versions


def test_off_is_not_asked(
    server: Caller, visit: Visit, organization: Organization
) -> None:
    """And another organization is judged as before."""
    override(organization, f"detection.{WEBDRIVER}", "off")
    said = verdict(server, visit)
    assert said["checks"][WEBDRIVER] == "unknown"
    assert WEBDRIVER not in {one["code"] for one in said["reasons"]}


def test_the_last_word_obeys_as_well(
    server: Caller, visit: Visit, organization: Organization
) -> None:
    """Also when it is judged from all batches, by a worker."""
    override(organization, f"detection.{WEBDRIVER}", "off")
    verdict(server, visit)
    server.post(f"sessions/{visit.id}/complete")
    ending.judge_whole_session(
        organization_id=organization.id,
        session_id=visit.id,  # type: ignore[arg-type] # text will do
    )
    final = DetectionResult.objects.get(seq=None)
    assert WEBDRIVER not in {code for code, *_rest in final.fired}
    assert final.flags_version is not None


def test_a_detector_is_rolled_out_by_session(
    server: Caller, site: Caller, survey: Survey
) -> None:
    """A session keeps its side; some are on each."""
    create_flag(
        organization_id=None,
        name=f"detection.{WEBDRIVER}",
        definition={
            "type": "string",
            "variants": [
                {"name": mode, "value": mode} for mode in ("off", "shadow", "enforce")
            ],
            "default": "shadow",
            "off": "enforce",
            "release": {"rollout": {"percent": 50}, "serve": "enforce"},
        },
    )
    weights = {}
    for _ in range(24):
        visit = open_visit(site, survey)
        said = verdict(server, visit)
        found = next(one for one in said["reasons"] if one["code"] == WEBDRIVER)
        weights[visit.id] = found["weight"] > 0
        visit.browser.post(
            f"sessions/{visit.id}/data", {"seq": 1, "events": [{**DRIVEN, "t": 9}]}
        )
        again = server.get(f"sessions/{visit.id}/status").json()
        found = next(one for one in again["reasons"] if one["code"] == WEBDRIVER)
        assert (found["weight"] > 0) == weights[visit.id]
    assert set(weights.values()) == {True, False}


def test_nobody_is_blocked_while_blocking_is_off(
    server: Caller, visit: Visit, organization: Organization
) -> None:
    """The verdict stays; somebody looks at it."""
    override(organization, "detection.blocking", "off")
    said = verdict(server, visit)
    assert (said["verdict"], said["recommended_action"]) == ("bot", "review")


def test_the_whole_session_is_not_replayed_while_that_is_off(
    server: Caller,
    visit: Visit,
    organization: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last word is what the running state says: cheap, and nearly the same."""

    def refuse(*_args: object) -> None:
        pytest.fail("All batches were read.")

    override(organization, "detection.whole_session", "off")
    verdict(server, visit)
    monkeypatch.setattr(ending, "replayed", refuse)
    result, _made = ending.judge_whole_session(
        organization_id=organization.id,
        session_id=visit.id,  # type: ignore[arg-type] # text will do
    )
    assert result.verdict == "bot"


def test_the_demo_tells_its_progress_or_not() -> None:
    """By the flag, from the next page on."""
    ours = ensure_demo("http://testserver")
    client = Client()
    client.post("/demo/")
    assert b'class="progress"' in client.get("/demo/1").content
    set_override(
        organization_id=None,
        flag="demo.progress",
        whom=Whom(organization_id=ours.organization_id),
        variant="off",
    )
    assert b'class="progress"' not in client.get("/demo/1").content


def test_evaluations_are_counted_in_batches(
    server: Caller, visit: Visit, organization: Organization
) -> None:
    """By flag and variant, in few rows, written apart from the request."""
    override(organization, "detection.blocking", "off")
    verdict(server, visit)
    assert not FlagUsage.objects.exists()
    usage.flush()
    row = FlagUsage.objects.get(flag="detection.blocking")
    assert (row.variant, row.organization_id) == ("off", organization.id)
    assert row.count >= 1
