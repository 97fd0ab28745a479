"""The audit's two tables; PostgreSQL lets nobody change or delete what is in them."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Identified

from .acting import ActorKind

ACTORS: Final = [
    (ActorKind.USER.value, _("Person")),
    (ActorKind.SECRET_KEY.value, _("Secret key")),
    (ActorKind.PUBLISHABLE_KEY.value, _("Publishable key")),
    (ActorKind.SESSION_TOKEN.value, _("Session token")),
    (ActorKind.COMMAND.value, _("Command")),
    (ActorKind.TASK.value, _("Task")),
    (ActorKind.NOBODY.value, _("Nobody who is known")),
]


class Outcome(models.TextChoices):
    """What became of it."""

    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class AuditRow(Identified):
    """One act. It outlives whatever it is about, so nothing is bound to it."""

    # No organization: the installation's own. The rows stay when an organization goes.
    organization = models.ForeignKey(
        "accounts.Organization",
        models.DO_NOTHING,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
        verbose_name=_("organization"),
    )
    verb = models.CharField(_("act"), max_length=60)
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.DONE
    )
    actor_kind = models.CharField(_("who"), max_length=12, choices=ACTORS)
    actor_name = models.CharField(_("command or task"), max_length=80, blank=True)
    user_id = models.UUIDField(_("person"), null=True)
    key_id = models.UUIDField(_("key"), null=True)
    address_class = models.CharField(_("kind of address"), max_length=12, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    target = models.CharField(_("kind of thing"), max_length=60, blank=True)
    target_id = models.CharField(_("thing"), max_length=64, blank=True)
    # By field: what it was and what it is, or null where only that it changed is kept.
    difference = models.JSONField(_("difference"), default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit")
        indexes = [
            # Read by the list, newest first, and by the sealing: what came lately.
            models.Index(fields=["organization", "-id"], name="audit_newest"),
            # Read by the search for a thing.
            models.Index(fields=["target_id", "-id"], name="audit_of_target"),
            # Read by the search for a request.
            models.Index(fields=["request_id", "-id"], name="audit_of_request"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.created_at:%Y-%m-%d %H:%M}"


class AuditSeal(models.Model):
    """A row's place in its chain; what was sealed cannot be changed unnoticed."""

    # The organization's id; zeros for the installation's own chain.
    chain = models.UUIDField(_("chain"))
    number = models.PositiveBigIntegerField(_("number"))
    row_id = models.UUIDField(_("entry"), unique=True)
    digest = models.CharField(_("digest"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            # Its index is read by the sealing (the newest) and by the verification.
            models.UniqueConstraint(
                fields=["chain", "number"], name="accounts_one_seal_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
