"""Errors as RFC 9457 problem details: one shape for every refusal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any, Final

import structlog
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import DatabaseError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _, gettext_lazy
from django.views.defaults import page_not_found, server_error
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from .. import request_ids
from ..errors import (
    BonafideError,
    ChangedMeanwhileError,
    ConflictError,
    FieldError,
    InProgressError,
    InvalidInputError,
    KeyReusedError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    VersionMissingError,
)
from ..middleware import speaks_json
from .throttles import seconds_to_hold_up

log = structlog.get_logger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
# Names a page of documentation; it need not resolve (RFC 9457, 3.1.1).
TYPE_ROOT: Final = "https://bonafide.example/problems/"
RETRY_AFTER_S: Final = 2
# From here on it is not the caller's fault; whoever looks into it asks for the id.
_OURS: Final = 500
_READS: Final = ("GET", "HEAD")

View = Callable[..., HttpResponseBase]

_STATUS: Final[Mapping[type[BonafideError], int]] = {
    NotAuthenticatedError: 401,
    NotAllowedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    ChangedMeanwhileError: 412,
    VersionMissingError: 428,
    LimitReachedError: 429,
    KeyReusedError: 422,
    InvalidInputError: 400,
}
# What whoever tries keys, or what a key may do, gets to hear.
_REFUSALS: Final = (
    NotAuthenticatedError,
    NotAllowedError,
    exceptions.AuthenticationFailed,
    exceptions.NotAuthenticated,
    exceptions.PermissionDenied,
)
_TITLES: Final = {
    400: gettext_lazy("Not acceptable input"),
    401: gettext_lazy("Who are you?"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("No such representation"),
    409: gettext_lazy("Conflict"),
    411: gettext_lazy("Length required"),
    412: gettext_lazy("Changed meanwhile"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Unsupported media type"),
    422: gettext_lazy("Not the same request"),
    428: gettext_lazy("Say what you have seen"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Our mistake"),
    503: gettext_lazy("Not available for the moment"),
}
_CODES: Final = {
    "error": "invalid_input",
    "invalid": "invalid_input",
    "parse_error": "malformed_body",
}


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a problem's document."""
    document: dict[str, Any] = {
        "type": TYPE_ROOT + code.replace("_", "-"),
        "title": str(_TITLES.get(status, _("Refused"))),
        "status": status,
        "code": code,
        "detail": detail,
        **(extra or {}),
    }
    if status >= _OURS:
        document["request_id"] = request_ids.current()
    if errors:
        document["errors"] = [
            {"pointer": error.pointer, "detail": error.detail} for error in errors
        ]
    return document


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what a view raised into an answer; None lets Django make it a 500."""
    error = _held_up(error, context["request"])
    if isinstance(error, BonafideError):
        answer = _of_ours(error)
    elif isinstance(error, exceptions.APIException):
        answer = _of_rest_framework(error)
    elif isinstance(error, Http404):
        answer = _answer(404, "not_found", _("There is no such thing."))
    elif isinstance(error, DjangoPermissionDenied):
        answer = _answer(403, "permission_denied", _("You may not do this."))
    elif isinstance(error, OperationalError):
        answer = _of_database(error)
    else:
        return None
    set_rollback()
    return answer


def _held_up(error: Exception, request: Request) -> Exception:
    """Return what whoever was refused too often is told instead."""
    if not isinstance(error, _REFUSALS):
        return error
    wait_s = seconds_to_hold_up(request._request)  # noqa: SLF001 - it knows its address
    return exceptions.Throttled(wait_s) if wait_s else error


def answer_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read as a request (Django's handler400).

    Renders no page: the body that broke may be read once more by one.
    """
    return _plain(400, "bad_request", _("This request cannot be understood."))


class LengthRequired:
    """Middleware that refuses bodies of unknown length.

    Django reads no body without a length, so a chunked one would be taken for an empty
    one: accepted, and lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let pass what has a length, or no body."""
        headers = request.headers
        if "transfer-encoding" in headers and "content-length" not in headers:
            reason = _("Send the body with a Content-Length, not in chunks.")
            return _plain(411, "length_required", reason)
        return self.get_response(request)


def answer_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist (Django's handler404)."""
    if not speaks_json(request):
        return page_not_found(request, exception)
    return _plain(404, "not_found", _("There is nothing at this address."))


def answer_our_mistake(request: HttpRequest) -> HttpResponse:
    """Answer when we failed (Django's handler500), which Django has logged."""
    if not speaks_json(request):
        return server_error(request)
    return _plain(500, "internal_error", _("This is our mistake; it has been noted."))


def reads_only(view: View) -> View:
    """Let a view be read and nothing else; it is no view of REST framework's."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in _READS:
            return view(request, *args, **kwargs)
        reason = _('Method "%(method)s" not allowed.') % {"method": request.method}
        refusal = _plain(405, "method_not_allowed", reason)
        refusal["Allow"] = ", ".join(_READS)
        return refusal

    return answer


def _plain(status: int, code: str, detail: str) -> JsonResponse:
    document = problem(status=status, code=code, detail=detail)
    return JsonResponse(document, status=status, content_type=CONTENT_TYPE)


def _answer(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    extra: Mapping[str, Any] | None = None,
) -> Response:
    document = problem(
        status=status, code=code, detail=detail, errors=errors, extra=extra
    )
    return Response(document, status=status, content_type=CONTENT_TYPE)


def _of_ours(error: BonafideError) -> Response:
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    errors = error.errors if isinstance(error, InvalidInputError) else ()
    answer = _answer(status, error.code, error.detail, errors, error.extra)
    if isinstance(error, NotAuthenticatedError):
        answer["WWW-Authenticate"] = "Bearer"
    if isinstance(error, InProgressError):
        answer["Retry-After"] = str(error.wait_s)
    return answer


def _of_rest_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if isinstance(error, exceptions.ValidationError):
        errors = tuple(_field_errors(error.detail, ""))
        detail = errors[0].detail if len(errors) == 1 else _("Some fields are wrong.")
        answer = _answer(error.status_code, "invalid_input", detail, errors)
    else:
        codes = error.get_codes()
        code = codes if isinstance(codes, str) else error.default_code
        answer = _answer(
            error.status_code, _CODES.get(code, code), _sentence(str(error.detail))
        )
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    for name, value in headers.items():
        answer[name] = value
    return answer


def _of_database(error: DatabaseError) -> Response:
    """Tell the caller to come back: nothing was stored, nothing was lost."""
    log.error("database.away", error=type(error).__name__)
    answer = _answer(503, "try_again", _("Please try again in a moment."))
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _field_errors(detail: Any, pointer: str) -> Iterator[FieldError]:
    """Flatten DRF's nested errors into JSON pointers."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{_escaped(str(name))}"
            yield from _field_errors(inner, pointer + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (Mapping, list))
            step = f"/{index}" if nested else ""
            yield from _field_errors(inner, pointer + step)
    else:
        yield FieldError(pointer, _sentence(str(detail)))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
