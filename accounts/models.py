"""Organizations, the people who work in them, and the keys of their programs."""

from typing import Final

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.encryption.blind_index import BlindIndexField
from common.encryption.fields import EncryptedEmailField
from common.ids import new_id
from common.models import Identified

from .authenticators import Authenticator
from .roles import Permissions, Role, key_permissions, permissions_of
from .trail import AuditRow, AuditSeal

__all__ = [
    "ApiKey",
    "AuditRow",
    "AuditSeal",
    "Authenticator",
    "Invitation",
    "InvitationState",
    "KeyKind",
    "KeyOrigin",
    "KeyState",
    "Membership",
    "Organization",
    "TokenFamily",
    "User",
]


class Organization(Identified):
    """Who owns surveys, sessions and everything that follows from them."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    # Days; empty is what the installation keeps (docs/retention.md).
    behaviour_kept_days = models.PositiveSmallIntegerField(
        _("events are kept for, days"), null=True, blank=True
    )
    results_kept_days = models.PositiveSmallIntegerField(
        _("verdicts are kept for, days"), null=True, blank=True
    )
    sessions_kept_days = models.PositiveSmallIntegerField(
        _("sessions and answers are kept for, days"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who works in the admin console."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = EncryptedEmailField(
        _("email address"), max_length=254, null=True, blank=True
    )
    # Read when a password is forgotten, and by the search above the lists.
    email_index = BlindIndexField(of="email", db_index=True)

    class Meta(AbstractUser.Meta):
        # The stubs of the base class know plain text only.
        verbose_name = _("user")  # type: ignore[assignment] # lazy text
        verbose_name_plural = _("users")  # type: ignore[assignment] # likewise


ROLES: Final = [
    (Role.OWNER.value, _("Owner")),
    (Role.ADMIN.value, _("Admin")),
    (Role.ANALYST.value, _("Analyst")),
    (Role.VIEWER.value, _("Viewer")),
]


class Membership(Identified):
    """What one person may do in one organization; accounts.roles says what."""

    # The unique constraint's index begins with it.
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    # Its index is read at each sign-in and by each page of a member.
    user = models.ForeignKey(
        User, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=8, choices=ROLES)
    may_publish = models.BooleanField(
        _("may publish"),
        default=False,
        help_text=_("May set what follows from a verdict. A viewer never may."),
    )
    # Tokens carry it: whoever changes a membership counts it up, and ends them.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                name="accounts_one_membership_per_user_and_organization",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="accounts_role_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.VIEWER.value, may_publish=True),
                name="accounts_viewer_never_publishes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def permissions(self) -> Permissions:
        """Return what this member may do."""
        return permissions_of(Role(self.role), may_publish=self.may_publish)


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Withdrawn")


class Invitation(Identified):
    """A person who may become a member, by the link that only they are sent."""

    # Read by the list of an organization's invitations; there are few of them.
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    email = EncryptedEmailField(_("email address"), max_length=254, null=True)
    # Read when somebody is invited again.
    email_index = BlindIndexField(of="email")
    role = models.CharField(_("role"), max_length=8, choices=ROLES)
    may_publish = models.BooleanField(_("may publish"), default=False)
    # Of the last link that was sent; empty until then. Unique for its index, by which
    # a link is found.
    digest = models.CharField(  # noqa: DJ001 - many are empty, and none is the same
        max_length=64, null=True, unique=True, editable=False
    )
    expires_at = models.DateTimeField(_("expires at"))
    invited_by = models.ForeignKey(
        User,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("invited by"),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="accounts_invitation_is_to_a_known_role",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.VIEWER.value, may_publish=True),
                name="accounts_invited_viewer_never_publishes",
            ),
        ]

    def __str__(self) -> str:
        # Not the address: the admin's own log keeps this in plain text.
        return f"{self.get_role_display()}, {self.created_at:%Y-%m-%d}"

    @property
    def state(self) -> InvitationState:
        """Say whether it can be accepted now."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        if self.expires_at <= timezone.now():
            return InvitationState.EXPIRED
        return InvitationState.OPEN


class TokenFamily(Identified):
    """What followed from one sign-in: an access token, and one refresh token at a time.

    Each refresh takes the place of the one before. Who shows an older one has a copy,
    or was copied: the family ends for both.
    """

    # Reached by its id, out of a signed token.
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_index=False
    )
    # Its index is read when the member signs in, to forget families that are over,
    # and when the member is removed.
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    refresh_id = models.UUIDField(default=new_id)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sign-in of a program")
        verbose_name_plural = _("sign-ins of programs")

    def __str__(self) -> str:
        return str(self.id)


class KeyKind(models.TextChoices):
    """What a key is for."""

    SECRET = "secret", _("Secret: for a server")
    PUBLISHABLE = "publishable", _("Publishable: for a page")


class KeyState(models.TextChoices):
    """Where a key stands."""

    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


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
    is_test = models.BooleanField(
        _("for tests"),
        default=False,
        db_default=False,
        help_text=_("Sessions that it opens carry the tag “test”."),
    )
    # Empty: whatever a key of its kind may do, and from anywhere.
    scopes = models.JSONField(_("scopes"), null=True, blank=True)
    networks = models.JSONField(_("allowed networks"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    # Written at most once a minute.
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    # Nobody: a command made or ended it, or whoever did is gone.
    created_by = models.ForeignKey(
        User,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("created by"),
    )
    revoked_by = models.ForeignKey(
        User,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("revoked by"),
    )
    # Unique: a key takes the place of one other.
    replaced_by = models.OneToOneField(
        "self",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("replaced by"),
    )

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

    @property
    def state(self) -> KeyState:
        """Say whether it opens anything now."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        if self.expires_at is not None and self.expires_at <= timezone.now():
            return KeyState.EXPIRED
        return KeyState.ACTIVE

    @property
    def permissions(self) -> Permissions:
        """Return what its scopes leave of what its kind may do."""
        return key_permissions(self.kind, self.scopes)


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
