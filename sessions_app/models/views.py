"""What one person keeps for themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.encryption.fields import EncryptedTextField
from common.models import Identified


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
