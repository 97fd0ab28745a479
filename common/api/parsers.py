"""Reading bodies: bounded, unpacked at most once, and JSON to the letter."""

import json
import zlib
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from django.utils.translation import gettext as _, gettext_lazy
from rest_framework.exceptions import (
    APIException,
    ParseError,
    UnsupportedMediaType,
)
from rest_framework.parsers import BaseParser

# RFC 1952's window, with gzip's own header and checksum.
_GZIP: Final = zlib.MAX_WBITS | 16
_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


class PayloadTooLargeError(APIException):
    """The body is larger than accepted."""

    status_code = 413
    default_code = "payload_too_large"
    default_detail = gettext_lazy("The body is larger than accepted.")


def read_body(
    stream: IO[bytes],
    media_type: str | None,
    context: Mapping[str, Any] | None,
    limit: int,
) -> bytes:
    """Return a body of at most `limit` bytes, unpacked.

    Raises
    ------
    PayloadTooLargeError
        It is larger, packed or unpacked.
    UnsupportedMediaType
        Its encoding or character set is not one of ours.
    ParseError
        It is cut off, or holds more than it says.
    """
    headers = context["request"].headers if context else {}
    _refuse_charset(media_type or "")
    length = headers.get("content-length", "")
    declared = int(length) if length.isdecimal() else 0
    if declared > limit:
        raise PayloadTooLargeError
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise PayloadTooLargeError
    if len(raw) < declared:
        raise ParseError(_("The body ended before its declared length."))
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return raw
    if encoding != "gzip":
        raise UnsupportedMediaType(
            encoding, _("Bodies come as they are, or packed with gzip.")
        )
    return _unpack(raw, limit)


def _unpack(raw: bytes, limit: int) -> bytes:
    """Unpack gzip, and never more than asked for."""
    packed = zlib.decompressobj(wbits=_GZIP)
    try:
        body = packed.decompress(raw, limit + 1)
    except zlib.error:
        raise ParseError(_("The body is not valid gzip.")) from None
    if len(body) > limit or packed.unconsumed_tail:
        raise PayloadTooLargeError
    if not packed.eof or packed.unused_data:
        raise ParseError(_("The packed body is cut off, or followed by more."))
    return body


def _refuse_charset(media_type: str) -> None:
    for part in media_type.lower().split(";")[1:]:
        name, _equals, value = part.strip().partition("=")
        if name == "charset" and value.strip('" ') not in _UTF8:
            raise UnsupportedMediaType(media_type, _("JSON is written in UTF-8."))


class StrictJSONParser(BaseParser):
    """JSON as RFC 8259 has it: no NaN, no duplicates, no lone surrogates, no NUL."""

    media_type = "application/json"
    limit = 64 * 1024

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the body says."""
        body = read_body(stream, media_type, parser_context, self.limit)
        return parse_json(body)


def parse_json(body: bytes) -> Any:
    """Return a document that any JSON parser would read in the same way.

    Raises
    ------
    ParseError
        It is no JSON, or JSON that a database or a second parser would stumble over.
    """
    try:
        text = body.decode("utf-8")
        found = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
        # A lone surrogate was legal so far, and cannot be written to any database.
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8")
        if "\\u0000" in text or "\x00" in text:
            _refuse_nul(found)
    except RecursionError:
        raise ParseError(_("The JSON is nested too deeply.")) from None
    except json.JSONDecodeError as error:
        # Where, and never what: the body may hold what somebody wrote.
        place = {"line": error.lineno, "column": error.colno}
        reason = _("The body is not valid JSON: line %(line)d, column %(column)d.")
        raise ParseError(reason % place) from None
    except ValueError:
        reason = _("The body is not JSON that every parser reads in the same way.")
        raise ParseError(reason) from None
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "A name stands twice in one object"
        raise ValueError(msg)
    return found


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _refuse_nul(found: Any) -> None:
    """Refuse the one character that PostgreSQL does not store."""
    if isinstance(found, str) and "\x00" in found:
        raise ParseError(_("Text may not hold the character U+0000."))
    if isinstance(found, dict):
        found = [*found.keys(), *found.values()]
    if isinstance(found, list):
        for item in found:
            _refuse_nul(item)
