"""Experiments: made, changed, started, stopped, archived."""

import secrets
from collections.abc import Mapping
from typing import Any, Final, NoReturn
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common.errors import (
    ChangedMeanwhileError,
    ConflictError,
    FieldError,
    InvalidInputError,
)
from detection.facade import RULESET
from flags.facade import audience_of

from .. import selectors
from ..engine.checking import faults, is_name
from ..engine.design import Design, dump, read
from ..models import Experiment, ExperimentPhase, State
from ..serving import shelf
from ..texts import FAULTS

# What an entry of the audit shows; arms' payloads may hold somebody's words.
SHOWN: Final = ("state", "version", "phase", "share", "looking", "planned_units")
CHANGED: Final = (
    *("hypothesis", "state", "design", "version", "phase", "ruleset"),
    *("updated_at", "started_at", "stopped_at", "decision"),
)
LARGEST_DESIGN: Final = 64 * 1024
# Addresses beside those of experiments.
RESERVED: Final = frozenset({"plan"})
# What a running experiment keeps: another one would need other units.
FIXED_WHILE_RUNNING: Final = ("unit", "namespace", "looking", "alpha")


@transaction.atomic
def create_experiment(
    *,
    organization_id: UUID,
    name: str,
    design: Mapping[str, Any],
    hypothesis: str = "",
) -> Experiment:
    """Create a draft.

    Raises
    ------
    InvalidInputError
        The design has faults; each names its place.
    ConflictError
        The organization has an experiment of that name.
    """
    if not is_name(name):
        _refuse("/name", str(FAULTS["not_a_name"]))
    if name in RESERVED:
        _refuse("/name", _("This name is an address of the API."))
    checked = check_design(design)
    try:
        with transaction.atomic():
            row = Experiment.objects.create(
                organization_id=organization_id,
                name=name,
                hypothesis=hypothesis,
                design=dump(checked),
                seed=secrets.token_hex(16),
            )
    except IntegrityError:
        reason = _("There is an experiment of that name already.")
        raise ConflictError(reason, code="name_taken") from None
    record_act("experiment.created", target=row, after=_terms(row))
    return row


@transaction.atomic
def change_experiment(
    *,
    organization_id: UUID,
    name: str,
    design: Mapping[str, Any] | None = None,
    expected: int | None = None,
    reason: str = "",
    **columns: Any,
) -> Experiment:
    """Change fields of the design, or `hypothesis` and `decision`.

    While it runs, other weights, arms or a narrower audience begin a new phase; a
    larger share does not, for it moves nobody.

    Raises
    ------
    NotFoundError, InvalidInputError
        There is none; the design has faults.
    ChangedMeanwhileError
        Somebody changed it since `expected`.
    ConflictError
        ``not_changeable``: it runs, and this field would need other units; or it is
        over.
    """
    row = _held(organization_id, name, expected)
    before = _terms(row)
    for column, value in columns.items():
        setattr(row, column, value)
    if design:
        _refuse_over(row)
        old = read(row.design)
        new = check_design({**row.design, **design})
        _refuse_fixed(row, old, new)
        row.design = dump(new)
        if row.state == State.RUNNING and begins_phase(old, new):
            _begin_phase(row, reason)
    row.version += 1
    _save(row)
    record_act("experiment.changed", target=row, before=before, after=_terms(row))
    return row


@transaction.atomic
def start_experiment(*, organization_id: UUID, name: str) -> Experiment:
    """Let a draft run; starting it again changes nothing.

    Raises
    ------
    ConflictError
        ``experiment_over``: what was stopped does not run again. ``no_goal``: nothing
        would decide it.
    """
    row = _held(organization_id, name)
    if row.state == State.RUNNING:
        return row
    if row.state != State.DRAFT:
        told = _("It was stopped: copy it into a new experiment.")
        raise ConflictError(told, code="experiment_over")
    if not any(metric.role == "goal" for metric in read(row.design).metrics):
        raise ConflictError(_("It has no goal to be decided by."), code="no_goal")
    before = _terms(row)
    row.state, row.started_at = State.RUNNING, timezone.now()
    row.ruleset = RULESET
    row.version += 1
    _begin_phase(row, "")
    _save(row)
    record_act("experiment.started", target=row, before=before, after=_terms(row))
    return row


@transaction.atomic
def stop_experiment(
    *, organization_id: UUID, name: str, decision: str = ""
) -> Experiment:
    """Show everybody the control from now on; stopping it again changes nothing.

    Events go on to be counted until the windows of those who took part are over.
    """
    row = _held(organization_id, name)
    if row.state != State.RUNNING:
        return row
    before = _terms(row)
    row.state, row.stopped_at = State.STOPPED, timezone.now()
    row.decision = decision or row.decision
    row.version += 1
    _end_phase(row)
    _save(row)
    record_act("experiment.stopped", target=row, before=before, after=_terms(row))
    return row


@transaction.atomic
def archive_experiment(*, organization_id: UUID, name: str) -> Experiment:
    """Put an experiment away; what runs is stopped by it."""
    row = _held(organization_id, name)
    if row.state == State.ARCHIVED:
        return row
    before = _terms(row)
    if row.state == State.RUNNING:
        row.stopped_at = timezone.now()
        _end_phase(row)
    row.state = State.ARCHIVED
    row.version += 1
    _save(row)
    record_act("experiment.archived", target=row, before=before, after=_terms(row))
    return row


def check_design(document: Mapping[str, Any]) -> Design:
    """Return a design without faults.

    Raises
    ------
    InvalidInputError
        Each fault names its place in the design.
    """
    try:
        design = read(document)
        size = len(msgspec.json.encode(dump(design)))
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        _refuse("", str(error))
    if size > LARGEST_DESIGN:
        _refuse("", _("A design has at most 64 KiB."))
    errors = [FieldError(one.place, str(FAULTS[one.code])) for one in faults(design)]
    if errors:
        raise InvalidInputError(errors[0].detail, errors)
    audience_of(design.audience, "/audience")
    return design


def begins_phase(old: Design, new: Design) -> bool:
    """Say whether units from before and after cannot be counted together."""
    arms = [
        [(one.name, one.weight) for one in design.variants] for design in (old, new)
    ]
    return arms[0] != arms[1] or old.audience != new.audience or new.share < old.share


def _refuse_fixed(row: Experiment, old: Design, new: Design) -> None:
    """Refuse what a running experiment cannot change."""
    if row.state != State.RUNNING:
        return
    moved = [f for f in FIXED_WHILE_RUNNING if getattr(old, f) != getattr(new, f)]
    if moved:
        told = _("While it runs this cannot change: %(fields)s.")
        raise ConflictError(told % {"fields": ", ".join(moved)}, code="not_changeable")


def _refuse_over(row: Experiment) -> None:
    if row.state not in {State.DRAFT, State.RUNNING}:
        raise ConflictError(_("It is over."), code="not_changeable")


def _refuse(place: str, told: str) -> NoReturn:
    raise InvalidInputError(told, [FieldError(place, told)])


def _held(organization_id: UUID, name: str, expected: int | None = None) -> Experiment:
    """Return an experiment that nobody else changes meanwhile."""
    selectors.experiment(organization_id=organization_id, name=name)
    row = (
        Experiment.objects.of(organization_id)
        .select_for_update(no_key=True)
        .get(name=name)
    )
    if expected is not None and row.version != expected:
        raise ChangedMeanwhileError(_("Somebody changed it meanwhile: load it anew."))
    return row


def _begin_phase(row: Experiment, reason: str) -> None:
    """End the phase that runs, and begin another with the design as it is."""
    _end_phase(row)
    row.phase += 1
    ExperimentPhase.objects.create(
        organization_id=row.organization_id,
        experiment=row,
        number=row.phase,
        design=row.design,
        reason=reason,
    )


def _end_phase(row: Experiment) -> None:
    open_ones = ExperimentPhase.objects.filter(
        organization_id=row.organization_id, experiment=row, ended_at=None
    )
    open_ones.update(ended_at=timezone.now())


def _save(row: Experiment) -> None:
    row.updated_at = timezone.now()
    # Not up to where it is counted: somebody may be counting.
    row.save(update_fields=CHANGED)
    shelf.forget(row.organization_id)
    transaction.on_commit(lambda: shelf.forget(row.organization_id))


def _terms(row: Experiment) -> dict[str, Any]:
    """Return what the audit keeps."""
    design = {name: row.design.get(name) for name in SHOWN if name in row.design}
    return {"state": row.state, "version": row.version, "phase": row.phase, **design}
