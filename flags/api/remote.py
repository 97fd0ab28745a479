"""OpenFeature's remote evaluation (OFREP 0.3.0): every OpenFeature client asks here.

Paths, bodies and words are those of open-feature/protocol, service/openapi.yaml. It
allows no problem details: each refusal has `errorCode` and `errorDetails`.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import structlog
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import BearerAuthentication
from accounts.api.permissions import Needs, Permission, principal_of
from accounts.facade import Principal
from common.api.throttles import ReadLimit

from ..engine import Context, Evaluation
from ..facade import context_of
from ..models import LONGEST_NAME
from ..registry import declared
from ..serving.process import count, served
from ..serving.state import Served
from ..texts import ERRORS

log = structlog.get_logger(__name__)

KEY_HEADER: Final = "X-API-Key"
MOST_ATTRIBUTES: Final = 200
# What the protocol calls an error with these statuses.
_CODES: Final = {404: "FLAG_NOT_FOUND"}
_ASKED_WRONGLY: Final = frozenset(
    {"PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT"}
)


class KeyInEitherHeader(BearerAuthentication):
    """The protocol's two ways to show a key; the other one is `X-API-Key`."""

    def shown(self, request: Request) -> bytes:
        """Return what was shown, as the usual header has it."""
        key = request.headers.get(KEY_HEADER, "")
        return super().shown(request) or (f"Bearer {key}".encode() if key else b"")


class RemoteView(APIView):
    """What both addresses share: who may ask, and how refusals look."""

    authentication_classes = [KeyInEitherHeader]

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a refusal in the protocol's words, with its usual headers."""
        try:
            answer = super().handle_exception(exc)
        # Whatever it was: a client of flags goes on with its own defaults.
        except Exception:
            log.exception("ofrep.failed")
            answer = Response(status=500)
        said = answer.data if isinstance(answer.data, Mapping) else {}
        detail = said.get("detail") or _("This is our mistake; it has been noted.")
        code = _CODES.get(answer.status_code, "GENERAL")
        if isinstance(exc, exceptions.ParseError):
            code = "PARSE_ERROR"
        elif isinstance(exc, ContextError):
            code = "INVALID_CONTEXT"
        answer.data = {
            "key": self.kwargs.get("flag_key", ""),
            "errorCode": code,
            "errorDetails": str(detail),
        }
        answer.content_type = "application/json"
        return answer


class ContextError(exceptions.APIException):
    """What was asked about cannot be read."""

    status_code = 400
    default_code = "invalid_context"


class EvaluateFlagView(RemoteView):
    """One flag."""

    needs: Needs = {"POST": Permission.FLAGS_EVALUATE}
    throttle_classes = [ReadLimit]

    @extend_schema(exclude=True)
    def post(self, request: Request, flag_key: str) -> Response:
        """Return what a flag says to a context."""
        principal = principal_of(request)
        ours = served(principal.organization_id)
        context = _context(request, principal.organization_id)
        if not _is_seen(ours, flag_key, principal):
            return _not_found(flag_key)
        found = ours.snapshot.evaluate(flag_key, context)
        count(found, principal.organization_id)
        document = _document(found, principal)
        status = 400 if found.error in _ASKED_WRONGLY else 200
        return Response(document, status=status)


class EvaluateFlagsView(RemoteView):
    """All flags at once, for clients that keep what they were told."""

    needs: Needs = {"POST": Permission.FLAGS_EVALUATE}
    throttle_classes = [ReadLimit]

    @extend_schema(exclude=True)
    def post(self, request: Request) -> Response:
        """Return what every flag says, or 304 while it says the same."""
        principal = principal_of(request)
        ours = served(principal.organization_id)
        context = _context(request, principal.organization_id)
        moves = ours.derived(_moves_by_itself)
        if not moves and _is_known(request, tag := _tag(ours, principal, context)):
            return _unchanged(tag)
        flags = _everything(ours, principal, context)
        said = json.dumps(flags, default=str) if moves else ""
        if _is_known(request, tag := _tag(ours, principal, context, said)):
            return _unchanged(tag)
        document = {"flags": flags, "metadata": {"version": str(ours.version)}}
        return Response(document, headers={"ETag": tag})


def _context(request: Request, organization_id: UUID) -> Context:
    """Return what is asked about; which organization asks is not the client's to say.

    Raises
    ------
    ContextError
        It is no object, has too many fields, or names nobody by something else.
    """
    body = request.data
    if not isinstance(body, Mapping):
        raise ContextError(_("The body must be an object with a context."))
    said = body.get("context")
    if said is None:
        said = {}
    if not isinstance(said, Mapping) or len(said) > MOST_ATTRIBUTES:
        raise ContextError(_("The context must be an object of at most 200 fields."))
    key = said.get("targetingKey", "")
    if not isinstance(key, str):
        raise ContextError(_("The targetingKey must be text."))
    about = context_of(organization_id)
    return Context({**said, **about.attributes}, about.now, about.draw)


def _document(found: Evaluation, principal: Principal) -> dict[str, Any]:
    """Return an evaluation as the protocol has it.

    Without a value the client's own default holds. Clients want `variant` always.
    """
    if found.error is not None:
        return {
            "key": found.flag,
            "errorCode": found.error,
            "errorDetails": str(ERRORS[found.error]),
        }
    metadata = {**found.metadata, "version": str(found.version)}
    if not principal.is_browser and found.rule:
        # A browser never learns why.
        metadata["rule"] = found.rule
    document: dict[str, Any] = {
        "key": found.flag,
        "reason": found.reason,
        "variant": found.variant,
        "metadata": metadata,
    }
    if found.value is not None:
        document["value"] = found.value
    return document


def _everything(
    ours: Served, principal: Principal, context: Context
) -> list[dict[str, Any]]:
    """Return what every flag says that somebody may know of."""
    names = ours.derived(_visible if principal.is_browser else _all)
    every = ours.snapshot.evaluate_all(context, names)
    for one in every:
        count(one, principal.organization_id)
    return [_document(one, principal) for one in every]


def _not_found(key: str) -> Response:
    document = {
        "key": key[:LONGEST_NAME],
        "errorCode": "FLAG_NOT_FOUND",
        "errorDetails": str(ERRORS["FLAG_NOT_FOUND"]),
    }
    return Response(document, status=404)


def _is_seen(ours: Served, name: str, principal: Principal) -> bool:
    if principal.is_browser:
        return name in ours.derived(_visible)
    return name in ours.snapshot


def _all(ours: Served) -> list[str]:
    """Return all flags but those that Bonafide asks itself: who wants one names it."""
    flags = ours.snapshot.definitions.flags
    return sorted(flag.name for flag in flags if flag.name not in declared())


def _visible(ours: Served) -> list[str]:
    flags = ours.snapshot.definitions.flags
    return sorted(flag.name for flag in flags if flag.visible_to_clients)


def _moves_by_itself(ours: Served) -> bool:
    """Say whether an answer can change while no definition does: by the clock."""
    whole = ours.snapshot.definitions
    if any(one.expires is not None for one in whole.overrides):
        return True
    text = repr(whole.flags) + repr(whole.segments)
    # Windows, progressions, and questions about the moment itself.
    signs = ("Window(", "Progression(", "DATE_", "currentTime", "'random'")
    return any(sign in text for sign in signs)


def _tag(ours: Served, principal: Principal, context: Context, said: str = "") -> str:
    """Return a tag of all that an answer depends on."""
    about = json.dumps(context.attributes, sort_keys=True, default=str)
    parts = (str(ours.version), str(principal.is_browser), about, said)
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'"{digest[:32]}"'


def _is_known(request: Request, tag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return tag in {one.strip().removeprefix("W/") for one in known.split(",")}


def _unchanged(tag: str) -> Response:
    # By hand: Django's own answer to a POST would be 412.
    return Response(status=304, headers={"ETag": tag})
