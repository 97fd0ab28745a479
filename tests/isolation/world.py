"""An organization that has everything, and everybody who could ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.utils import timezone

from accounts.models import ApiKey, Membership, Organization, TokenFamily, User
from accounts.roles import OF_SECRET_KEY, Role
from accounts.services.invitations import invite
from accounts.services.keys import KeyTerms, create_key
from accounts.services.members import add_member
from accounts.services.signing_in import begin
from experiments.models import Experiment
from experiments.services.identifying import identify
from experiments.services.recording import Event, track
from experiments.services.refreshing import refresh
from experiments.services.taking_part import Visitor, show
from flags.services.flags import create_flag
from flags.services.overrides import Whom, set_override
from flags.services.segments import create_segment
from flags.serving.counting import write_counts
from integrations.services.endpoints import create_endpoint
from integrations.services.publishing import send_test
from sessions_app.facade import create_survey
from sessions_app.services.erasing import erase_respondent
from sessions_app.subjects import Name
from tests.conftest import ORIGIN, Caller, make_moves
from tests.experiments.world import run

PASSWORD: Final = "a long way to tipperary"
# What addresses and bodies name.
IDS: Final = (
    "session_id",
    "survey_id",
    "membership_id",
    "invitation_id",
    "key_id",
    "webhook_id",
    "delivery_id",
    "erasure_id",
    "flag_name",
    "flag_key",
    "segment_name",
    "experiment_name",
)
# A public address, which nobody sends to: tests have no couriers.
HOOK: Final = "https://93.184.216.34/hook"
# Nothing has this id.
NOBODYS: Final = "0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f"


@dataclass(frozen=True)
class World:
    """An organization, the ids of what it has, and callers by what they show."""

    organization: Organization
    ids: Mapping[str, str]
    callers: Mapping[str, Caller]
    refresh: str

    @property
    def secrets(self) -> list[str]:
        """Return what nobody of another organization may read anywhere."""
        return [self.organization.name, *self.ids.values()]

    def of_nobody(self) -> "World":
        """Return the same with ids that nothing has."""
        return replace(self, ids=dict.fromkeys(self.ids, NOBODYS))

    def rows(self) -> list[Any]:
        """Return everything that the organization has, in all tables."""
        return [
            [
                model.__name__,
                list(model._default_manager.filter(**owner).order_by("pk").values()),
            ]
            for model in apps.get_models()
            if (owner := _owner_of(model, self.organization))
        ]

    def key_without(self, permission: str) -> Caller:
        """Return a server whose key has every scope but one."""
        scopes = sorted({str(one) for one in OF_SECRET_KEY} - {permission})
        return Caller(new_key(self.organization, scopes=scopes)[1])


def build(organization: Organization) -> World:
    """Fill an organization with a row of everything that has an address."""
    site = Caller(new_site_key(organization), ORIGIN)
    survey = create_survey(organization_id=organization.id, name="Commuting")
    opening = {"survey_id": str(survey.id), "respondent_id": "r-1"}
    opened, second = (site.post("sessions", opening).json() for _ in range(2))
    browser = Caller(opened["token"], ORIGIN)
    assert (
        browser.post(f"sessions/{opened['id']}/data", make_moves(0)).status_code == 200
    )
    members = {role.value: join(organization, role.value) for role in Role}
    pairs = {role: begin(membership=member) for role, member in members.items()}
    invited = invite(
        organization_id=organization.id, email="grace@survey.example", role="viewer"
    )
    # One that may publish could be replaced by who may publish alone.
    key, _text = new_key(organization, scopes=["surveys.read"])
    hook, _secret = create_endpoint(
        organization_id=organization.id,
        url=HOOK,
        event_types=["session.completed"],
    )
    sent = send_test(organization_id=organization.id, endpoint_id=hook.id)
    gone = site.post("sessions", opening | {"respondent_id": "r-gone"}).json()
    erased = erase_respondent(Name(organization.id, session_id=UUID(gone["id"])))
    ids = (
        opened["id"],
        survey.id,
        members["viewer"].id,
        invited.id,
        key.id,
        hook.id,
        sent.id,
        erased.id,
        *leave_flag(organization.id),
        leave_experiment(organization.id),
    )
    return World(
        organization,
        dict(zip(IDS, map(str, ids), strict=True)),
        {
            "secret key": Caller(new_key(organization)[1]),
            "publishable key": site,
            "session token": browser,
            "another session's token": Caller(second["token"], ORIGIN),
            **{role: Caller(pair.access) for role, pair in pairs.items()},
        },
        pairs["owner"].refresh,
    )


def leave_flag(organization_id: UUID) -> tuple[str, str, str]:
    """Leave a flag that browsers see, a segment, overrides, and somebody served.

    Returns the flag's name twice, as its two addresses call it, and the segment's.
    """
    who: dict[str, Any] = {"organization_id": organization_id}
    flag, segment = f"page-{organization_id}", f"gold-{organization_id}"
    gold = {"attribute": "plan", "operator": "IN", "values": ["gold"]}
    create_segment(**who, name=segment, definition={"constraints": [gold]})
    definition = {"default": "on", "off": "off", "visible_to_clients": True}
    create_flag(**who, name=flag, definition=definition)
    for whom in (Whom("r-1"), Whom(organization_id=organization_id)):
        set_override(**who, flag=flag, whom=whom, variant="off")
    write_counts({(organization_id, flag, "on"): 3})
    return flag, flag, segment


def leave_experiment(organization_id: UUID) -> str:
    """Leave an experiment that runs, somebody in it, and its numbers."""
    who: dict[str, Any] = {"organization_id": organization_id}
    name = f"wording-{organization_id}"
    run(name=name, **who)
    unit = identify(name="r-known", anonymous="r-before", **who)
    show(name=name, visitor=Visitor(respondent=unit), **who)
    track(name=name, unit=unit, events=[Event("paid")], **who)
    row = Experiment.objects.of(organization_id).get(name=name)
    later = timezone.now() + timedelta(seconds=1)
    refresh(experiment_id=row.id, now=later, **who)
    return name


def ended(organization: Organization) -> dict[str, Caller]:
    """Return callers whose credential was good once, and those who show none."""
    revoked, expired = (new_key(organization) for _ in range(2))
    now = timezone.now()
    ApiKey.objects.filter(id=revoked[0].id).update(revoked_at=now)
    ApiKey.objects.filter(id=expired[0].id).update(
        expires_at=now - timedelta(seconds=1)
    )
    gone = join(organization, "owner", name="gone")
    signed_out = begin(membership=gone).access
    TokenFamily.objects.filter(membership=gone).update(revoked_at=now)
    return {
        "nothing": Caller(),
        "revoked key": Caller(revoked[1]),
        "expired key": Caller(expired[1]),
        "signed out": Caller(signed_out),
    }


def join(organization: Organization, role: str, name: str = "") -> Membership:
    """Make somebody a member."""
    person = User.objects.create_user(
        f"{name or role}-{organization.id}", f"{role}@survey.example", PASSWORD
    )
    return add_member(organization_id=organization.id, user_id=person.id, role=role)


def new_key(organization: Organization, **terms: Any) -> tuple[ApiKey, str]:
    """Make a secret key on some terms."""
    return create_key(
        organization_id=organization.id, kind="secret", terms=KeyTerms(**terms)
    )


def new_site_key(organization: Organization) -> str:
    """Make a publishable key for our test's origin."""
    _key, text = create_key(
        organization_id=organization.id, kind="publishable", origins=[ORIGIN]
    )
    return text


def _owner_of(model: Any, organization: Organization) -> dict[str, Any]:
    if model is Organization:
        return {"id": organization.id}
    if "organization" in {field.name for field in model._meta.fields}:
        return {"organization": organization}
    return {}
