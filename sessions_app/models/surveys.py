"""Questionnaires, and what follows from a verdict in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from detection.facade import ACTIONS

from .owned import Owned


class Survey(Owned):
    """A questionnaire, and what follows from a verdict in it."""

    name = models.CharField(_("name"), max_length=200)
    bot_action = models.CharField(
        _("action on a bot"), max_length=10, choices=ACTIONS, default="block"
    )
    suspicious_action = models.CharField(
        _("action on suspicion"), max_length=10, choices=ACTIONS, default="review"
    )
    # The database has the default as well: the release before knows no such column.
    declared_agent_action = models.CharField(
        _("action on a declared agent"),
        max_length=10,
        choices=ACTIONS,
        default="review",
        db_default="review",
        help_text=_(
            "For agents that name themselves or sign their requests, whatever else was"
            " seen of them."
        ),
    )
    behaviour_may_block = models.BooleanField(
        _("behaviour alone may block"), default=False
    )
    blocking_ends_session = models.BooleanField(
        _("blocking ends the session"), default=False
    )
    share_action = models.BooleanField(_("tell the browser the action"), default=False)
    show_reasons = models.BooleanField(_("show the browser why"), default=False)
    families_off = models.JSONField(
        _("families switched off"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="sessions_one_survey_of_a_name_per_organization",
            )
        ]
        indexes = [
            # Read by the list of an organization's surveys, newest first.
            models.Index(fields=["organization", "-id"], name="survey_newest")
        ]

    def __str__(self) -> str:
        return self.name
