"""A flag's page: what may be done there by whom, and what is refused with a reason."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.facade import create_operator
from accounts.models import Organization, User
from accounts.services.members import add_member
from flags.facade import evaluate
from flags.models import FeatureFlag, FeatureFlagOverride
from flags.services.flags import change_flag, create_flag

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    """The installation's operator."""
    assert create_operator(username="operator")
    client = Client()
    client.force_login(User.objects.get(username="operator"))
    return client


def member(organization: Organization, role: str) -> Client:
    """Sign a member in."""
    person = User.objects.create_user(f"{role}-ada", f"{role}@survey.example")
    add_member(organization_id=organization.id, user_id=person.id, role=role)
    client = Client()
    client.force_login(person)
    return client


def make(owner: Any, name: str = "page", **definition: Any) -> FeatureFlag:
    """Make a flag."""
    whole = {"default": "off", "off": "off", **definition}
    return create_flag(organization_id=owner, name=name, definition=whole)


def at(row: FeatureFlag) -> str:
    """Return where a flag's page is."""
    return reverse("admin:flags_featureflag_change", args=[row.id])


def edited(**fields: Any) -> dict[str, Any]:
    """Return what the editor sends."""
    return {
        "act": "edit",
        "expected": 1,
        "kind": "release",
        "default": "off",
        "off": "off",
        "served": "on",
        "rules-TOTAL_FORMS": 1,
        "rules-INITIAL_FORMS": 0,
        **fields,
    }


def test_staff_rolls_out_for_everybody(
    staff: Client, organization: Organization
) -> None:
    """The installation's flag, from its making on."""
    made = staff.post(
        "/admin/flags/featureflag/add/",
        {
            "name": "colour",
            "kind": "release",
            "type": "string",
            "variants": "red = FF0000\nblue = 0000FF",
        },
    )
    row = FeatureFlag.objects.get()
    assert (made.status_code, made["Location"], row.organization) == (
        302,
        at(row),
        None,
    )
    assert evaluate("colour", organization_id=organization.id).value == "0000FF"
    body = edited(default="blue", off="blue", served="red", percent="100")
    assert staff.post(at(row), body).status_code == 302
    assert evaluate("colour", organization_id=organization.id).value == "FF0000"


def test_a_late_editor_is_told(staff: Client) -> None:
    """What somebody else saved meanwhile is not lost."""
    row = make(None)
    change_flag(organization_id=None, name="page", changes={"tags": ["theirs"]})
    answer = staff.post(at(row), edited(percent="50"))
    assert answer.status_code == 200
    assert "at version 2 now" in answer.content.decode()
    row.refresh_from_db()
    assert "release" not in row.definition


def test_rules_that_are_not_shown_as_rows_stay(staff: Client) -> None:
    """A rule with two questions is kept when others are written."""
    two = [
        {"attribute": "plan", "operator": "IN", "values": ["gold"]},
        {"attribute": "age", "operator": "NUM_GT", "value": "17"},
    ]
    one = {"attribute": "country", "operator": "IN", "values": ["NO"]}
    row = make(
        None,
        rules=[
            {"id": "both", "serve": "on", "constraints": two},
            {"id": "single", "serve": "on", "constraints": [one]},
        ],
    )
    rows = {
        "rules-TOTAL_FORMS": 2,
        "rules-INITIAL_FORMS": 1,
        "rules-0-rule_id": "single",
        "rules-0-attribute": "country",
        "rules-0-operator": "IN",
        "rules-0-values": "NO, SE",
        "rules-0-serve": "on",
        "rules-1-attribute": "version",
        "rules-1-operator": "SEMVER_GTE",
        "rules-1-values": "2.0.0",
        "rules-1-serve": "on",
    }
    assert staff.post(at(row), edited(**rows)).status_code == 302
    row.refresh_from_db()
    rules = row.definition["rules"]
    assert [one["id"] for one in rules] == ["rule-1", "both", "single"]
    assert rules[0]["constraints"][0]["value"] == "2.0.0"
    assert len(rules[1]["constraints"]) == 2
    assert rules[2]["constraints"][0]["values"] == ["NO", "SE"]


@pytest.mark.parametrize(
    "body",
    [
        edited(percent="130"),
        edited(percent="50", served=""),
        edited(
            **{
                "rules-0-attribute": "a",
                "rules-0-operator": "REGEX",
                "rules-0-values": "(?=x)",
                "rules-0-serve": "on",
            }
        ),
        edited(
            **{
                "rules-0-attribute": "a",
                "rules-0-operator": "IN",
                "rules-0-serve": "on",
            }
        ),
        {"act": "define", "expected": 1, "definition": "[]"},
        {"act": "define", "expected": 1, "definition": "{"},
        {"act": "define", "expected": 1, "definition": '{"default": "x"}'},
        {"act": "define", "expected": 1, "definition": '{"description": "\\u0000"}'},
        {"act": "define", "expected": 1, "definition": '{"description": "\\ud800"}'},
        {"act": "define", "expected": 1},
        {"act": "edit"},
        {"act": "edit", "expected": "x" * 50},
        {"act": "override", "variant": "purple"},
        {"act": "override", "user": "a\nb", "variant": "on"},
        {"act": "take_back", "override": "nothing"},
        {"act": "restore", "version": "99"},
        {"act": "remove"},
    ],
)
def test_what_cannot_be_is_said(staff: Client, body: dict[str, Any]) -> None:
    """On the page, which keeps what was typed; nothing is changed."""
    row = make(None)
    answer = staff.post(at(row), body)
    assert answer.status_code == 200
    assert "bf-error" in answer.content.decode() or list(answer.context["messages"])
    row.refresh_from_db()
    assert row.version == 1
    assert not FeatureFlagOverride.objects.exists()


def test_a_member_overrides_what_the_installation_has(
    organization: Organization,
) -> None:
    """For their organization; the flag itself is not theirs to change."""
    row = make(None)
    admin = member(organization, "admin")
    page = admin.get(at(row)).content.decode()
    assert "override it for your organization" in page
    assert 'value="edit"' not in page
    refused = admin.post(at(row), edited(percent="100"), follow=True)
    assert "You may not do this." in refused.content.decode()
    assert admin.post(at(row), {"act": "override", "variant": "on"}).status_code == 302
    assert evaluate("page", organization_id=organization.id).value is True
    assert evaluate("page").value is False
    given = FeatureFlagOverride.objects.get()
    body = {"act": "take_back", "override": str(given.id)}
    assert admin.post(at(row), body).status_code == 302
    assert not FeatureFlagOverride.objects.exists()


def test_a_viewer_looks_and_tries(organization: Organization) -> None:
    """And changes nothing."""
    row = make(organization.id)
    viewer = member(organization, "viewer")
    page = viewer.get(f"{at(row)}?user=ada&attributes=plan+%3D+gold")
    assert "They get off." in page.content.decode()
    assert 'name="act"' not in page.content.decode()
    for body in (edited(percent="100"), {"act": "override", "variant": "on"}):
        viewer.post(at(row), body)
    assert viewer.get(f"/admin/flags/featureflag/{row.id}/switch/").status_code == 404
    row.refresh_from_db()
    assert row.version == 1
    assert not FeatureFlagOverride.objects.exists()


def test_what_code_asks_is_stored_when_it_is_to_be_rolled_out(staff: Client) -> None:
    """Until then it is shown as the code has it."""
    answer = staff.get("/admin/flags/featureflag/asked?q=teleports", follow=True)
    listed = answer.content.decode()
    assert "detection.pointer.teleports" in listed
    place = "/admin/flags/featureflag/asked/detection.pointer.teleports/"
    assert "Everybody gets enforce." in staff.get(place).content.decode()
    assert staff.post(place, {"act": "store"}).status_code == 302
    row = FeatureFlag.objects.get()
    assert staff.get(place)["Location"] == at(row)
    assert staff.get("/admin/flags/featureflag/asked/nothing/").status_code == 404


def test_the_archive_and_back(staff: Client) -> None:
    """Each step is on the page, and removal comes last."""
    row = make(None)
    assert staff.post(at(row), {"act": "archive"}).status_code == 302
    shown = staff.get("/admin/flags/featureflag/").context["cl"].result_list
    assert list(shown) == []
    archived = staff.get("/admin/flags/featureflag/?archived=yes").content.decode()
    assert "Archived" in archived
    assert staff.post(at(row), {"act": "restore"}).status_code == 302
    staff.post(at(row), {"act": "archive"})
    assert staff.post(at(row), {"act": "remove"}).status_code == 302
    assert not FeatureFlag.objects.exists()
