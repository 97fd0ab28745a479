"""Endpoints, what they are told, and how that went."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.encryption.fields import EncryptedJSONField
from common.models import Identified

from .engine.schedule import Breaker


class Event(models.TextChoices):
    """What an endpoint can be told; released names never change."""

    SESSION_COMPLETED = "session.completed", _("A session was completed")
    VERDICT_FINAL = "verdict.final", _("A session got its last verdict")
    TEST_PING = "test.ping", _("Somebody sent a test")


# A test is sent to whom it was asked for, and to nobody else.
SUBSCRIBED = [Event.SESSION_COMPLETED, Event.VERDICT_FINAL]


class EndpointState(models.TextChoices):
    """Where an endpoint stands."""

    ENABLED = "enabled", _("Enabled")
    PAUSED = "paused", _("Left alone for a moment")
    DISABLED = "disabled", _("Disabled")


class DisabledReason(models.TextChoices):
    """Why an endpoint is told nothing."""

    BY_HAND = "by_hand", _("Somebody disabled it.")
    GONE = "gone", _("It answered 410: it does not want to hear of us any more.")
    FAILING = "failing", _("Nothing arrived there for five days.")


class DeliveryState(models.TextChoices):
    """Where a message stands with an endpoint."""

    WAITING = "waiting", _("Waiting")
    SUCCEEDED = "succeeded", _("Succeeded")
    # Ended before its time: the endpoint was disabled.
    FAILED = "failed", _("Failed")
    EXHAUSTED = "exhausted", _("Given up")


class WebhookEndpoint(Identified):
    """An address of an organization's that is told what happens."""

    organization = models.ForeignKey(
        "accounts.Organization",
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    url = models.CharField(_("URL"), max_length=500)
    description = models.CharField(_("description"), max_length=200, blank=True)
    event_types = models.JSONField(_("events"), default=list)
    # `[{"key": "whsec_…", "until": seconds or null}, …]`, the newest first: all that
    # have not ended sign.
    secrets = EncryptedJSONField(_("secrets"), default=list, editable=False)
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)
    disabled_reason = models.CharField(
        _("why it is disabled"),
        max_length=10,
        blank=True,
        choices=DisabledReason.choices,
    )
    # The breaker: engine/schedule.py.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    times_opened = models.PositiveIntegerField(default=0, editable=False)
    open_until = models.DateTimeField(_("left alone until"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints = [
            # Also what lists, the look for subscribers, and the foreign keys that stay
            # within an organization are read by.
            models.UniqueConstraint(
                fields=["organization", "id"],
                name="integrations_endpoint_of_organization",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_reason="")
                | (
                    Q(disabled_at__isnull=False)
                    & Q(disabled_reason__in=DisabledReason.values)
                ),
                name="integrations_disabled_endpoint_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.shown_url

    @property
    def breaker(self) -> Breaker:
        """Return how it has fared."""
        return Breaker(
            self.failures, self.times_opened, self.open_until, self.failing_since
        )

    @property
    def state(self) -> EndpointState:
        """Say whether it is told anything now."""
        if self.disabled_at is not None:
            return EndpointState.DISABLED
        if self.breaker.is_open(timezone.now()):
            return EndpointState.PAUSED
        return EndpointState.ENABLED

    @property
    def shown_url(self) -> str:
        """Return the URL without its query, which may hold somebody's token."""
        return self.url.partition("?")[0]

    def keys_at(self, moment: datetime) -> list[str]:
        """Return the secrets that sign at a moment, the newest first."""
        seconds = moment.timestamp()
        return [
            each["key"]
            for each in self.secrets
            if each["until"] is None or each["until"] > seconds
        ]


class WebhookMessage(Identified):
    """One thing that happened, in the words that all endpoints get."""

    organization = models.ForeignKey(
        "accounts.Organization",
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    type = models.CharField(_("event"), max_length=40, choices=Event.choices)
    # What it happened to; ids and verdicts only, nothing of a person.
    subject_id = models.UUIDField(_("about"))
    # The very text that is signed and sent.
    payload = models.TextField(_("payload"))

    class Meta:
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        constraints = [
            # A task that runs twice says it once.
            models.UniqueConstraint(
                fields=["organization", "type", "subject_id"],
                name="integrations_one_message_per_event",
            ),
            # What deliveries refer to; read by a replay of a period.
            models.UniqueConstraint(
                fields=["organization", "id"],
                name="integrations_message_of_organization",
            ),
        ]
        indexes = [
            # Read by the clean-up of what is past its time.
            models.Index(fields=["created_at"], name="webhook_message_created_at"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def public_id(self) -> str:
        """Return what receivers know it by; the same however often it is sent."""
        return f"msg_{self.id.hex}"


class WebhookDelivery(Identified):
    """A message on its way to one endpoint."""

    organization = models.ForeignKey(
        "accounts.Organization",
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("endpoint"),
    )
    # Its index is read when messages are forgotten.
    message = models.ForeignKey(
        WebhookMessage, models.CASCADE, related_name="+", verbose_name=_("message")
    )
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=DeliveryState.choices,
        default=DeliveryState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt at"), default=timezone.now)
    # Null: nobody is sending it. Past: who did was killed.
    sending_until = models.DateTimeField(null=True, editable=False)
    # Somebody was asked to send it, and may yet do so: the sweep asks nobody else.
    handed_until = models.DateTimeField(null=True, editable=False)
    succeeded_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    # Of the last attempt; all of them stand in `WebhookAttempt`.
    status_code = models.PositiveSmallIntegerField(
        _("status code"), null=True, blank=True
    )
    error = models.CharField(_("error"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "message"],
                name="integrations_one_delivery_per_endpoint_and_message",
            ),
            # What attempts refer to; read by lists of an organization.
            models.UniqueConstraint(
                fields=["organization", "id"],
                name="integrations_delivery_of_organization",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values),
                name="integrations_delivery_is_in_a_known_state",
            ),
        ]
        indexes = [
            # Read by the sweep, endpoint by endpoint, and whenever an attempt ends.
            models.Index(
                fields=["endpoint", "next_at"],
                condition=Q(state="waiting"),
                name="webhook_delivery_due",
            ),
            # Read before each attempt: how many of an endpoint's are under way.
            models.Index(
                fields=["endpoint", "sending_until"],
                condition=Q(sending_until__isnull=False),
                name="webhook_delivery_sending",
            ),
            # Read by the list of an endpoint's deliveries.
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_newest"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class WebhookAttempt(Identified):
    """One attempt at a delivery, and what came of it."""

    organization = models.ForeignKey(
        "accounts.Organization",
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="+", db_index=False
    )
    # Its index is read by the delivery's page, and when deliveries are forgotten.
    delivery = models.ForeignKey(
        WebhookDelivery, models.CASCADE, related_name="log", verbose_name=_("delivery")
    )
    number = models.PositiveSmallIntegerField(_("attempt"))
    status_code = models.PositiveSmallIntegerField(
        _("status code"), null=True, blank=True
    )
    # Empty: it arrived.
    error = models.CharField(_("error"), max_length=40, blank=True)
    duration_ms = models.PositiveIntegerField(_("took, ms"))
    # Somebody else's words: never shown but escaped.
    response_start = models.CharField(_("answer"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        indexes = [
            # Read by the list of endpoints: the share that failed lately.
            models.Index(
                fields=["endpoint", "created_at"], name="webhook_attempt_of_endpoint"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
