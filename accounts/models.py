"""Organizations, the people who work in them, and the keys of their programs."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.ids import new_id
from common.models import Identified


class Organization(Identified):
    """Who owns surveys, sessions and everything that follows from them."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who works in the admin console."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta(AbstractUser.Meta):
        # The stubs of the base class know plain text only.
        verbose_name = _("user")  # type: ignore[assignment] # lazy text
        verbose_name_plural = _("users")  # type: ignore[assignment] # likewise


class KeyKind(models.TextChoices):
    """What a key is for."""

    SECRET = "secret", _("Secret: for a server")
    PUBLISHABLE = "publishable", _("Publishable: for a page")


class ApiKey(Identified):
    """A program's key. Of a secret one only a keyed digest is kept."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=KeyKind.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    prefix = models.CharField(_("prefix"), max_length=24, unique=True)
    digest = models.CharField(_("digest"), max_length=64)
    # A publishable key stands in every page that uses it, so it may be shown again.
    public_text = models.CharField(_("key"), max_length=80, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=KeyKind.values),
                name="accounts_key_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=KeyKind.PUBLISHABLE) | Q(public_text=""),
                name="accounts_secret_key_is_never_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def is_active_at(self, moment: datetime) -> bool:
        """Say whether it was neither revoked nor has expired."""
        return self.revoked_at is None and (
            self.expires_at is None or self.expires_at > moment
        )


class KeyOrigin(models.Model):
    """One origin that a publishable key may be used from.

    A table of its own because the browser's first question (preflight) names an
    origin and no key, and must be answered by one look at an index.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="origins")
    origin = models.CharField(_("origin"), max_length=200)

    class Meta:
        verbose_name = _("allowed origin")
        verbose_name_plural = _("allowed origins")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "origin"], name="accounts_one_row_per_key_and_origin"
            )
        ]
        indexes = [
            # Read by every preflight request.
            models.Index(fields=["origin"], name="accounts_origin"),
        ]

    def __str__(self) -> str:
        return self.origin
