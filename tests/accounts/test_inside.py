"""Members in the console: one organization, as the table of roles says."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, AuditRow, Invitation, Membership, Organization, User
from accounts.services.keys import create_key
from accounts.services.members import add_member
from common.models import OutboxRow
from flags.models import FeatureFlag
from flags.services.flags import create_flag
from flags.services.overrides import Whom, set_override
from integrations.services.endpoints import create_endpoint
from integrations.services.publishing import send_test
from sessions_app.facade import Survey, create_survey
from sessions_app.models import Erasure, Session
from sessions_app.services.erasing import erase_respondent
from sessions_app.services.opening import open_session
from sessions_app.subjects import Name
from tests.accounts.conftest import Enter
from tests.conftest import ORIGIN, Caller, Visit, make_moves, open_visit
from tests.experiments.world import run
from tests.isolation.world import HOOK

pytestmark = pytest.mark.django_db

# Stands in each name of theirs, and in no page of ours.
MARK = "Zweitstimme"


@pytest.fixture
def theirs(stranger: Organization) -> dict[str, Any]:
    """Return a row of another organization for each list of a member."""
    Organization.objects.filter(id=stranger.id).update(name=MARK)
    survey = create_survey(organization_id=stranger.id, name=f"{MARK} survey")
    key, text = create_key(
        organization_id=stranger.id,
        kind="publishable",
        name=f"{MARK} page",
        origins=[ORIGIN],
    )
    visit = open_visit(Caller(text, ORIGIN), survey)
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    person = User.objects.create_user(f"{MARK}-user", f"{MARK}@survey.example")
    member = add_member(organization_id=stranger.id, user_id=person.id, role="viewer")
    invited = Invitation.objects.create(
        organization=stranger,
        email=f"{MARK}@invited.example",
        role="viewer",
        expires_at=timezone.now() + timedelta(days=1),
    )
    hook, sent = leave_webhook(stranger, f"{MARK} receiver")
    audited = AuditRow.objects.filter(organization=stranger, verb="key.created").get()
    return {
        "accounts.organization": stranger.id,
        "accounts.apikey": key.id,
        "accounts.auditrow": audited.id,
        "accounts.membership": member.id,
        "accounts.invitation": invited.id,
        "experiments.experiment": run(stranger.id, f"{MARK}-experiment").id,
        "flags.featureflag": leave_flag(stranger, f"{MARK}-flag").id,
        "integrations.webhookendpoint": hook.id,
        "integrations.webhookdelivery": sent.id,
        "sessions_app.erasure": erased(stranger, survey).id,
        "sessions_app.survey": survey.id,
        "sessions_app.session": visit.id,
        "sessions_app.behaviordata": 0,
        "detection.detectionresult": 0,
    }


@pytest.fixture
def ours(
    organization: Organization, survey: Survey, visit: Visit, join_more: None
) -> None:
    """Have a row in each list of ours, too: empty lists hide nothing."""
    erased(organization, survey)
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    create_key(organization_id=organization.id, kind="secret", name="Our server")
    leave_webhook(organization, "Our receiver")
    leave_flag(organization, "our-flag")
    run(organization.id, "our-experiment")


def leave_flag(owner: Organization, name: str) -> FeatureFlag:
    """Make a flag, and an override of it."""
    made = create_flag(
        organization_id=owner.id, name=name, definition={"default": "on"}
    )
    whom = Whom(f"{name}-user")
    set_override(organization_id=owner.id, flag=name, whom=whom, variant="off")
    return made


def erased(owner: Organization, survey: Survey) -> Erasure:
    """Erase somebody who was here."""
    open_session(organization_id=owner.id, survey_id=survey.id, respondent_id="gone")
    return erase_respondent(Name(owner.id, respondent_id="gone"))


def leave_webhook(owner: Organization, name: str) -> tuple[Any, Any]:
    """Make an endpoint, and a test that nobody sends."""
    hook, _secret = create_endpoint(
        organization_id=owner.id,
        url=HOOK,
        event_types=["verdict.final"],
        description=name,
    )
    return hook, send_test(organization_id=owner.id, endpoint_id=hook.id)


@pytest.fixture
def join_more(organization: Organization) -> None:
    """Have somebody invited."""
    Invitation.objects.create(
        organization=organization,
        email="us@survey.example",
        role="viewer",
        expires_at=timezone.now() + timedelta(days=1),
    )


def names() -> list[str]:
    """Return each registered model as the admin's addresses name it."""
    models = (model._meta for model in admin.site._registry)
    return sorted(f"{meta.app_label}.{meta.model_name}" for meta in models)


OF_MEMBERS = [
    "accounts.apikey",
    "accounts.auditrow",
    "accounts.invitation",
    "accounts.membership",
    "accounts.organization",
    "detection.detectionresult",
    "experiments.experiment",
    "flags.featureflag",
    "integrations.webhookdelivery",
    "integrations.webhookendpoint",
    "sessions_app.behaviordata",
    "sessions_app.erasure",
    "sessions_app.session",
    "sessions_app.survey",
]


def address(name: str, page: str, *args: Any) -> str:
    """Return the address of a page about a model."""
    return reverse(f"admin:{name.replace('.', '_')}_{page}", args=args)


@pytest.mark.parametrize("name", names())
def test_lists_hold_one_organization(
    enter: Enter, ours: None, theirs: dict[str, Any], name: str
) -> None:
    """What belongs to the installation is not there at all."""
    client = enter("owner")
    answer: Any = client.get(address(name, "changelist"))
    if name not in OF_MEMBERS:
        assert answer.status_code == 403
        return
    assert answer.status_code == 200
    # The control: there is a row, and it is ours.
    assert answer.context_data["cl"].result_count >= 1
    assert MARK not in answer.content.decode()


@pytest.mark.parametrize("name", [one for one in OF_MEMBERS if "." in one])
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_rows_of_others_are_not_there(
    enter: Enter, theirs: dict[str, Any], name: str, page: str
) -> None:
    """As if nobody had them; whoever may not delete is told that instead."""
    row = theirs[name]
    if not row:
        meta: Any = next(m for m in admin.site._registry if m._meta.label_lower == name)
        row = meta.objects.values_list("pk", flat=True)[0]
    answer = enter("owner").get(address(name, page, row))
    assert answer.status_code in {302, 403, 404}
    assert MARK not in answer.content.decode()


def test_choices_hold_one_organization(
    enter: Enter, ours: None, theirs: dict[str, Any]
) -> None:
    """Forms, autocompletion, and filters that an address names others in."""
    client = enter("owner", may_publish=True)
    stranger, survey = theirs["accounts.organization"], theirs["sessions_app.survey"]
    found = client.get(
        "/admin/autocomplete/",
        {
            "app_label": "sessions_app",
            "model_name": "session",
            "field_name": "survey",
            "term": "",
        },
    ).json()["results"]
    assert [one["text"] for one in found] == ["Commuting"]
    pages = [
        "/admin/",
        f"/admin/?organization={stranger}&survey={survey}",
        "/admin/search/?s=e",
        "/admin/sessions_app/survey/add/",
        "/admin/accounts/apikey/add/",
        "/admin/accounts/invitation/add/",
        f"/admin/sessions_app/session/?survey__id__exact={survey}",
        f"/admin/sessions_app/session/?organization__id__exact={stranger}",
        f"/admin/sessions_app/session/?q={theirs['sessions_app.session']}",
        f"/admin/sessions_app/session/export/?survey__id__exact={survey}",
        "/admin/sessions_app/session/export/",
        f"/admin/accounts/apikey/?organization__id__exact={stranger}",
        f"/admin/accounts/membership/?q={MARK}",
        "/admin/accounts/",
    ]
    for page in pages:
        answer: Any = client.get(page, follow=True)
        assert answer.status_code == 200, page
        body = b"".join(answer) if answer.streaming else answer.content
        # What was searched for is said again in its field.
        text = body.decode().replace(f'value="{MARK}"', "")
        assert MARK not in text, page


def test_forged_forms_write_nothing_elsewhere(
    enter: Enter, theirs: dict[str, Any]
) -> None:
    """Another organization in a form is no choice."""
    client = enter("owner", may_publish=True)
    other = str(theirs["accounts.organization"])
    counts = [m.objects.count() for m in (Survey, ApiKey, Invitation, Membership)]
    client.post(
        "/admin/sessions_app/survey/add/",
        {
            "organization": other,
            "name": "Forged",
            "bot_action": "block",
            "suspicious_action": "review",
            "declared_agent_action": "review",
        },
    )
    client.post(
        "/admin/accounts/apikey/add/", {"organization": other, "kind": "secret"}
    )
    client.post(
        "/admin/accounts/invitation/add/",
        {"organization": other, "email": "m@survey.example", "role": "owner"},
    )
    for name, action in (("apikey", "revoke"), ("invitation", "withdraw")):
        row = theirs[f"accounts.{name}"]
        client.post(
            f"/admin/accounts/{name}/",
            {"action": action, "_selected_action": [str(row)]},
        )
    replace = f"/admin/accounts/apikey/{theirs['accounts.apikey']}/replace/"
    assert client.post(replace, {"overlap": "0"}).status_code == 404
    after = [m.objects.count() for m in (Survey, ApiKey, Invitation, Membership)]
    assert after == counts
    assert ApiKey.objects.get(id=theirs["accounts.apikey"]).state == "active"
    assert Invitation.objects.get(id=theirs["accounts.invitation"]).state == "open"


def test_forms_write_into_ones_own(enter: Enter, organization: Organization) -> None:
    """The control to the one above."""
    client = enter("owner", may_publish=True)
    own = str(organization.id)
    client.post(
        "/admin/sessions_app/survey/add/",
        {
            "organization": own,
            "name": "Rightly made",
            "bot_action": "review",
            "suspicious_action": "review",
            "declared_agent_action": "review",
        },
    )
    assert Survey.objects.get().bot_action == "review"
    key = client.post(
        "/admin/accounts/apikey/add/", {"organization": own, "kind": "secret"}
    )
    assert "bf_sk_live_" in key.content.decode()
    client.post(
        "/admin/accounts/invitation/add/",
        {"organization": own, "email": "new@survey.example", "role": "owner"},
    )
    assert Invitation.objects.get().role == "owner"
    assert OutboxRow.objects.get().topic == "invitation.made"


def test_organization_is_chosen_among_ones_own(
    enter: Enter, theirs: dict[str, Any], stranger: Organization
) -> None:
    """By a press; one that is not one's own is refused, also out of the session."""
    client = enter("owner")
    page = "/admin/organization/"
    assert MARK not in client.get(page).content.decode()
    assert client.post(page, {"organization": str(stranger.id)}).status_code == 403
    assert client.post(page, {"organization": "x"}).status_code == 403
    session = client.session
    session["organization_id"] = str(stranger.id)
    session.save()
    assert MARK not in client.get("/admin/sessions_app/survey/").content.decode()
    person = User.objects.get(username="our-owner")
    add_member(organization_id=stranger.id, user_id=person.id, role="viewer")
    assert MARK in client.get(page).content.decode()
    client.post(page, {"organization": str(stranger.id)})
    listed = client.get("/admin/sessions_app/survey/").content.decode()
    assert f"{MARK} survey" in listed
    # What somebody is here, they are not there.
    assert client.get("/admin/accounts/apikey/").status_code == 403


def test_removed_member_is_out_at_once(enter: Enter, survey: Survey) -> None:
    """In a session that is open."""
    client = enter("viewer")
    assert client.get("/admin/sessions_app/survey/").status_code == 200
    Membership.objects.all().delete()
    assert client.get("/admin/sessions_app/survey/").status_code == 302


def test_staff_see_all(theirs: dict[str, Any], ours: None) -> None:
    """The control to all of the above: the rows were there."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    for name in ("accounts.organization", "sessions_app.survey", "accounts.apikey"):
        assert MARK in client.get(address(name, "changelist")).content.decode()
    assert Session.objects.count() == 2
    assert client.get("/admin/organization/").status_code == 403
