"""What every row of an organization shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Identified

ORGANIZATION = "accounts.Organization"


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
