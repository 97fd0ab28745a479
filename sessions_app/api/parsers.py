"""Reading a batch: bounded bytes, then straight to events."""

from collections.abc import Mapping
from typing import IO, Any, Final

import msgspec
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from common.api.parsers import read_body
from common.errors import FieldError, InvalidInputError
from detection.facade import BrokenEventError, decode_events

from ..engine.batch import BrokenEnvelopeError, decode_envelope
from ..services.intake import Batch

# After unpacking. A browser's batch of two seconds is a few kilobytes.
MOST_BYTES: Final = 256 * 1024
MOST_EVENTS: Final = 2_000


class BatchParser(BaseParser):
    """`{seq, sent_at, events[]}`, plain or packed with gzip."""

    media_type = "application/json"

    def parse(  # type: ignore[override] # the stubs know forms and mappings only
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Batch:
        """Return the batch.

        Raises
        ------
        InvalidInputError
            Something in it cannot be read; the error names index and field.
        ParseError
            It is no JSON at all.
        """
        body = read_body(stream, media_type, parser_context, MOST_BYTES)
        try:
            return _batch(body)
        except BrokenEnvelopeError as error:
            raise _invalid(pointer=error.pointer, reason=error.reason) from None
        except BrokenEventError as error:
            pointer = f"/events/{error.index}{error.pointer}"
            raise _invalid(pointer=pointer, reason=error.reason) from None
        except msgspec.ValidationError as error:
            raise _invalid(reason=str(error), pointer="/events") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # msgspec's own words may quote the body.
            raise ParseError(_("The body is not valid JSON.")) from None


def _batch(body: bytes) -> Batch:
    envelope = decode_envelope(body)
    decoded = decode_events(bytes(envelope.events))
    count = len(decoded.events) + len(decoded.unknown)
    if not 0 < count <= MOST_EVENTS:
        reason = _("A batch holds between 1 and %(most)d events, not %(count)d")
        reason = reason % {"most": MOST_EVENTS, "count": count}
        raise BrokenEnvelopeError(pointer="/events", reason=reason)
    return Batch(envelope.seq, decoded.events, decoded.unknown, envelope.sent_at)


def _invalid(*, pointer: str, reason: str) -> InvalidInputError:
    where = pointer or "/"
    detail = _("%(where)s: %(reason)s.") % {"where": where, "reason": reason}
    return InvalidInputError(
        detail, [FieldError(pointer, reason)], code="invalid_batch"
    )
