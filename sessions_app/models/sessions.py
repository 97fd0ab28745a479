"""Visits to a survey: what was sent, answered and said of them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.encryption.fields import EncryptedJSONField
from detection.facade import ACTIONS, VERDICTS

from .owned import ORGANIZATION, Owned
from .people import Respondent
from .surveys import Survey


class Status(models.TextChoices):
    """Where a session stands."""

    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    EXPIRED = "expired", _("Expired")
    BLOCKED = "blocked", _("Blocked")


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
    # What the respondent was asked, and said to it; None: the platform did not tell.
    # Without consent, device and network are not looked at (docs/privacy.md).
    consent_given = models.BooleanField(_("consent given"), null=True, blank=True)
    consent_version = models.CharField(
        _("text that was consented to"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
    )
    consent_at = models.DateTimeField(_("consent at"), null=True, blank=True)
    # Whether their browser sent Sec-GPC: 1 along; None: none has spoken yet.
    gpc = models.BooleanField(_("Global Privacy Control"), null=True, blank=True)
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
