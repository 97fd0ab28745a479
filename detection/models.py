"""What the engine said, and the lists of addresses and keys that it is told of."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Identified

from .engine.requests.addresses import AddressClass

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


ADDRESS_CLASSES: Final = [
    (AddressClass.DATACENTER.value, _("Data centre")),
    (AddressClass.VPN.value, _("VPN")),
    (AddressClass.TOR.value, _("Tor")),
    (AddressClass.PROXY.value, _("Open proxy")),
    (AddressClass.RELAY.value, _("Relay")),
    (AddressClass.MOBILE.value, _("Mobile network")),
    (AddressClass.EDUCATION.value, _("Education")),
    (AddressClass.COMPANY.value, _("Company")),
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
    # Which flags were in force (flags.FlagSet.version); null if none ever was.
    flags_version = models.PositiveBigIntegerField(_("version of flags"), null=True)
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


class NetworkList(Identified):
    """Ranges of addresses of one class, from one source; the installation's own.

    The ranges are one value and not rows: they are only ever read as a whole, once a
    process. A list that is loaded again is a new row, so its id is its version.
    """

    address_class = models.CharField(_("class"), max_length=12, choices=ADDRESS_CLASSES)
    source = models.CharField(_("source"), max_length=200)
    licence = models.CharField(_("licence"), max_length=200)
    range_count = models.PositiveIntegerField(_("ranges"))
    # First and last addresses, merged and in their order: 8 and 32 bytes a range.
    ipv4 = models.BinaryField(_("IPv4"), editable=False)
    ipv6 = models.BinaryField(_("IPv6"), editable=False)

    class Meta:
        verbose_name = _("list of addresses")
        verbose_name_plural = _("lists of addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["address_class", "source"],
                name="detection_one_list_of_a_class_per_source",
            ),
            models.CheckConstraint(
                condition=Q(
                    address_class__in=[name for name, _label in ADDRESS_CLASSES]
                ),
                name="detection_class_of_addresses_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address_class}: {self.source}"


class AgentKey(Identified):
    """A public key that an agent signs its requests with (Web Bot Auth)."""

    agent = models.CharField(_("agent"), max_length=253)
    # RFC 7638; what a signature names its key by.
    thumbprint = models.CharField(_("fingerprint"), max_length=43)
    members = models.JSONField(_("public members"))
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)

    class Meta:
        verbose_name = _("key of an agent")
        verbose_name_plural = _("keys of agents")
        constraints = [
            models.UniqueConstraint(
                fields=["thumbprint"], name="detection_a_key_belongs_to_one_agent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.thumbprint[:12]}"
