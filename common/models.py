"""What every table of ours shares, the outbox, counts, keys, and kept answers."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .ids import new_id


class Identified(models.Model):
    """A row whose id may leave the process, made at a known moment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(
        _("created at"), default=timezone.now, editable=False
    )

    class Meta:
        abstract = True


class OutboxRow(Identified):
    """Work that a committed transaction left behind.

    It holds ids only, so it may stand outside the walls between organizations.
    """

    topic = models.CharField(_("topic"), max_length=64)
    key = models.CharField(_("key"), max_length=64)
    organization_id = models.UUIDField(_("organization"), null=True)
    send_at = models.DateTimeField(_("next attempt at"), default=timezone.now)
    sends = models.PositiveSmallIntegerField(_("sent again, times"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    dead_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("outbox row")
        verbose_name_plural = _("outbox")
        indexes = [
            # Read by the sweep: what is due and neither done nor given up.
            models.Index(
                fields=["send_at"],
                condition=Q(done_at=None, dead_at=None),
                name="outbox_due",
            ),
            # Read by the sweep's clean-up of what was done long ago.
            models.Index(
                fields=["done_at"],
                condition=Q(done_at__isnull=False),
                name="outbox_done",
            ),
            # Read by the admin's list of what was given up; it holds nothing else.
            models.Index(
                fields=["-id"],
                condition=Q(dead_at__isnull=False),
                name="outbox_dead",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dead_at=None),
                name="common_outbox_row_is_done_or_dead_not_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class Bucket(models.Model):
    """How many attempts an address has left: when its bucket will be full again.

    `name` is a digest: no address is kept, and nobody's rows are told by it.
    """

    name = models.CharField(_("name"), max_length=64, primary_key=True)
    full_at = models.FloatField(_("full at, seconds"))

    class Meta:
        verbose_name = _("bucket")
        verbose_name_plural = _("buckets")
        indexes = [
            # Read by the clean-up of what is full again.
            models.Index(fields=["full_at"], name="bucket_full_at"),
        ]

    def __str__(self) -> str:
        return self.name


class FieldKey(models.Model):
    """A key that fields were sealed with; what it is stands nowhere."""

    key_id = models.CharField(_("key"), max_length=16, primary_key=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=16)
    since = models.DateTimeField(_("since"), default=timezone.now)
    retired_at = models.DateTimeField(_("retired at"), null=True)

    class Meta:
        verbose_name = _("key of fields")
        verbose_name_plural = _("keys of fields")

    def __str__(self) -> str:
        return self.key_id


class KeptAnswer(Identified):
    """What was answered to a request with an Idempotency-Key, for a day.

    `name` is a digest of who asked, for what, with which key; the answer is sealed.
    """

    # Deleting an organization is the only reader by organization alone, and rare.
    organization = models.ForeignKey(
        "accounts.Organization",
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    name = models.CharField(_("name"), max_length=64)
    fingerprint = models.CharField(_("fingerprint of the body"), max_length=64)
    claimed_until = models.DateTimeField(_("claimed until"))
    # Null: it is being worked on, or was abandoned.
    answer = models.BinaryField(_("answer"), null=True)
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        indexes = [
            # Read by the clean-up of what is past its time.
            models.Index(fields=["expires_at"], name="kept_answer_expires_at"),
        ]
        constraints = [
            # Also what a repeated request is found by.
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="common_one_kept_answer_per_key",
            ),
        ]

    def __str__(self) -> str:
        return self.name
