"""Setting the demo up."""

import pytest

from accounts.facade import create_key, create_organization, organization_named
from accounts.models import ApiKey, KeyOrigin, Organization
from common.errors import NotFoundError
from portal import selectors
from portal.services import ensure_demo
from sessions_app.facade import survey_named
from sessions_app.models import Survey

pytestmark = pytest.mark.django_db


def test_demo_is_what_was_set_up() -> None:
    """Pages find what the command made."""
    made = ensure_demo("http://localhost:8000")
    assert selectors.demo() == made


def test_demo_shows_reasons() -> None:
    """The demo's policy lets the browser see why."""
    made = ensure_demo("http://localhost:8000")
    survey = Survey.objects.get(id=made.survey_id)
    assert (survey.show_reasons, survey.share_action) == (True, True)


def test_twice_is_the_same_demo() -> None:
    """Setting it up again makes nothing new."""
    first = ensure_demo("http://localhost:8000")
    assert ensure_demo("http://localhost:8000") == first
    assert (Organization.objects.count(), Survey.objects.count()) == (1, 1)
    assert (ApiKey.objects.count(), KeyOrigin.objects.count()) == (1, 1)


def test_further_origin_is_added() -> None:
    """The same key may be used from another address afterwards."""
    ensure_demo("http://localhost:8000")
    ensure_demo("https://demo.example")
    assert set(KeyOrigin.objects.values_list("origin", flat=True)) == {
        "http://localhost:8000",
        "https://demo.example",
    }


def test_what_is_there_is_completed() -> None:
    """An organization of that name without a survey gets one."""
    organization = create_organization(name=selectors.ORGANIZATION)
    assert selectors.demo() is None
    assert ensure_demo("http://localhost:8000").organization_id == organization.id


def test_lost_race_ends_with_the_winners_demo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who comes second uses what the first one made in between."""
    first = ensure_demo("http://localhost:8000")
    asked: list[str] = []

    def not_yet(name: str) -> Organization:
        asked.append(name)
        if len(asked) == 1:
            raise NotFoundError(name)
        return organization_named(name)

    def none_yet(**wanted: object) -> Survey | None:
        asked.append("survey")
        return None if asked.count("survey") == 1 else survey_named(**wanted)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr("portal.services.organization_named", not_yet)
    monkeypatch.setattr("portal.services.survey_named", none_yet)
    assert ensure_demo("http://localhost:8000") == first


def test_secret_key_is_not_shown_to_pages() -> None:
    """An organization with secret keys alone has no demo yet."""
    made = ensure_demo("http://localhost:8000")
    ApiKey.objects.all().delete()
    create_key(organization_id=made.organization_id, kind="secret")
    assert selectors.demo() is None
