"""The envelope of a batch: `{seq, sent_at, events[]}`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Raw, Struct, ValidationError
from msgspec.json import Decoder

# Two seconds apart, this many batches are three weeks.
LAST_SEQ: Final = 1_000_000


class Envelope(Struct, frozen=True):
    """A batch as it comes; its events are read by whoever knows their kinds."""

    seq: Annotated[int, Meta(ge=0, le=LAST_SEQ)]
    events: Raw
    sent_at: Annotated[datetime, Meta(tz=True)] | None = None


@dataclass(frozen=True, slots=True)
class BrokenEnvelopeError(ValueError):
    """The body is JSON, but no batch. `pointer` is a JSON pointer."""

    pointer: str
    reason: str


_DECODER: Final = Decoder(Envelope)


def decode_envelope(body: bytes) -> Envelope:
    """Read the outside of a batch.

    Raises
    ------
    BrokenEnvelopeError
        A field is missing or not what it should be.
    msgspec.DecodeError
        The body is not JSON.
    """
    try:
        return _DECODER.decode(body)
    except ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        pointer = path.rstrip("`").replace(".", "/")
        raise BrokenEnvelopeError(pointer, reason) from None
