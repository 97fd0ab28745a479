"""Surveys, respondents, sessions and what was seen in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.encryption.fields import EncryptedJSONField, EncryptedTextField
from common.models import Identified
from detection.facade import ACTIONS, VERDICTS

from .engine.tally import COUNTED

ORGANIZATION = "accounts.Organization"


class Status(models.TextChoices):
    """Where a session stands."""

    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    EXPIRED = "expired", _("Expired")
    BLOCKED = "blocked", _("Blocked")


class Owned(Identified):
    """A row that belongs to one organization.

    Foreign keys here make no index by themselves: each index that a table has costs
    every batch a write, so each one names its reader.
    """

    organization = models.ForeignKey(
        ORGANIZATION,
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )

    class Meta:
        abstract = True


class Survey(Owned):
    """A questionnaire, and what follows from a verdict in it."""

    name = models.CharField(_("name"), max_length=200)
    bot_action = models.CharField(
        _("action on a bot"), max_length=10, choices=ACTIONS, default="block"
    )
    suspicious_action = models.CharField(
        _("action on suspicion"), max_length=10, choices=ACTIONS, default="review"
    )
    # The database has the default as well: the release before knows no such column.
    declared_agent_action = models.CharField(
        _("action on a declared agent"),
        max_length=10,
        choices=ACTIONS,
        default="review",
        db_default="review",
        help_text=_(
            "For agents that name themselves or sign their requests, whatever else was"
            " seen of them."
        ),
    )
    behaviour_may_block = models.BooleanField(
        _("behaviour alone may block"), default=False
    )
    blocking_ends_session = models.BooleanField(
        _("blocking ends the session"), default=False
    )
    share_action = models.BooleanField(_("tell the browser the action"), default=False)
    show_reasons = models.BooleanField(_("show the browser why"), default=False)
    families_off = models.JSONField(
        _("families switched off"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="sessions_one_survey_of_a_name_per_organization",
            )
        ]
        indexes = [
            # Read by the list of an organization's surveys, newest first.
            models.Index(fields=["organization", "-id"], name="survey_newest")
        ]

    def __str__(self) -> str:
        return self.name


class Respondent(Owned):
    """Someone the platform knows by name; here they are a keyed digest of it."""

    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("respondent")
        verbose_name_plural = _("respondents")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "digest"],
                name="sessions_one_respondent_per_digest",
            )
        ]
        indexes = [
            # Read by the search above the admin's list: digests of any organization,
            # whole or their beginning.
            models.Index(
                fields=["digest"],
                opclasses=["varchar_pattern_ops"],
                name="respondent_digest",
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Session(Owned):
    """One visit to one survey, with its latest verdict beside it."""

    survey = models.ForeignKey(
        Survey, models.RESTRICT, related_name="+", db_index=False
    )
    respondent = models.ForeignKey(
        Respondent, models.RESTRICT, related_name="+", null=True, blank=True
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE
    )
    last_seen_at = models.DateTimeField(_("last seen at"), default=timezone.now)
    # At most so much before it (services/intake.py), and indexed in its place: a row
    # whose indexed columns stay as they are is updated within its page.
    roughly_seen_at = models.DateTimeField(
        _("roughly seen at"), default=timezone.now, db_default=Now(), editable=False
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # None: nothing was said. Platforms write names and addresses into it.
    metadata = EncryptedJSONField(_("metadata"), null=True, blank=True)
    # What the engine remembers between batches, at most 16 KiB.
    state = models.BinaryField(_("state"), default=bytes, editable=False)
    next_seq = models.PositiveIntegerField(_("next seq"), default=0)
    batch_count = models.PositiveIntegerField(_("batches"), default=0)
    event_count = models.PositiveBigIntegerField(_("events"), default=0)
    verdict = models.CharField(
        _("verdict"), max_length=10, choices=VERDICTS, default="undecided"
    )
    bot_probability = models.FloatField(_("bot probability"), null=True, blank=True)
    recommended_action = models.CharField(
        _("recommended action"), max_length=10, choices=ACTIONS, default="monitor"
    )
    is_final = models.BooleanField(_("final"), default=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="sessions_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.ACTIVE, ended_at=None)
                | ~Q(status=Status.ACTIVE) & Q(ended_at__isnull=False),
                name="sessions_ended_at_is_set_when_it_ended",
            ),
        ]
        indexes = [
            # Read by GET /sessions and the admin's list, newest first. What else these
            # lists are narrowed by stands beside the key, so that what does not fit is
            # passed over, and what fits counted, without reading rows.
            models.Index(
                fields=["organization", "-id"],
                include=["status", "verdict"],
                name="session_newest",
            ),
            # Read by GET /sessions?survey=… and the admin's list, newest first.
            models.Index(
                fields=["organization", "survey", "-id"],
                include=["status", "verdict"],
                name="session_of_survey",
            ),
            # Read by the admin's list of one status or verdict, newest first. Neither
            # changes often: a batch that leaves them alone writes no index.
            models.Index(
                fields=["status", "-id"], include=["verdict"], name="session_of_status"
            ),
            models.Index(fields=["verdict", "-id"], name="session_of_verdict"),
            # Read by the figures, which count what is not final yet one by one.
            models.Index(
                fields=["organization", "survey"],
                condition=Q(is_final=False),
                name="session_not_final",
            ),
            # Read by the sweep that ends idle sessions.
            models.Index(
                fields=["roughly_seen_at"],
                condition=Q(status="active"),
                name="session_idle",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def gaps(self) -> int:
        """Return how many batches before the newest one have not come."""
        return self.next_seq - self.batch_count


class SessionTag(models.Model):
    """A word of the platform's own on a session, to find it by."""

    organization = models.ForeignKey(
        ORGANIZATION, models.CASCADE, related_name="+", db_index=False
    )
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="tags", db_index=False
    )
    tag = models.CharField(_("tag"), max_length=64)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "tag"], name="sessions_a_tag_stands_once"
            )
        ]
        indexes = [
            # Read by GET /sessions?tag=…
            models.Index(fields=["organization", "tag"], name="session_tag"),
            # Read by the admin's list with or without what is made up, newest first.
            # It holds nothing else, so that a real session costs it no write.
            models.Index(
                fields=["-session"],
                condition=Q(tag="synthetic"),
                name="session_synthetic",
            ),
        ]

    def __str__(self) -> str:
        return self.tag


class BehaviorData(Owned):
    """One batch, as it was sent."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="+", db_index=False
    )
    seq = models.PositiveIntegerField(_("seq"))
    event_count = models.PositiveIntegerField(_("events"))
    unknown_count = models.PositiveIntegerField(_("events of unknown type"), default=0)
    first_ms = models.FloatField(_("first event at, ms"), null=True)
    last_ms = models.FloatField(_("last event at, ms"), null=True)
    # How far the browser's clock lies behind ours, the way included.
    behind_ms = models.BigIntegerField(_("clock behind, ms"), null=True)
    columns = models.BinaryField(_("columns"), editable=False)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "seq"], name="sessions_a_batch_is_stored_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.seq}"


class Answer(Owned):
    """What was answered to one item; sent by the platform's server alone."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="+", db_index=False
    )
    item = models.CharField(_("item"), max_length=64)
    kind = models.CharField(_("type"), max_length=20)
    # A later answer is written over the earlier row, which keeps its id.
    value = EncryptedJSONField(_("value"), null=True, bound_to=["session_id", "item"])
    shown_ms = models.FloatField(_("shown at, ms"), null=True)
    answered_ms = models.FloatField(_("answered at, ms"), null=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "item"], name="sessions_one_answer_per_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.item}"


class Tally(models.Model):
    """A figure of one survey's finished sessions of one day (engine/tally.py).

    Rows are only ever added to. They can be made again from the sessions, but for
    those whose sessions are gone: figures outlive retention.
    """

    organization = models.ForeignKey(
        ORGANIZATION, models.CASCADE, related_name="+", db_index=False
    )
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    verdict = models.CharField(_("verdict"), max_length=10, choices=VERDICTS)
    figure = models.CharField(_("figure"), max_length=80)
    number = models.BigIntegerField(_("number"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "day", "status", "verdict", "figure"],
                name="sessions_one_tally_of_a_figure",
            )
        ]
        indexes = [
            # Read by the overview: the days of an organization.
            models.Index(fields=["organization", "day"], name="tally_days"),
            # Read by the overview's days and by the surveys that changed: one row in
            # twenty, and nothing but the index.
            models.Index(
                fields=["organization", "day"],
                include=["survey", "status", "verdict", "figure", "number"],
                condition=Q(figure__in=COUNTED),
                name="tally_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.figure} {self.number}"


class SavedView(Identified):
    """A list of sessions as somebody narrowed it; it is theirs alone."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=60)
    # A search names a respondent as their platform does.
    query = EncryptedTextField(_("filters"), max_length=1000, blank=True, null=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            # Its index is read by the list that shows somebody's views.
            models.UniqueConstraint(
                fields=["owner", "name"], name="sessions_one_view_of_a_name_per_owner"
            )
        ]

    def __str__(self) -> str:
        return self.name
