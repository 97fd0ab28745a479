"""The page that says what is stored says all of it."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from detection.facade import AnyEvent
from portal.collected import COLLECTED, OF_EACH, WITHOUT_RESPONDENTS

# Of Django and its friends: who works here, and their sessions in the console.
OTHERS = {"admin", "auth", "contenttypes", "sessions", "axes", "otp_static", "otp_totp"}


def declared() -> dict[str, list[str]]:
    """Return the fields that are declared, by model."""
    found: dict[str, list[str]] = {}
    for one in COLLECTED:
        for label, fields in one.fields.items():
            found.setdefault(label, []).extend(fields)
    return found


def test_each_model_is_declared_or_has_nothing_of_a_respondent() -> None:
    """And none of them both."""
    models = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label not in OTHERS
    }
    assert models == set(declared()) | set(WITHOUT_RESPONDENTS)
    assert not set(declared()) & set(WITHOUT_RESPONDENTS)


@pytest.mark.parametrize("label", sorted(declared()))
def test_each_field_is_declared_once(label: str) -> None:
    """A new column is on the page, or this fails."""
    fields = {field.name for field in apps.get_model(label)._meta.concrete_fields}
    assert sorted(declared()[label]) == sorted(fields - OF_EACH)


def test_each_event_is_declared_once() -> None:
    """What the client can send."""
    sent = [event for one in COLLECTED for event in one.events]
    known = [str(kind.__struct_config__.tag) for kind in AnyEvent.__args__]
    assert sorted(sent) == sorted(known)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de"])
def test_page_shows_each(client: Client, language: str) -> None:
    """With the days of this installation, to anybody."""
    answer = client.get(reverse("privacy"), headers={"Accept-Language": language})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<dt>") == len(COLLECTED)
    assert "90" in text
    assert "365" in text
