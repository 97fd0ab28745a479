"""What is sent and answered about experiments."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from common.api.parsers import parse_json
from common.api.serializers import ObjectField, PageIn, StrictSerializer

from ..engine.assignment import Why
from ..models import LONGEST_NAME, Population, State
from ..services.recording import Event

LONGEST_UNIT_NAME: Final = 200
MOST_EVENTS: Final = 100
MOST_ATTRIBUTES: Final = 50
LONGEST_TEXT: Final = 1000


class ExperimentListIn(PageIn):
    """The query of the list of experiments."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    search = serializers.CharField(required=False, max_length=LONGEST_NAME)


class ExperimentIn(StrictSerializer):
    """A new experiment."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    hypothesis = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT
    )
    design = ObjectField()


class ExperimentChangeIn(StrictSerializer):
    """What changes of an experiment; fields of the design that are named."""

    design = ObjectField(required=False)
    hypothesis = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT
    )
    decision = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT
    )
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text=_("Why, if it begins a new phase."),
    )
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("What the change is based on, in place of If-Match."),
    )


class StopIn(StrictSerializer):
    """What was decided."""

    decision = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT
    )


class ExperimentOut(serializers.Serializer[Any]):
    """An experiment."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    hypothesis = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    version = serializers.IntegerField()
    phase = serializers.IntegerField()
    design = ObjectField()
    decision = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    counted_until = serializers.DateTimeField(allow_null=True)


class AttributesField(serializers.CharField):
    """What audiences ask about, as an object in JSON."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the attributes."""
        text: str = super().to_internal_value(data)
        try:
            read = parse_json(text.encode())
        except ParseError as error:
            raise serializers.ValidationError(error.detail) from None
        if not isinstance(read, dict) or len(read) > MOST_ATTRIBUTES:
            raise serializers.ValidationError(_("This must be a small object."))
        return read


class WhoIn(StrictSerializer):
    """Whom a question or an event is about."""

    unit = serializers.CharField(
        required=False,
        max_length=LONGEST_UNIT_NAME,
        help_text=_(
            "Your own name for the respondent, as in `respondent_id`, or a session's"
            " id. A session's token is about its own session."
        ),
    )
    anonymous = serializers.CharField(
        required=False,
        max_length=LONGEST_UNIT_NAME,
        help_text=_("The unit they were before you knew them: they stay that one."),
    )


class VariantIn(WhoIn):
    """The query of which variant somebody sees."""

    has_json = False
    attributes = AttributesField(required=False, max_length=LONGEST_TEXT)
    expose = serializers.BooleanField(
        required=False,
        default=True,
        help_text=_("Whether they see it now; without, nothing is recorded."),
    )
    force = serializers.CharField(
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("A variant for a look: left out of results. Not from browsers."),
    )


class ShownOut(serializers.Serializer[Any]):
    """Which variant somebody sees."""

    experiment = serializers.CharField()
    variant = serializers.CharField()
    payload = ObjectField()
    why = serializers.ChoiceField(choices=[one.value for one in Why])
    takes_part = serializers.BooleanField()


class EventIn(StrictSerializer):
    """Something that a unit did."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    value = serializers.FloatField(required=False, default=1.0)
    at = serializers.DateTimeField(required=False)
    key = serializers.CharField(
        required=False,
        max_length=200,
        help_text=_("What makes a repeat the same event; without it, name and `at`."),
    )

    def to_internal_value(self, data: Any) -> Event:
        """Return it as the service takes it."""
        return Event(**super().to_internal_value(data))


class TrackIn(WhoIn):
    """What a unit did: one event or several."""

    events = serializers.ListField(
        child=EventIn(), min_length=1, max_length=MOST_EVENTS
    )


class TrackOut(serializers.Serializer[Any]):
    """How many events were new."""

    added = serializers.IntegerField()
    repeated = serializers.IntegerField()


class ResultsIn(StrictSerializer):
    """The query of results."""

    has_json = False
    phase = serializers.IntegerField(required=False, min_value=1, max_value=32767)
    population = serializers.ChoiceField(
        choices=Population.choices, required=False, default=Population.PEOPLE
    )
    as_csv = serializers.BooleanField(
        required=False, default=False, help_text=_("All moments, for spreadsheets.")
    )


class PlanIn(StrictSerializer):
    """What is to be found, and how many units come."""

    baseline = serializers.FloatField()
    deviation = serializers.FloatField(
        required=False,
        min_value=1e-9,
        max_value=1e15,
        help_text=_("Of one unit; without it the baseline is a share."),
    )
    lift = serializers.FloatField(required=False, min_value=-1, max_value=1000)
    days = serializers.IntegerField(required=False, min_value=1, max_value=3650)
    units_per_day = serializers.FloatField(
        required=False, min_value=0.001, max_value=1e9
    )
    arms = serializers.IntegerField(
        required=False, min_value=2, max_value=10, default=2
    )
    goals = serializers.IntegerField(
        required=False, min_value=1, max_value=20, default=1
    )
    alpha = serializers.FloatField(
        required=False, min_value=0.0001, max_value=0.5, default=0.05
    )
    power = serializers.FloatField(
        required=False, min_value=0.5, max_value=0.999, default=0.8
    )
    looking = serializers.ChoiceField(
        choices=["group_sequential", "always_valid", "once"],
        required=False,
        default="group_sequential",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a share that is none."""
        value = attrs["baseline"]
        if "deviation" not in attrs and not 0 < value < 1:
            told = _("Without a deviation this is a share, between 0 and 1.")
            raise serializers.ValidationError({"baseline": told})
        if not value or abs(value) > 1e15:  # noqa: PLR2004 - as a value may be
            told = _("There is no lift of nothing.")
            raise serializers.ValidationError({"baseline": told})
        return attrs


class PlanOut(serializers.Serializer[Any]):
    """What follows."""

    units_per_arm = serializers.IntegerField()
    units = serializers.IntegerField()
    days = serializers.IntegerField(allow_null=True)
    lift = serializers.FloatField()
    power = serializers.FloatField()
    looks = serializers.IntegerField()
