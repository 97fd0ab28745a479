"""`ETag` and `If-Match`: a change says which version it was made upon."""

import re
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from common.errors import FieldError, InvalidInputError, VersionMissingError

IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The `ETag` that the change is based on; `*` for whichever there is.",
)
_VERSION: Final = re.compile(r'(?:W/)?"(\d{1,10})"')


def etag(version: int) -> dict[str, str]:
    """Return the header that tells a version."""
    return {"ETag": f'"{version}"'}


def expected_version(
    request: Request, said: dict[str, Any], *, is_needed: bool
) -> int | None:
    """Return the version that a change expects; None if whichever there is will do.

    It is taken from the body, if that says one beside what is to be changed.

    Raises
    ------
    VersionMissingError
        None is named, and one is needed.
    InvalidInputError
        It is no version of ours.
    """
    version = said.pop("version", None)
    tag = request.headers.get("If-Match", "").strip()
    if not tag and version is not None:
        return int(version)
    if not tag:
        if is_needed:
            reason = _("Send the ETag that you read as If-Match, or the version.")
            raise VersionMissingError(reason)
        return None
    if tag == "*":
        return None
    found = _VERSION.fullmatch(tag)
    if found is None:
        reason = _("If-Match holds one ETag that was answered here, or *.")
        raise InvalidInputError(reason, [FieldError("", reason)])
    return int(found[1])
