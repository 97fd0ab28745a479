"""`Idempotency-Key`: a request that creates can be sent again, and creates once."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..errors import FieldError, InvalidInputError
from ..idempotency import Answer, Asked, claimed

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
# A publishable key is many browsers': what one of them could guess would hand it the
# answer of another. A UUID has 36 characters.
SHORTEST: Final = 16
LONGEST: Final = 255
_FIT: Final = re.compile(rf"[!-~]{{{SHORTEST},{LONGEST}}}")

PARAMETER: Final = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description=(
        "Makes it safe to send this again: for a day the first answer is repeated, "
        "with `Idempotency-Replayed: true`. A UUID will do."
    ),
    # The plain form; one in quotation marks is the same key.
    pattern=rf"^[!-~]{{{SHORTEST},{LONGEST}}}$",
)

Method = Callable[..., Response]


def once(method: Method) -> Method:
    """Let callers repeat a view's method that creates something."""

    @extend_schema(parameters=[PARAMETER])
    @wraps(method)
    def answer(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        with claimed(_asked(request, _checked(key))) as claim:
            if (earlier := claim.earlier) is not None:
                return _again(earlier)
            response = method(view, request, *args, **kwargs)
            claim.keep(
                status=response.status_code,
                headers={k: v for k, v in response.items() if k != "Content-Type"},
                data=JSONRenderer().render(response.data).decode(),
            )
            return response

    return answer


def _checked(key: str) -> str:
    """Return the key without the quotation marks that the IETF's draft puts around it.

    Raises
    ------
    InvalidInputError
        It is too short, too long, or not plain ASCII.
    """
    plain = key[1:-1] if re.fullmatch(r'".*"', key) else key
    if _FIT.fullmatch(plain):
        return plain
    reason = _("%(header)s must have %(least)d to %(most)d visible ASCII characters.")
    detail = reason % {"header": HEADER, "least": SHORTEST, "most": LONGEST}
    raise InvalidInputError(
        detail, [FieldError("", detail)], code="idempotency_key_invalid"
    )


def _asked(request: Request, key: str) -> Asked:
    principal: Any = request.user
    name = f"{principal.kind} {principal.pk} {request.method} {request.path} {key}"
    return Asked(principal.organization_id, name, request.data)


def _again(earlier: Answer) -> Response:
    headers = {**earlier.headers, REPLAYED: "true"}
    return Response(earlier.data, status=earlier.status, headers=headers)
