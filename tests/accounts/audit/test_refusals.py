"""What was not allowed is written down, although its request is rolled back."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from accounts.audit import refusals
from accounts.audit.refusals import MOST_A_MINUTE, Refusal, write
from accounts.models import AuditRow, Organization
from accounts.services.keys import create_key, revoke_key
from common import counters
from sessions_app.facade import Survey
from tests.accounts.conftest import Enter
from tests.conftest import Caller, Visit

pytestmark = pytest.mark.django_db


def refused(verb: str = "request.refused") -> list[AuditRow]:
    """Return what was written."""
    return list(AuditRow.objects.filter(verb=verb, outcome="refused").order_by("id"))


def test_wrong_key_is_written_down(organization: Organization) -> None:
    """Of whom it is, nobody knows."""
    answer = Caller("bf_sk_wrong").get("sessions")
    assert answer.status_code == 401
    (row,) = refused()
    assert row.organization_id is None
    assert row.actor_kind == "nobody"
    assert row.difference["status"] == [None, 401]
    assert row.difference["route"][1].endswith("sessions")
    assert row.request_id == answer["X-Request-ID"]
    assert "wrong" not in str(row.difference)


def test_key_that_may_not_is_written_down(site: Caller, survey: Survey) -> None:
    """For its organization, with its id."""
    assert site.get("sessions").status_code == 403
    (row,) = refused()
    assert row.organization_id == survey.organization_id
    assert row.actor_kind == "publishable"
    assert row.key_id is not None


def test_transaction_that_is_rolled_back_keeps_it(
    organization: Organization, server: Caller
) -> None:
    """DRF rolls back what a 403 wrote; this comes after it."""
    key, text = create_key(organization_id=organization.id, kind="secret")
    revoke_key(organization_id=organization.id, key_id=key.id)
    assert Caller(text).get("sessions").status_code == 401
    assert len(refused()) == 1


def test_what_says_nothing_is_left_out(visit: Visit) -> None:
    """A session that is over, and who shows nothing at all, are everyday."""
    assert Client().get("/api/v1/sessions").status_code == 401
    assert Caller("bf_st_over").post(f"sessions/{visit.id}/data", {}).status_code == 401
    assert refused() == []


def test_page_that_is_not_for_somebody_is_written_down(enter: Enter) -> None:
    """With who asked for it."""
    assert enter("viewer").get("/admin/accounts/apikey/").status_code == 403
    (row,) = refused()
    assert (row.actor_kind, row.organization_id is None) == ("user", False)


def test_flood_is_cut_off_and_its_size_told() -> None:
    """So many a minute of a kind; the next minute says how many there were."""
    moment = [1_000.0]
    one = Refusal("sign_in.refused")
    left_out = counters.read().get("audit.refusals_left_out", 0)
    for _each in range(MOST_A_MINUTE + 5):
        write(one, now=lambda: moment[0])
    assert len(refused("sign_in.refused")) == MOST_A_MINUTE
    assert counters.read()["audit.refusals_left_out"] == left_out + 5
    write(Refusal("sign_in.locked"), now=lambda: moment[0])
    assert len(refused("sign_in.locked")) == 1
    moment[0] += 60
    write(one, now=lambda: moment[0])
    assert refused("sign_in.refused")[-1].reason.startswith("5 more")


def test_many_kinds_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number they begin anew."""
    monkeypatch.setattr(refusals, "MOST_COUNTED", 2)
    for verb in ("signed_in", "sign_in.refused", "sign_in.locked"):
        write(Refusal(verb))
    assert len(refusals._minutes) == 1


def test_answer_stays_when_it_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A database that is away loses the entry, not the answer."""

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(refusals, "record_refusal", fail)
    lost = counters.read().get("audit.refusals_lost", 0)
    assert Caller("bf_sk_wrong").get("sessions").status_code == 401
    assert counters.read()["audit.refusals_lost"] == lost + 1
