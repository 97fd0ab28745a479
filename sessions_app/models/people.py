"""Respondents, and the receipts of those who were erased."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .owned import Owned


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


class Erasure(Owned):
    """The receipt for a respondent who was erased: when and how much, not who."""

    # A keyed digest of the name that was given: who knows the name finds the receipt.
    whom = models.CharField(_("digest of the name"), max_length=64)
    sessions = models.PositiveIntegerField(_("sessions"))
    # How many rows of which model.
    rows = models.JSONField(_("rows"), default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [
            # Read by the lists of an organization's receipts, newest first.
            models.Index(fields=["organization", "-id"], name="erasure_newest"),
            # Read when a name is given again.
            models.Index(fields=["organization", "whom"], name="erasure_of_whom"),
        ]

    def __str__(self) -> str:
        return str(self.id)
