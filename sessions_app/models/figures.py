"""Figures of finished sessions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detection.facade import VERDICTS

from ..engine.tally import COUNTED
from .owned import ORGANIZATION
from .sessions import Status
from .surveys import Survey


class Tally(models.Model):
    """A figure of one survey's finished sessions of one day (engine/tally.py).

    Rows are only ever added to. They can be made again from the sessions, but for
    those whose sessions are gone: figures outlive retention.
    """

    organization = models.ForeignKey(
        ORGANIZATION, models.CASCADE, related_name="+", db_index=False
    )
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    verdict = models.CharField(_("verdict"), max_length=10, choices=VERDICTS)
    figure = models.CharField(_("figure"), max_length=80)
    number = models.BigIntegerField(_("number"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "day", "status", "verdict", "figure"],
                name="sessions_one_tally_of_a_figure",
            )
        ]
        indexes = [
            # Read by the overview: the days of an organization.
            models.Index(fields=["organization", "day"], name="tally_days"),
            # Read by the overview's days and by the surveys that changed: one row in
            # twenty, and nothing but the index.
            models.Index(
                fields=["organization", "day"],
                include=["survey", "status", "verdict", "figure", "number"],
                condition=Q(figure__in=COUNTED),
                name="tally_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.figure} {self.number}"
