"""Experiments, who took part, what they did, and what was made of it.

Nobody is named: units are digests, and what they are digests of stays where it was.
"""

from typing import Any, ClassVar, Final, Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Identified

from .identity import LONGEST_UNIT

LONGEST_NAME: Final = 100
LONGEST_SEGMENT: Final = 50
Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class State(models.TextChoices):
    """Where an experiment is; it only goes on."""

    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")
    ARCHIVED = "archived", _("Archived")


class LeftOut(models.TextChoices):
    """Why a unit is not among the results, known before it saw an arm."""

    NOT = "", _("Takes part")
    FORCED = "forced", _("Shown for a look")
    BOT = "bot", _("Said to be a program")


class Population(models.TextChoices):
    """Which units a number is about."""

    PEOPLE = "people", _("Without declared programs")
    ALL = "all", _("All units")


class Owned(models.Manager[Row_co]):
    """Rows of one organization."""

    def of(self, organization_id: UUID) -> models.QuerySet[Row_co]:
        """Return an organization's rows."""
        owner: dict[str, Any] = {"organization_id": organization_id}
        return self.filter(**owner)


def _owner() -> Any:
    return models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="+", db_index=False
    )


def _experiment() -> Any:
    return models.ForeignKey(
        "experiments.Experiment", models.CASCADE, related_name="+", db_index=False
    )


class Experiment(Identified):
    """An experiment; `design` is what `experiments.engine.design` calls one."""

    organization = _owner()
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    hypothesis = models.CharField(_("hypothesis"), max_length=1000, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.DRAFT
    )
    design = models.JSONField(_("design"))
    # What units are hashed with. A new one would move everybody: it never changes.
    seed = models.CharField(_("seed"), max_length=32, editable=False)
    # Counts from 1 and names a state of the design for ever.
    version = models.PositiveIntegerField(_("version"), default=1)
    phase = models.PositiveSmallIntegerField(_("phase"), default=0)
    # Which detectors judge all arms alike, whatever each arm's own policy does.
    ruleset = models.CharField(_("ruleset"), max_length=20, blank=True)
    updated_at = models.DateTimeField(_("last change"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    # What came before this is in the numbers.
    counted_until = models.DateTimeField(_("counted until"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=1000, blank=True)

    objects: ClassVar[Owned[Self]] = Owned()

    class Meta:
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        constraints = [
            # Also what lists are read by.
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="experiments_one_experiment_of_a_name",
            ),
        ]
        indexes = [
            # Read by each process every few seconds: what runs.
            models.Index(fields=["organization", "state"], name="experiment_running"),
        ]

    def __str__(self) -> str:
        return self.name


class ExperimentPhase(Identified):
    """A time in which an experiment had the same arms, weights and audience."""

    organization = _owner()
    experiment = _experiment()
    number = models.PositiveSmallIntegerField(_("phase"))
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    design = models.JSONField(_("design"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("phase of an experiment")
        verbose_name_plural = _("phases of experiments")
        constraints = [
            models.UniqueConstraint(
                fields=["experiment", "number"],
                name="experiments_one_phase_of_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.number}"


class ExperimentIdentity(models.Model):
    """Whom somebody is, who was anonymous at first: the first such unit holds."""

    organization = _owner()
    known = models.CharField(_("known as"), max_length=LONGEST_UNIT)
    unit = models.CharField(_("unit"), max_length=LONGEST_UNIT)

    class Meta:
        verbose_name = _("identity of a unit")
        verbose_name_plural = _("identities of units")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "known"], name="experiments_one_identity"
            ),
        ]

    def __str__(self) -> str:
        return self.known[:8]


class ExperimentParticipation(Identified):
    """A unit in an experiment: when it first saw an arm, and which ones it saw."""

    organization = _owner()
    experiment = _experiment()
    unit = models.CharField(_("unit"), max_length=LONGEST_UNIT)
    phase = models.PositiveSmallIntegerField(_("phase"))
    variant = models.CharField(_("first variant"), max_length=LONGEST_NAME)
    # Another arm was shown later: such a unit is in no result.
    saw_others = models.BooleanField(_("saw other variants"), default=False)
    left_out = models.CharField(
        _("left out"), max_length=8, choices=LeftOut.choices, blank=True, default=""
    )
    first_at = models.DateTimeField(_("first exposure"), default=timezone.now)
    last_at = models.DateTimeField(_("last exposure"), default=timezone.now)
    exposures = models.PositiveIntegerField(_("exposures"), default=1)
    # What `design.segment_by` was at first; results are shown by it as well.
    segment = models.CharField(
        _("segment"), max_length=LONGEST_SEGMENT, blank=True, default=""
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                fields=["experiment", "unit"], name="experiments_one_participation"
            ),
        ]
        indexes = [
            # Read when a session ends, and by whoever asks or erases: where a unit is.
            models.Index(fields=["organization", "unit"], name="participation_of_unit"),
            # Read by each refresh: who came since.
            models.Index(
                fields=["experiment", "first_at"], name="participation_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} {self.unit[:8]}"


class ExperimentEvent(models.Model):
    """Something that a unit did, once: `key` makes a repeat harmless."""

    organization = _owner()
    experiment = _experiment()
    unit = models.CharField(_("unit"), max_length=LONGEST_UNIT)
    name = models.CharField(_("event"), max_length=LONGEST_NAME)
    value = models.FloatField(_("value"), default=1.0)
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    key = models.CharField(_("key"), max_length=LONGEST_UNIT)

    class Meta:
        verbose_name = _("event of an experiment")
        verbose_name_plural = _("events of experiments")
        constraints = [
            models.UniqueConstraint(
                fields=["experiment", "key"], name="experiments_one_event_of_a_key"
            ),
        ]
        indexes = [
            # Read by each refresh: what a unit did.
            models.Index(fields=["experiment", "unit"], name="experiment_event_unit"),
            # Read by each refresh: what came since.
            models.Index(
                fields=["experiment", "received_at"], name="experiment_event_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.unit[:8]}"


class ExperimentUnitValue(models.Model):
    """What a unit's events come to for one metric; units without any have no row."""

    organization = _owner()
    experiment = _experiment()
    participation = models.ForeignKey(
        ExperimentParticipation, models.CASCADE, related_name="+", db_index=False
    )
    metric = models.CharField(_("metric"), max_length=LONGEST_NAME)
    value = models.FloatField(_("value"))
    # A denominator, or the same of before the exposure.
    beside = models.FloatField(_("beside"), default=0.0)

    class Meta:
        verbose_name = _("value of a unit")
        verbose_name_plural = _("values of units")
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "metric"], name="experiments_one_unit_value"
            ),
        ]
        indexes = [
            # Read by each refresh: all of a metric.
            models.Index(fields=["experiment", "metric"], name="unit_value_of_metric"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class ExperimentMoments(models.Model):
    """What all units of an arm came to on one day; of an earlier day it never changes.

    Without a metric it counts units: `n` are in the results, `extra` says who is not.
    """

    organization = _owner()
    experiment = _experiment()
    phase = models.PositiveSmallIntegerField(_("phase"))
    day = models.DateField(_("day"))
    population = models.CharField(
        _("population"), max_length=6, choices=Population.choices
    )
    metric = models.CharField(_("metric"), max_length=LONGEST_NAME, blank=True)
    variant = models.CharField(_("variant"), max_length=LONGEST_NAME)
    # Empty for all of them together.
    segment = models.CharField(
        _("segment"), max_length=LONGEST_SEGMENT, blank=True, default=""
    )
    n = models.PositiveBigIntegerField(_("units"))
    mean = models.FloatField(_("mean"), default=0.0)
    m2 = models.FloatField(_("squared deviations"), default=0.0)
    beside_mean = models.FloatField(_("mean beside"), default=0.0)
    beside_m2 = models.FloatField(_("squared deviations beside"), default=0.0)
    cross = models.FloatField(_("products of deviations"), default=0.0)
    extra = models.JSONField(_("more"), default=dict)

    class Meta:
        verbose_name = _("numbers of an experiment")
        verbose_name_plural = _("numbers of experiments")
        constraints = [
            # Also what results are read by.
            models.UniqueConstraint(
                fields=[
                    "experiment",
                    "phase",
                    "day",
                    "population",
                    "metric",
                    "variant",
                    "segment",
                ],
                name="experiments_one_number_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.variant} {self.day}"
