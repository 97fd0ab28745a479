"""What members may do in the console: the same table as the API's."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import ApiKey, Membership, Organization, User
from accounts.services.keys import create_key
from sessions_app.facade import Survey
from tests.accounts.conftest import Enter
from tests.conftest import ORIGIN

pytestmark = pytest.mark.django_db


def test_group_opens_nothing_for_a_member(enter: Enter) -> None:
    """Rights of staff are for staff, whoever was given them."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415 - ours is another

    client = enter("viewer")
    User.objects.get().user_permissions.set(Permission.objects.all())
    for page in ("/admin/accounts/user/", "/admin/common/outboxrow/"):
        assert client.get(page).status_code == 403
    assert client.get("/admin/sessions_app/survey/add/").status_code == 403


def test_origins_of_a_key_are_shown_to_members(
    enter: Enter, organization: Organization
) -> None:
    """They are a table of their own, with a right of its own."""
    key, _text = create_key(
        organization_id=organization.id, kind="publishable", origins=[ORIGIN]
    )
    page = enter("admin").get(f"/admin/accounts/apikey/{key.id}/change/")
    assert ORIGIN in page.content.decode()


def test_policy_is_for_who_may_publish(enter: Enter, survey: Survey) -> None:
    """An admin who is not trusted with it renames a survey, and no more."""
    page = f"/admin/sessions_app/survey/{survey.id}/change/"
    sent = {
        "name": "Renamed",
        "bot_action": "allow",
        "suspicious_action": "allow",
        "declared_agent_action": "allow",
        "show_reasons": "on",
        "families_off": "pointer",
    }
    assert enter("admin").post(page, sent).status_code == 302
    survey.refresh_from_db()
    assert (survey.name, survey.bot_action, survey.families_off) == (
        "Renamed",
        "block",
        [],
    )
    assert not survey.show_reasons
    enter("analyst", may_publish=True).post(page, sent)
    survey.refresh_from_db()
    assert (survey.bot_action, survey.families_off) == ("allow", ["pointer"])


def member_page(member: Membership, page: str = "change") -> str:
    """Return the address of a page about a member."""
    return reverse(f"admin:accounts_membership_{page}", args=[member.id])


def test_roles_are_changed_by_the_service(enter: Enter) -> None:
    """Only owners make owners, and one stays."""
    owner, admin_ = enter("owner"), enter("admin")
    enter("viewer")
    viewer = Membership.objects.get(role="viewer")
    first = Membership.objects.get(role="owner")
    admin_.post(member_page(viewer), {"role": "owner"})
    admin_.post(member_page(first), {"role": "viewer"})
    admin_.post(member_page(first, "delete"), {"post": "yes"})
    refused: Any = owner.post(
        member_page(first, "delete"), {"post": "yes"}, follow=True
    )
    assert "The last owner cannot leave" in refused.content.decode()
    assert Membership.objects.filter(role="owner").get() == first
    owner.post(member_page(viewer), {"role": "owner"})
    viewer.refresh_from_db()
    assert (viewer.role, viewer.version) == ("owner", 2)
    wrong = owner.post(member_page(viewer), {"role": "viewer", "may_publish": "on"})
    assert "A viewer may not publish" in wrong.content.decode()


def test_admin_gets_publishing_neither_by_key_nor_by_name(
    enter: Enter, organization: Organization
) -> None:
    """Who is not trusted with it asks who is."""
    client = enter("admin")
    member = Membership.objects.get()
    body = {"role": "admin", "may_publish": "on"}
    told: Any = client.post(member_page(member), body, follow=True)
    assert "Only who may publish" in told.content.decode()
    form = {"organization": str(organization.id), "kind": "secret"}
    told = client.post("/admin/accounts/apikey/add/", form, follow=True)
    assert "choose scopes without" in told.content.decode()
    key, _text = create_key(organization_id=organization.id, kind="secret")
    page = f"/admin/accounts/apikey/{key.id}/replace/"
    assert "choose scopes" in client.post(page, {"overlap": "0"}).content.decode()
    member.refresh_from_db()
    assert not member.may_publish
    assert ApiKey.objects.count() == 1
