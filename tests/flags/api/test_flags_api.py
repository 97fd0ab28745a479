"""The calls about flags, as programs make them."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from accounts.facade import create_key
from accounts.models import Organization
from accounts.services.keys import KeyTerms
from flags.services.flags import create_flag
from flags.services.overrides import Whom, set_override
from tests.conftest import ORIGIN, Caller

pytestmark = pytest.mark.django_db

PAGE: Final[dict[str, Any]] = {
    "name": "new-page",
    "owner": "survey team",
    "definition": {
        "description": "The new page.",
        "tags": ["page", "2026"],
        "default": "off",
        "off": "off",
    },
}


@pytest.fixture
def editor(organization: Organization) -> Caller:
    """A program that may do all there is with flags."""
    scopes = ["flags.read", "flags.edit", "flags.evaluate"]
    _key, text = create_key(
        organization_id=organization.id, kind="secret", terms=KeyTerms(scopes=scopes)
    )
    return Caller(text)


@pytest.fixture
def browser(organization: Organization) -> Caller:
    """A respondent's page."""
    _key, text = create_key(
        organization_id=organization.id, kind="publishable", origins=[ORIGIN]
    )
    return Caller(text, ORIGIN)


def test_a_flag_from_its_making_to_its_removal(editor: Caller) -> None:
    """Made, read, listed, replaced, switched off, archived, restored, removed."""
    made = editor.post("feature-flags", PAGE)
    assert made.status_code == 201, made.content
    assert (made["ETag"], made.json()["version"]) == ('"1"', 1)
    read = editor.get("feature-flags/new-page")
    assert read["ETag"] == '"1"'
    assert read.json()["evaluated"] == {
        "value": False,
        "variant": "off",
        "reason": "STATIC",
        "rule": "default",
        "version": 1,
        "error": None,
    }
    assert read.json()["flag"]["definition"] == PAGE["definition"]
    release = {"rollout": {"percent": 100}, "serve": "on"}
    changed = editor(
        "PUT",
        "feature-flags/new-page",
        {"definition": {**PAGE["definition"], "release": release}, "comment": "go"},
        headers={"If-Match": read["ETag"]},
    )
    assert changed.status_code == 200, changed.content
    assert editor.get("feature-flags/new-page").json()["evaluated"]["value"] is True
    off = {"definition": {"enabled": False}, "comment": "too slow"}
    assert editor("PATCH", "feature-flags/new-page", off).json()["version"] == 3
    told = editor.get("feature-flags/new-page").json()["evaluated"]
    assert (told["value"], told["reason"]) == (False, "DISABLED")
    past = editor.get("feature-flags/new-page/history").json()["results"]
    assert [(one["version"], one["comment"]) for one in past] == [
        (3, "too slow"),
        (2, "go"),
        (1, ""),
    ]
    back = editor.post("feature-flags/new-page/restore", {"version": 2})
    assert back.json()["version"] == 4
    assert "enabled" not in back.json()["definition"]
    assert editor("DELETE", "feature-flags/new-page?forever=true").status_code == 409
    assert editor("DELETE", "feature-flags/new-page").status_code == 204
    assert editor.get("feature-flags").json()["results"] == []
    assert len(editor.get("feature-flags?archived=true").json()["results"]) == 1
    assert editor("DELETE", "feature-flags/new-page?forever=true").status_code == 204
    assert editor.get("feature-flags/new-page").status_code == 404


def test_a_change_says_what_it_is_based_on(editor: Caller) -> None:
    """Without it 428, upon an old version 412, and `*` is whichever there is."""
    editor.post("feature-flags", PAGE)
    body = {"definition": {**PAGE["definition"], "enabled": False}}
    missing = editor("PUT", "feature-flags/new-page", body)
    assert (missing.status_code, missing.json()["code"]) == (428, "version_missing")
    for headers, status in (
        ({"If-Match": '"7"'}, 412),
        ({"If-Match": "seven"}, 400),
        ({"If-Match": '"1"'}, 200),
        ({"If-Match": '"1"'}, 412),
        ({"If-Match": "*"}, 200),
    ):
        answer = editor("PUT", "feature-flags/new-page", body, headers=headers)
        assert answer.status_code == status, headers
    late = editor("PATCH", "feature-flags/new-page", {**body, "version": 1})
    assert (late.status_code, late.json()["version"]) == (412, 2)


def test_a_list_is_narrowed(editor: Caller) -> None:
    """By words, tag, kind; a poller pays for changes only."""
    editor.post("feature-flags", PAGE)
    other = {"name": "other", "kind": "permission", "definition": {"default": "on"}}
    editor.post("feature-flags", other)

    def names(query: str) -> list[str]:
        found = editor.get(f"feature-flags?{query}").json()["results"]
        return [one["name"] for one in found]

    assert names("") == ["other", "new-page"]
    assert names("search=NEW") == ["new-page"]
    assert names("search=survey+team") == ["new-page"]
    assert names("search=The+new") == ["new-page"]
    assert names("tag=page") == ["new-page"]
    assert names("tag=pag") == []
    assert names("kind=permission") == ["other"]
    assert names("stale=true") == []
    assert names("limit=1") == ["other"]
    whole = editor.get("feature-flags")
    again = editor.get("feature-flags", headers={"If-None-Match": whole["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for wrong in ("kind=x", "limit=0", "colour=red", "stale=perhaps"):
        assert editor.get(f"feature-flags?{wrong}").status_code == 400


def test_an_override_by_variant_or_by_value(
    editor: Caller, organization: Organization
) -> None:
    """For a user, for the whole organization, until it is taken back."""
    editor.post("feature-flags", PAGE)
    path = "feature-flags/new-page/override"
    assert editor.post(path, {"user": "ada", "value": True}).status_code == 201
    assert editor.post(path, {"variant": "on", "user": "cyd"}).status_code == 201

    def said(user: str) -> Any:
        found = editor.get(f"feature-flags/new-page?targeting_key={user}").json()
        return found["evaluated"]["value"], found["evaluated"]["rule"]

    assert said("ada") == (True, "override:user")
    assert said("bob") == (False, "default")
    assert editor.post(path, {"value": True}).status_code == 201
    assert said("bob") == (True, "override:organization")
    listed = editor.get("feature-flags/new-page").json()["overrides"]
    assert [one["user"] for one in listed] == [None, "cyd", "ada"]
    assert editor("DELETE", path).status_code == 204
    assert editor("DELETE", f"{path}?user=ada").status_code == 204
    assert editor("DELETE", f"{path}?user=ada").status_code == 404
    assert said("ada") == (False, "default")
    for wrong in (
        {},
        {"user": "ada"},
        {"user": "ada", "variant": "on", "value": True},
        {"user": "ada", "value": 1},
        {"user": "ada", "value": "true"},
        {"user": "ada", "variant": "purple"},
        {"user": "a\nb", "variant": "on"},
        {"user": "ada", "variant": "on", "expires_at": "2001-01-01T00:00:00Z"},
        {"user": "ada", "variant": "on", "organization": str(organization.id)},
    ):
        assert editor.post(path, wrong).status_code == 400, wrong


def test_browsers_see_what_is_marked_for_them(editor: Caller, browser: Caller) -> None:
    """Its value, and neither its rules nor why."""
    editor.post("feature-flags", PAGE)
    assert browser.get("feature-flags/new-page").status_code == 404
    body = {"definition": {"visible_to_clients": True}}
    editor("PATCH", "feature-flags/new-page", body)
    seen = browser.get("feature-flags/new-page").json()
    assert seen.keys() == {"name", "evaluated"}
    assert (seen["evaluated"]["value"], seen["evaluated"]["rule"]) == (False, "")
    assert browser.get("feature-flags").status_code == 403
    assert browser("PATCH", "feature-flags/new-page", body).status_code == 403


def test_a_flag_of_the_installation_is_seen_and_overridden(
    editor: Caller, organization: Organization
) -> None:
    """It is listed and read; changing it is its staff's."""
    create_flag(organization_id=None, name="theirs", definition={"default": "on"})
    assert editor.get("feature-flags").json()["results"][0]["of_installation"] is True
    body: dict[str, Any] = {"definition": {"enabled": False}}
    refused = editor("PATCH", "feature-flags/theirs", body)
    assert refused.status_code == 403
    assert refused.json()["code"] == "flag_of_installation"
    assert editor("DELETE", "feature-flags/theirs").status_code == 403
    body = {"variant": "off"}
    assert editor.post("feature-flags/theirs/override", body).status_code == 201
    assert editor.get("feature-flags/theirs").json()["evaluated"]["value"] is False
    # Whom the installation overrode, and why, is not theirs to read.
    whom = Whom(organization_id=organization.id)
    set_override(
        organization_id=None, flag="theirs", whom=whom, variant="on", reason="x"
    )
    past = editor.get("feature-flags/theirs/history").json()["results"]
    assert [one["act"] for one in past] == ["created"]


def test_segments(editor: Caller) -> None:
    """Made, referred to, changed for every flag, and not removed while needed."""
    gold = {"attribute": "plan", "operator": "IN", "values": ["gold"]}
    body = {"name": "gold", "definition": {"constraints": [gold]}}
    assert editor.post("feature-segments", body).status_code == 201
    assert editor.post("feature-segments", body).status_code == 409
    rule = {"id": "gold", "serve": "on", "segments": ["gold"]}
    flag = {"name": "page", "definition": {"default": "off", "rules": [rule]}}
    assert editor.post("feature-flags", flag).status_code == 201
    assert editor("DELETE", "feature-segments/gold").status_code == 409
    read = editor.get("feature-segments/gold")
    put = editor(
        "PUT",
        "feature-segments/gold",
        {"definition": {}},
        headers={"If-Match": read["ETag"]},
    )
    assert (put.status_code, put["ETag"]) == (200, '"2"')
    assert editor.get("feature-segments").json()["results"][0]["version"] == 2


def test_what_is_exported_can_be_imported(
    editor: Caller, stranger: Organization
) -> None:
    """Elsewhere the same is made; here nothing changes; a trial changes nothing."""
    editor.post("feature-flags", PAGE)
    editor.post("feature-segments", {"name": "all", "definition": {}})
    editor.post("feature-flags/new-page/override", {"user": "ada", "variant": "on"})
    taken = editor.get("feature-flags/export")
    assert taken["Cache-Control"] == "no-store"
    scopes = ["flags.read", "flags.edit"]
    _key, text = create_key(
        organization_id=stranger.id, kind="secret", terms=KeyTerms(scopes=scopes)
    )
    other = Caller(text)
    body = {"format": "bonafide", "document": taken.json()}
    tried = other.post("feature-flags/import", {**body, "dry_run": True})
    assert tried.json()["created"] == ["all", "new-page"]
    assert other.get("feature-flags").json()["results"] == []
    assert other.post("feature-flags/import", body).status_code == 200
    assert other.get("feature-flags/export").json() == taken.json()
    same = editor.post("feature-flags/import", body).json()
    assert (same["created"], same["changed"]) == ([], [])
    assert same["same"] == ["all", "new-page"]


def test_unleash_comes_in(editor: Caller) -> None:
    """As its client API sends it; what cannot be kept enables nobody, and is said."""
    feature = {
        "name": "Feature.A",
        "enabled": True,
        "strategies": [
            {"name": "flexibleRollout", "parameters": {"rollout": "100"}},
            {"name": "ourOwn", "parameters": {}},
        ],
    }
    body = {"format": "unleash", "document": {"version": 1, "features": [feature]}}
    told = editor.post("feature-flags/import", body)
    assert told.status_code == 200, told.content
    assert told.json()["created"] == ["Feature.A"]
    assert "ourOwn" in told.json()["issues"][0]["detail"]
    asked = editor.get("feature-flags/Feature.A?targeting_key=ada").json()
    assert asked["evaluated"]["value"] is True


NESTED: Final[Any] = {}
_inner = NESTED
for _ in range(200):
    _inner["a"] = {}
    _inner = _inner["a"]


@pytest.mark.parametrize(
    "definition",
    [
        [],
        None,
        7,
        "on",
        {"variants": [{"name": "on", "value": {"a": [1] * 3}}]},
        {"type": "json", "variants": [{"name": "a", "value": NESTED}]},
        {"type": "number", "variants": [{"name": "a", "value": 2**60}]},
        {"rules": [{"id": "a", "serve": "on"}] * 2},
        {"rules": "all"},
        {"enabled": "yes"},
        {"default": 1},
        {"__class__": "x"},
        {"windows": [{"starts": "2026-01-01T00:00:00"}]},
        {"release": {"rollout": {"percent": "30"}, "serve": "on"}},
        {"release": {"rollout": {"percent": -1}, "serve": "on"}},
    ],
)
def test_a_bad_definition_is_refused(editor: Caller, definition: Any) -> None:
    """With a place, never with a 500, and nothing is kept."""
    body = {"name": "bad", "definition": definition}
    answer = editor.post("feature-flags", body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]
    assert editor.get("feature-flags").json()["results"] == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"format": "bonafide.flags/2"},
        {"format": "bonafide.flags/1", "flags": [{"name": "a/b"}]},
        {"format": "bonafide.flags/1", "flags": [{"name": "a"}, {"name": "a"}]},
        {"format": "bonafide.flags/1", "flags": [{"name": "a", "default": "x"}]},
        {"format": "bonafide.flags/1", "overrides": [{"flag": "a", "variant": "on"}]},
    ],
)
def test_a_bad_import_changes_nothing(editor: Caller, document: Any) -> None:
    """All or nothing."""
    body = {"format": "bonafide", "document": document}
    assert editor.post("feature-flags/import", body).status_code == 400
    assert editor.get("feature-flags").json()["results"] == []


def test_a_repeated_key_makes_one_flag(
    editor: Caller, organization: Organization
) -> None:
    """The first answer comes again."""
    headers = {"Idempotency-Key": "make-the-new-page-once"}
    first, again = (
        editor.post("feature-flags", PAGE, headers=headers) for _ in range(2)
    )
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"


def test_the_number_of_queries_of_a_list_is_fixed(
    editor: Caller, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """However many flags there are."""
    for number in range(30):
        editor.post("feature-flags", {**PAGE, "name": f"flag-{number}"})
    with django_assert_max_num_queries(6):
        assert len(editor.get("feature-flags").json()["results"]) == 30
