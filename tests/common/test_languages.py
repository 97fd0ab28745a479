"""Who asks is answered in their language."""

import pytest
from django.test import Client

from common.languages import language_for


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("en-US,en;q=0.9", "en"),
        ("xx, de;q=0.2", "de"),
        ("*", "en"),
        ("xx", "en"),
        ("en;q=0.1, de;q=0.9", "de"),
        ("\x00;;;,,,q=", "en"),
        ("de," * 300, "de"),
        ("xx," * 300 + "de", "en"),
    ],
)
def test_header_is_read_as_pages_read_it(accepted: str, language: str) -> None:
    """The best of ours, else the default."""
    assert language_for(accepted) == language


@pytest.mark.django_db
def test_programs_are_told_in_which_language_they_were_answered() -> None:
    """Caches in between keep one answer a language."""
    answer = Client(headers={"Accept-Language": "de"}).get("/api/v1/sessions")
    assert answer.status_code == 401
    assert answer["Content-Language"] == "de"
    assert "Accept-Language" in answer["Vary"]
    assert answer.json()["detail"] == "Anmeldedaten fehlen."


@pytest.mark.django_db
def test_cookie_chooses_no_language_for_programs() -> None:
    """A cookie is a page's, and a proxy does not tell answers apart by it."""
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["django_language"] = "de"
    assert client.get("/api/v1/sessions")["Content-Language"] == "en"
    assert client.get("/demo/", follow=True)["Content-Language"] == "de"
