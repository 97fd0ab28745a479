"""Writes of flags: checked, counted, remembered, told to the audit, and served."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Organization
from accounts.trail import AuditRow
from common.errors import (
    BonafideError,
    ChangedMeanwhileError,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from flags import registry, selectors
from flags.facade import Kind, evaluate, is_on
from flags.models import FeatureFlagOverride, FlagSet
from flags.services.flags import (
    archive_flag,
    change_flag,
    create_flag,
    remove_flag,
    replace_flag,
    restore_flag,
)
from flags.services.overrides import (
    Whom,
    forget_user,
    remove_override_for,
    set_override,
)
from flags.services.segments import create_segment, remove_segment, replace_segment
from flags.serving.process import loader

pytestmark = pytest.mark.django_db

ON: Final[dict[str, Any]] = {"default": "on", "off": "off"}


@pytest.fixture
def asked() -> Iterator[registry.Declared]:
    """A flag that code asks, and that nobody has stored."""
    one = registry.declare("tests.asked", "For tests.", kind=Kind.OPERATIONS)
    loader.forget()
    yield one
    registry._declared.pop("tests.asked")


def make(
    organization: Organization, name: str = "new-page", /, **definition: Any
) -> Any:
    """Make a flag of ours."""
    return create_flag(
        organization_id=organization.id, name=name, definition={**ON, **definition}
    )


def test_a_flag_is_made_served_and_remembered(organization: Organization) -> None:
    """At once in this process, with its version, its history and its audit."""
    row = make(organization, description="the new page")
    found = evaluate("new-page", organization_id=organization.id)
    assert (found.value, found.version, found.reason) == (True, 1, "STATIC")
    assert evaluate("new-page").error == "FLAG_NOT_FOUND"
    past = selectors.history(organization_id=organization.id, flag="new-page")
    assert [(one.act, one.version) for one in past] == [("created", 1)]
    act = AuditRow.objects.get(verb="flag.created")
    assert act.target_id == str(row.id)
    assert act.difference["default"] == [None, "on"]
    assert act.difference["description"] is None


def test_every_write_is_a_new_version_of_everything(
    organization: Organization,
) -> None:
    """Whichever write forgot the clock would leave the other processes behind."""
    who: dict[str, Any] = {"organization_id": organization.id}
    constraint = {"attribute": "plan", "operator": "IN", "values": ["gold"]}
    whom = Whom("ada")
    gold = {"constraints": [constraint]}
    flag: dict[str, Any] = {**who, "name": "new-page"}
    override = partial(set_override, **who, flag="new-page", whom=whom, variant="on")
    seen = []
    for write in (
        partial(create_flag, **flag, definition=ON),
        partial(change_flag, **flag, changes={"enabled": False}),
        partial(replace_flag, **flag, definition=ON),
        partial(create_segment, **who, name="staff", definition={}),
        partial(replace_segment, **who, name="staff", definition=gold),
        partial(remove_segment, **who, name="staff"),
        override,
        partial(remove_override_for, **who, flag="new-page", whom=whom),
        override,
        partial(forget_user, **who, user="ada"),
        partial(archive_flag, **flag),
        partial(restore_flag, **flag),
        partial(archive_flag, **flag),
        partial(remove_flag, **flag),
    ):
        write()
        seen.append(FlagSet.objects.get(owner=organization.id).version)
    assert seen == sorted(set(seen))


def test_who_comes_too_late_changes_nothing(organization: Organization) -> None:
    """Two editors had the same version before them."""
    make(organization)
    who: dict[str, Any] = {"organization_id": organization.id, "name": "new-page"}
    assert change_flag(**who, changes={"enabled": False}, expected=1).version == 2
    with pytest.raises(ChangedMeanwhileError) as refused:
        replace_flag(**who, definition=ON, expected=1)
    assert refused.value.extra == {"version": 2}
    assert not evaluate("new-page", organization_id=organization.id).value
    # What changes nothing makes no version.
    assert change_flag(**who, changes={"enabled": False}).version == 2


REFUSED: Final[list[tuple[dict[str, Any], str]]] = [
    ({"default": "maybe"}, "/default"),
    (
        {"rules": [{"id": "a", "serve": "on", "segments": ["nobody"]}]},
        "/rules/0/segments/0",
    ),
    ({"release": {"rollout": {"percent": 101}, "serve": "on"}}, "/release/rollout"),
    (
        {"prerequisites": [{"flag": "nothing", "variants": ["on"]}]},
        "/prerequisites/0/flag",
    ),
    ({"prerequisites": [{"flag": "new-page", "variants": ["on"]}]}, "/prerequisites"),
    ({"rules": [{"id": 7, "serve": "on"}]}, "/rules/0/id"),
    ({"color": "red"}, ""),
    ({"name": "other"}, "/name"),
    ({"version": 3}, "/version"),
    ({"description": "x" * 70_000}, ""),
    (
        {
            "rules": [
                {
                    "id": "a",
                    "serve": "on",
                    "constraints": [
                        {"attribute": "email", "operator": "REGEX", "value": "(?=a)"}
                    ],
                }
            ]
        },
        "/rules/0/constraints/0",
    ),
]


@pytest.mark.parametrize(("wrong", "place"), REFUSED)
def test_a_fault_is_refused_at_its_place(
    organization: Organization, wrong: dict[str, Any], place: str
) -> None:
    """And nothing is stored, counted or told."""
    with pytest.raises(InvalidInputError) as refused:
        make(organization, **wrong)
    assert any(e.pointer.startswith(place) for e in refused.value.errors)
    assert not selectors.flags(organization_id=organization.id).exists()
    assert not AuditRow.objects.filter(verb="flag.created").exists()


@pytest.mark.parametrize(
    "name", ["", "a b", "a/b", "-a", "é", "x" * 101, "a\x00", "../x"]
)
def test_a_name_goes_into_an_address_as_it_is(
    organization: Organization, name: str
) -> None:
    """Clients do not quote it."""
    with pytest.raises(InvalidInputError):
        make(organization, name)


def test_what_others_need_stays(organization: Organization) -> None:
    """A prerequisite cannot go, nor lose the variant that is needed, nor need back."""
    make(organization, "base")
    needs = [{"flag": "base", "variants": ["on"]}]
    make(organization, "child", prerequisites=needs)
    who: dict[str, Any] = {"organization_id": organization.id}
    with pytest.raises(ConflictError):
        archive_flag(**who, name="base")
    with pytest.raises(InvalidInputError) as circle:
        change_flag(
            **who,
            name="base",
            changes={"prerequisites": [{"flag": "child", "variants": ["on"]}]},
        )
    assert [e.pointer for e in circle.value.errors] == ["/prerequisites"]
    with pytest.raises(InvalidInputError) as broken:
        change_flag(
            **who,
            name="base",
            changes={
                "variants": [
                    {"name": "yes", "value": True},
                    {"name": "off", "value": False},
                ],
                "default": "yes",
            },
        )
    assert "child" in broken.value.detail
    archive_flag(**who, name="child")
    archive_flag(**who, name="base")
    with pytest.raises(InvalidInputError):
        restore_flag(**who, name="child")


@pytest.mark.parametrize("field", ["type", "algorithm", "salt"])
def test_what_people_hang_on_never_changes(
    organization: Organization, field: str
) -> None:
    """They would be in other buckets, or their clients get another type."""
    make(organization)
    other = {"type": "string", "algorithm": "unleash", "salt": "another"}[field]
    with pytest.raises(InvalidInputError) as refused:
        change_flag(
            organization_id=organization.id, name="new-page", changes={field: other}
        )
    assert [e.pointer for e in refused.value.errors] == [f"/{field}"]


def test_an_archived_flag_is_gone_until_it_is_restored(
    organization: Organization,
) -> None:
    """And removed only from the archive; its versions go on if it comes again."""
    make(organization)
    who: dict[str, Any] = {"organization_id": organization.id, "name": "new-page"}
    with pytest.raises(ConflictError):
        remove_flag(**who)
    archive_flag(**who)
    about: dict[str, Any] = {"organization_id": organization.id}
    assert evaluate("new-page", **about).error == "FLAG_NOT_FOUND"
    with pytest.raises(ConflictError):
        change_flag(**who, changes={"enabled": False})
    with pytest.raises(ConflictError):
        make(organization)
    restore_flag(**who)
    assert evaluate("new-page", **about).value is True
    archive_flag(**who)
    remove_flag(**who)
    with pytest.raises(NotFoundError):
        selectors.flag(**who)
    assert make(organization).version == 3


def test_a_flag_goes_back_to_a_version(organization: Organization) -> None:
    """As it was then, as a new version."""
    make(organization, tags=["first"])
    who: dict[str, Any] = {"organization_id": organization.id, "name": "new-page"}
    change_flag(**who, changes={"tags": ["second"], "enabled": False})
    row = restore_flag(**who, version=1, comment="it was better")
    assert (row.version, row.definition["tags"]) == (3, ["first"])
    with pytest.raises(NotFoundError):
        restore_flag(**who, version=9)
    # What was done to overrides has a version as well, and nothing to restore.
    set_override(
        organization_id=organization.id,
        flag="new-page",
        whom=Whom("ada"),
        variant="on",
    )
    change_flag(**who, changes={"tags": ["third"]})
    assert restore_flag(**who, version=3).definition["tags"] == ["first"]


def test_an_organization_overrides_what_is_the_installations(
    organization: Organization, stranger: Organization, asked: registry.Declared
) -> None:
    """For itself alone, stored or not; unless it may not."""
    about: dict[str, Any] = {"organization_id": organization.id}
    assert is_on(asked, **about)
    mine = Whom(organization_id=organization.id)
    set_override(**about, flag=asked.name, whom=mine, variant="off")
    assert not is_on(asked, **about)
    assert is_on(asked, organization_id=stranger.id)
    assert is_on(asked)
    create_flag(
        organization_id=None, name=asked.name, definition=ON, is_overridable=False
    )
    with pytest.raises(NotAllowedError):
        set_override(**about, flag=asked.name, whom=mine, variant="on")
    with pytest.raises(ConflictError):
        make(organization, asked.name)


def test_a_flag_that_code_asks_keeps_its_variants(asked: registry.Declared) -> None:
    """The code would not understand another one."""
    for wrong in (
        {**ON, "variants": [{"name": "on", "value": True}], "off": "on"},
        {"default": "on"},
        {"type": "string", "variants": [{"name": "a", "value": "b"}], "default": "a"},
    ):
        with pytest.raises(InvalidInputError):
            create_flag(organization_id=None, name=asked.name, definition=wrong)
    create_flag(
        organization_id=None, name=asked.name, definition={**ON, "enabled": False}
    )
    assert not is_on(asked)


def test_an_override_is_for_one_person_for_a_while(organization: Organization) -> None:
    """The later one takes the place of the one before; nobody reads who it is."""
    make(organization, default="off")
    about: dict[str, Any] = {"organization_id": organization.id}
    soon = timezone.now() + timedelta(hours=1)
    for variant in ("off", "on"):
        set_override(
            **about,
            flag="new-page",
            whom=Whom("ada@survey.example"),
            variant=variant,
            expires_at=soon,
        )
    assert evaluate("new-page", **about, user="ada@survey.example").value is True
    assert evaluate("new-page", **about, user="Ada@survey.example").value is False
    row = FeatureFlagOverride.objects.get()
    assert row.user == "ada@survey.example"
    row.expires_at = timezone.now() - timedelta(seconds=1)
    row.save()
    change_flag(**about, name="new-page", changes={"tags": ["x"]})
    assert evaluate("new-page", **about, user="ada@survey.example").value is False
    stored: Any = FeatureFlagOverride.objects.values_list("user", flat=True).get()
    assert "ada" not in stored.text
    for act in AuditRow.objects.filter(verb="flag.overridden"):
        assert "ada" not in str(act.difference)
    for past in selectors.history(organization_id=organization.id, flag="new-page"):
        assert "ada" not in past.comment


@pytest.mark.parametrize(
    ("whom", "variant", "kind"),
    [
        (Whom("ada"), "purple", InvalidInputError),
        (Whom(), "on", InvalidInputError),
        (Whom("a\nb"), "on", InvalidInputError),
        (Whom("x" * 256), "on", InvalidInputError),
        (Whom(organization_id=uuid4()), "on", InvalidInputError),
    ],
)
def test_an_override_that_cannot_be(
    organization: Organization, whom: Whom, variant: str, kind: type[BonafideError]
) -> None:
    """No such variant, nobody, or another organization."""
    make(organization)
    with pytest.raises(kind):
        set_override(
            organization_id=organization.id,
            flag="new-page",
            whom=whom,
            variant=variant,
        )


def test_a_segment_that_is_referred_to_stays(organization: Organization) -> None:
    """Until no rule names it."""
    constraint = {"attribute": "plan", "operator": "IN", "values": ["gold"]}
    who: dict[str, Any] = {"organization_id": organization.id}
    create_segment(**who, name="gold", definition={"constraints": [constraint]})
    rule = {"id": "gold", "serve": "on", "segments": ["gold"]}
    make(organization, default="off", rules=[rule])
    assert evaluate("new-page", **who, plan="gold").rule == "gold"
    with pytest.raises(ConflictError):
        remove_segment(**who, name="gold")
    change_flag(**who, name="new-page", changes={"rules": None})
    remove_segment(**who, name="gold")
    assert not selectors.segments(**who).exists()
