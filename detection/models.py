"""What the engine said, batch by batch and at the end."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Identified

VERDICTS: Final = [
    ("human", _("Human")),
    ("suspicious", _("Suspicious")),
    ("bot", _("Bot")),
    ("undecided", _("Undecided")),
]
ACTIONS: Final = [
    ("allow", _("Allow")),
    ("monitor", _("Monitor")),
    ("review", _("Review")),
    ("challenge", _("Challenge")),
    ("block", _("Block")),
]


class DetectionResult(Identified):
    """One verdict: after a batch (`seq` is the batch's), or final (`seq` is empty).

    `fired` holds ``[code, weight, evidence]`` for each reason, `clear` the codes that
    spoke for a person; whatever stands in neither was not known. The final row also
    keeps the weight and evidence of what was clear, so that it can be weighed anew.
    """

    # No index by itself: see below for those that have a reader.
    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="+", db_index=False
    )
    session = models.ForeignKey(
        "sessions_app.Session", models.CASCADE, related_name="+", db_index=False
    )
    seq = models.PositiveIntegerField(_("seq"), null=True)
    ruleset = models.CharField(_("ruleset"), max_length=20)
    verdict = models.CharField(_("verdict"), max_length=10, choices=VERDICTS)
    bot_probability = models.FloatField(_("bot probability"))
    confidence = models.FloatField(_("confidence"))
    recommended_action = models.CharField(
        _("recommended action"), max_length=10, choices=ACTIONS
    )
    fired = models.JSONField(_("reasons"), default=list)
    clear = models.JSONField(_("clear"), default=list)
    event_count = models.PositiveBigIntegerField(_("events"))
    processing_time_ms = models.FloatField(_("processing time, ms"))

    class Meta:
        verbose_name = _("detection result")
        verbose_name_plural = _("detection results")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "seq"],
                condition=Q(seq__isnull=False),
                name="detection_one_result_per_batch",
            ),
            models.UniqueConstraint(
                fields=["session", "ruleset"],
                condition=Q(seq=None),
                name="detection_one_final_result_per_ruleset",
            ),
            models.CheckConstraint(
                condition=Q(bot_probability__gte=0, bot_probability__lte=1),
                name="detection_probability_is_a_share",
            ),
        ]
        indexes = [
            # Read by a session's status: its newest result.
            models.Index(fields=["session", "-id"], name="detection_of_session"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.session_id}"
