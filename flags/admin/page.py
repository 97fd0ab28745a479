"""A flag's page: what it does in words, a way to change it, to try it, and its past."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import organizations

from .. import selectors
from ..documents import Change, changes, decided_in_words, in_words, rule_in_words
from ..engine import Flag, Rule
from ..forms import (
    FRESH_RULES,
    DefinitionForm,
    FlagForm,
    OverrideForm,
    PreviewForm,
    RuleForm,
    initial_of,
    initial_of_rule,
    is_simple,
)
from ..lives import Standing, standings
from ..models import FeatureFlag, FeatureFlagRevision
from ..previews import MADE_UP, preview
from ..registry import declared
from ..services.flags import COLUMNS
from ..serving import database

OVERRIDES_A_PAGE: Final = 50
VERSIONS_SHOWN: Final = 30
RuleForms: Final = formset_factory(RuleForm, extra=FRESH_RULES)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose flag is shown, and to whom: None is the installation."""

    # Whose flag it is.
    owner: UUID | None
    # For whom overrides and previews are: the member's organization, or the owner.
    viewer: UUID | None
    row: FeatureFlag | None
    flag: Flag
    may_change: bool
    may_override: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One thing that was done, and what it made different."""

    row: FeatureFlagRevision
    changes: Sequence[Change]
    may_restore: bool


@dataclass(slots=True)
class Forms:
    """What is asked on the page; each may come back with what was wrong with it."""

    flag: FlagForm
    rules: Any
    definition: DefinitionForm
    override: OverrideForm
    preview: PreviewForm


def place_of(
    viewer: UUID | None, row: FeatureFlag | None, name: str, *, may_change: bool
) -> Place:
    """Return whose flag a page shows, and what whoever looks may do."""
    flag = declared()[name].flag if row is None else database.flag_of(row)
    owner = None if row is None else row.organization_id
    is_theirs = viewer is None or owner == viewer
    return Place(
        owner=owner,
        viewer=viewer if viewer is not None else owner,
        row=row,
        flag=flag,
        may_change=may_change and is_theirs and row is not None,
        may_override=may_change
        and (row is None or row.archived_at is None)
        and (is_theirs or row is None or row.is_overridable),
    )


def forms_of(place: Place, request: HttpRequest) -> Forms:
    """Return the page's forms as they are at first."""
    row, flag = place.row, place.flag
    columns = {name: getattr(row, name) for name in COLUMNS} if row else {}
    version = row.version if row else 0
    simple = [initial_of_rule(one) for one in flag.rules if is_simple(one)]
    return Forms(
        flag=FlagForm(flag, initial={**initial_of(flag, columns), "expected": version}),
        rules=rule_forms(flag, initial=simple),
        definition=DefinitionForm(
            initial={
                "expected": version,
                "definition": row.definition if row else {},
            }
        ),
        override=OverrideForm(flag, _offered(place), auto_id="override_%s"),
        preview=PreviewForm(
            request.GET if "user" in request.GET else None, auto_id="preview_%s"
        ),
    )


def rule_forms(flag: Flag, data: Any = None, **kwargs: Any) -> Any:
    """Return a row for each rule of one question, and one for a new one."""
    variants = [one.name for one in flag.variants]
    return RuleForms(data, prefix="rules", form_kwargs={"variants": variants}, **kwargs)


def override_form(place: Place, data: Any) -> OverrideForm:
    """Return the form of an override as it was sent."""
    return OverrideForm(place.flag, _offered(place), data, auto_id="override_%s")


def rules_of(flag: Flag, rows: Any) -> list[dict[str, Any]]:
    """Return the rules as the rows say them, the others as they were, in their order.

    A new rule comes first: whoever writes one wants it to hold.
    """
    taken = {one.id for one in flag.rules}
    numbers = (number for number in range(1, 10_000) if f"rule-{number}" not in taken)
    fresh: list[dict[str, Any]] = []
    written: dict[str, dict[str, Any] | None] = {}
    for form in rows:
        rule_id = form.cleaned_data.get("rule_id", "")
        rule = form.rule() if form.cleaned_data else None
        if rule_id in taken:
            written[rule_id] = rule
        elif rule is not None:
            fresh.append({**rule, "id": f"rule-{next(numbers)}"})
    kept = [_kept(one, written) for one in flag.rules]
    return [*fresh, *(one for one in kept if one is not None)]


def _kept(rule: Rule, written: dict[str, Any]) -> dict[str, Any] | None:
    if rule.id not in written:
        document: dict[str, Any] = json.loads(msgspec.json.encode(rule))
        return document
    found: dict[str, Any] | None = written[rule.id]
    if found is not None and rule.description:
        found["description"] = rule.description
    return found


def context_of_page(place: Place, forms: Forms, request: HttpRequest) -> dict[str, Any]:
    """Return what the template shows."""
    name = place.flag.name
    known = declared().get(name)
    mine = selectors.overrides(organization_id=place.viewer, flag=name)
    pages = Paginator(mine, OVERRIDES_A_PAGE)
    return {
        "place": place,
        "flag": place.flag,
        "row": place.row,
        "forms": forms,
        "sentences": in_words(place.flag),
        "complex_rules": [
            rule_in_words(one) for one in place.flag.rules if not is_simple(one)
        ],
        "about": known.about if known else "",
        "standing": _standing(place),
        "overrides": pages.get_page(request.GET.get("overrides")),
        "versions": _versions(place),
        "tried": _tried(place, forms.preview),
        "variants": place.flag.variants,
        "now": timezone.now(),
    }


def _standing(place: Place) -> Standing | None:
    if place.row is None:
        return None
    return standings([place.row], organization_id=place.owner)[place.row.id]


def _versions(place: Place) -> list[Version]:
    rows = list(
        selectors.history(
            organization_id=place.owner, flag=place.flag.name, viewer=place.viewer
        )[: VERSIONS_SHOWN + 1]
    )
    found = []
    for index, row in enumerate(rows[:VERSIONS_SHOWN]):
        older = (one for one in rows[index + 1 :] if one.definition is not None)
        before = next(older, None)
        found.append(
            Version(
                row,
                changes(before.definition if before else None, row.definition)
                if row.definition is not None
                else (),
                may_restore=place.may_change
                and place.row is not None
                and row.definition is not None
                and row.definition != place.row.definition,
            )
        )
    return found


def _tried(place: Place, form: PreviewForm) -> dict[str, Any] | None:
    if not form.is_bound or not form.is_valid():
        return None
    said = form.cleaned_data
    found = preview(
        organization_id=place.viewer,
        name=place.flag.name,
        user=said["user"],
        attributes=said["attributes"],
    )
    return {
        "evaluation": found.evaluation,
        "why": decided_in_words(found.evaluation.rule, place.flag),
        "shares": [
            {"variant": name or _("nothing"), "count": count, "of": MADE_UP}
            for name, count in found.shares.items()
        ],
    }


def _offered(place: Place) -> list[tuple[str, str]]:
    """Return the organizations that an override of the installation's can be for."""
    if place.viewer is not None:
        return []
    return [(str(one.id), one.name) for one in organizations()]
