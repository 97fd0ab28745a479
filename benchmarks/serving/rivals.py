"""What others would build first: a view that validates a batch and stores it.

They know no keys, no limits, no repeats and no verdicts; what they do is the least
that an intake can do: check and keep every field that the batches have.
"""

import json
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Batch

TYPES = ("mousemove", "mousedown", "mouseup", "click", "scroll", "keydown", "keyup")


class EventIn(serializers.Serializer[dict[str, object]]):
    """An event, its fields checked for type and range."""

    type = serializers.ChoiceField(TYPES)
    t = serializers.FloatField(min_value=0)
    x = serializers.FloatField(required=False)
    y = serializers.FloatField(required=False)
    mx = serializers.FloatField(required=False)
    my = serializers.FloatField(required=False)
    coalesced = serializers.IntegerField(required=False, min_value=0)
    key = serializers.CharField(required=False, max_length=20)
    k = serializers.IntegerField(required=False, min_value=0)
    trusted = serializers.BooleanField(required=False)
    button = serializers.IntegerField(required=False, min_value=0)
    target = serializers.CharField(required=False, max_length=20)
    source = serializers.CharField(required=False, max_length=20)  # type: ignore[assignment] # a field's name, like any


class BatchIn(serializers.Serializer[dict[str, object]]):
    """A batch."""

    seq = serializers.IntegerField(min_value=0)
    sent_at = serializers.DateTimeField()
    events = EventIn(many=True)


class SerializedView(APIView):
    """Validate with serializers, store the events in one INSERT."""

    def post(self, request: Request, session_id: UUID) -> Response:
        """Store a batch."""
        sent = BatchIn(data=request.data)
        sent.is_valid(raise_exception=True)
        seq, events = sent.validated_data["seq"], sent.validated_data["events"]
        stored = json.dumps(events).encode()
        Batch.objects.create(session=session_id, seq=seq, events=stored)
        return Response({"accepted": True, "seq": seq})


class Event(msgspec.Struct):
    """The same event, as msgspec sees it."""

    type: Literal[TYPES]  # type: ignore[valid-type] # the same list for both rivals
    t: Annotated[float, msgspec.Meta(ge=0)]
    x: float | None = None
    y: float | None = None
    mx: float | None = None
    my: float | None = None
    coalesced: Annotated[int, msgspec.Meta(ge=0)] | None = None
    key: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    k: Annotated[int, msgspec.Meta(ge=0)] | None = None
    trusted: bool | None = None
    button: Annotated[int, msgspec.Meta(ge=0)] | None = None
    target: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    source: Annotated[str, msgspec.Meta(max_length=20)] | None = None


class Sent(msgspec.Struct):
    """The same batch."""

    seq: Annotated[int, msgspec.Meta(ge=0)]
    sent_at: str
    events: list[Event]


DECODER = msgspec.json.Decoder(Sent)
ENCODER = msgspec.json.Encoder()


class DecodedView(APIView):
    """Decode with msgspec, store the events in one INSERT."""

    def post(self, request: Request, session_id: UUID) -> Response:
        """Store a batch."""
        sent = DECODER.decode(request._request.body)  # noqa: SLF001 - past DRF's parsers
        stored = ENCODER.encode(sent.events)
        Batch.objects.create(session=session_id, seq=sent.seq, events=stored)
        return Response({"accepted": True, "seq": sent.seq})
