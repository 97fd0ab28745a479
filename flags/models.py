"""Flags as they are stored: definitions, who changed them, and how often they serve.

Rows without an organization are the installation's: everybody sees them, and only its
staff writes them.
"""

from datetime import timedelta
from typing import Any, ClassVar, Final, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.encryption.fields import EncryptedTextField
from common.models import Identified

LONGEST_NAME: Final = 100
Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class Kind(models.TextChoices):
    """What a flag is for, which says how long it is expected to live."""

    RELEASE = "release", _("Release")
    EXPERIMENT = "experiment", _("Experiment")
    OPERATIONS = "operations", _("Operations")
    PERMISSION = "permission", _("Permission")
    DETECTION = "detection", _("Detection")


# Days after which a flag is expected to be gone; Unleash has the same for the same
# kinds ("feature toggle types"). What is not named is there to stay.
EXPECTED_DAYS: Final = {Kind.RELEASE: 40, Kind.EXPERIMENT: 40, Kind.OPERATIONS: 7}


class Act(models.TextChoices):
    """What was done to a flag; released names never change."""

    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    ARCHIVED = "archived", _("Archived")
    RESTORED = "restored", _("Restored")
    REMOVED = "removed", _("Removed")
    OVERRIDDEN = "overridden", _("Override set")
    OVERRIDE_REMOVED = "override_removed", _("Override removed")


class Owned(models.Manager[Row_co]):
    """Rows of one owner: an organization, or the installation, which is None."""

    def of(self, organization_id: UUID | None) -> models.QuerySet[Row_co]:
        """Return an owner's rows."""
        owner: dict[str, Any] = {"organization_id": organization_id}
        return self.filter(**owner)


def _owner() -> Any:
    return models.ForeignKey(
        "accounts.Organization",
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("organization"),
    )


class FlagClock(models.Model):
    """Counts the changes of all flags: one row, which whoever changes one holds."""

    version = models.PositiveBigIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("clock of flags")
        verbose_name_plural = _("clock of flags")

    def __str__(self) -> str:
        return str(self.version)


class FlagSet(models.Model):
    """When the flags of the installation, or of an organization, were last changed.

    It holds ids and numbers only and is asked for everybody at once.
    """

    # The organization's id; zeros for the installation's.
    owner = models.UUIDField(_("organization"), primary_key=True)
    version = models.PositiveBigIntegerField(_("version"))

    class Meta:
        verbose_name = _("set of flags")
        verbose_name_plural = _("sets of flags")
        indexes = [
            # Read by each process: what changed since it last asked.
            models.Index(fields=["version"], name="flag_set_version"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.version}"


class FeatureFlag(Identified):
    """A flag; `definition` is what `flags.engine` calls one, without its name."""

    organization = _owner()
    name = models.CharField(_("name"), max_length=LONGEST_NAME, editable=False)
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind.choices, default=Kind.RELEASE
    )
    owner = models.CharField(_("owner"), max_length=100, blank=True)
    definition = models.JSONField(_("definition"))
    # Counts from 1 and names a state of the flag for ever.
    version = models.PositiveIntegerField(_("version"), default=1)
    is_overridable = models.BooleanField(
        _("organizations may override it"), default=True
    )
    updated_at = models.DateTimeField(_("last change"), default=timezone.now)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects: ClassVar[Owned[Self]] = Owned()

    class Meta:
        verbose_name = _("feature flag")
        verbose_name_plural = _("feature flags")
        constraints = [
            # Also what lists are read by.
            models.UniqueConstraint(
                fields=["organization", "name"], name="flags_one_flag_of_a_name"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(organization=None),
                name="flags_one_flag_of_installation",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def expected_until(self) -> Any:
        """Return when it should be gone, None if it is there to stay."""
        days = EXPECTED_DAYS.get(Kind(self.kind))
        return None if days is None else self.created_at + timedelta(days=days)


class FlagSegment(Identified):
    """A named group of people that rules refer to."""

    organization = _owner()
    name = models.CharField(_("name"), max_length=LONGEST_NAME, editable=False)
    definition = models.JSONField(_("definition"))
    version = models.PositiveIntegerField(_("version"), default=1)
    updated_at = models.DateTimeField(_("last change"), default=timezone.now)

    objects: ClassVar[Owned[Self]] = Owned()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="flags_one_segment_of_a_name"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(organization=None),
                name="flags_one_segment_of_installation",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FeatureFlagOverride(Identified):
    """A variant for one user, or for an organization, before every rule.

    It names its flag by name: an organization overrides the installation's as well. A
    user is sealed, and found by a digest, which is all that leaves the database.
    """

    organization = _owner()
    flag = models.CharField(_("flag"), max_length=LONGEST_NAME)
    user = EncryptedTextField(_("user"), null=True, blank=True)
    user_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    # The organization that has to ask: the installation may name one.
    for_organization_id = models.UUIDField(_("organization"), null=True, blank=True)
    # Both in one, so that nobody has two.
    subject = models.CharField(max_length=101, editable=False)
    variant = models.CharField(_("variant"), max_length=255)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects: ClassVar[Owned[Self]] = Owned()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        indexes = [
            # Read when somebody is erased.
            models.Index(
                fields=["organization", "user_index"],
                condition=~Q(user_index=""),
                name="flag_override_of_user",
            ),
        ]
        constraints = [
            # Also what the list of a flag's overrides is read by.
            models.UniqueConstraint(
                fields=["organization", "flag", "subject"],
                name="flags_one_override_of_somebody",
            ),
            models.UniqueConstraint(
                fields=["flag", "subject"],
                condition=Q(organization=None),
                name="flags_one_override_of_installation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag} {self.variant}"


class FeatureFlagRevision(Identified):
    """A flag as it was made at a version, and by whom; never changed."""

    organization = _owner()
    flag = models.CharField(_("flag"), max_length=LONGEST_NAME)
    act = models.CharField(_("act"), max_length=16, choices=Act.choices)
    version = models.PositiveIntegerField(_("version"))
    # Null for acts upon overrides, which leave the definition alone.
    definition = models.JSONField(_("definition"), null=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    actor_kind = models.CharField(_("who"), max_length=12)
    actor_name = models.CharField(_("command or task"), max_length=80, blank=True)
    user_id = models.UUIDField(_("person"), null=True)
    key_id = models.UUIDField(_("key"), null=True)

    objects: ClassVar[Owned[Self]] = Owned()

    class Meta:
        verbose_name = _("version of a flag")
        verbose_name_plural = _("history of flags")
        indexes = [
            # Read by a flag's history, newest first.
            models.Index(
                fields=["organization", "flag", "-id"], name="flag_revision_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag} {self.version}"


class FlagUsage(Identified):
    """How often a variant was served to an organization within an hour."""

    organization = _owner()
    flag = models.CharField(_("flag"), max_length=LONGEST_NAME)
    variant = models.CharField(_("variant"), max_length=255)
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveBigIntegerField(_("times"))

    objects: ClassVar[Owned[Self]] = Owned()

    class Meta:
        verbose_name = _("use of a flag")
        verbose_name_plural = _("use of flags")
        indexes = [
            # Read by the clean-up.
            models.Index(fields=["hour"], name="flag_usage_hour"),
        ]
        constraints = [
            # Also what "last evaluated" is read by.
            models.UniqueConstraint(
                fields=["organization", "flag", "variant", "hour"],
                name="flags_one_count_an_hour",
            ),
            models.UniqueConstraint(
                fields=["flag", "variant", "hour"],
                condition=Q(organization=None),
                name="flags_one_count_of_nobody_an_hour",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag} {self.variant} {self.count}"
