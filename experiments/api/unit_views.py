"""Units: which variant they see, what they did, and what came of it all."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from common.api.schema import PROBLEMS
from common.api.throttles import IntakeLimit, ReadLimit
from common.errors import (
    FieldError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from common.spreadsheets import lines

from .. import selectors
from ..documents import COLUMNS, moments_table
from ..models import Experiment
from ..services.identifying import identify, unit_of_session
from ..services.recording import track
from ..services.taking_part import Visitor, show
from . import schema
from .serializers import ResultsIn, ShownOut, TrackIn, TrackOut, VariantIn


def unit_in(request: Request, said: dict[str, Any]) -> str:
    """Return the unit that a request is about.

    Raises
    ------
    NotFoundError
        A session's token names another session: for its holder there is no other.
    InvalidInputError
        Nobody is named.
    """
    principal = principal_of(request)
    name, anonymous = said.get("unit", ""), said.get("anonymous", "")
    if principal.session_id is not None:
        if name not in {"", str(principal.session_id)} or anonymous:
            raise NotFoundError(_("There is no such session."))
        return unit_of_session(
            organization_id=principal.organization_id, session_id=principal.session_id
        )
    if not name:
        told = _("Say whom this is about.")
        raise InvalidInputError(told, [FieldError("/unit", told)])
    return identify(
        organization_id=principal.organization_id, name=name, anonymous=anonymous
    )


class VariantView(APIView):
    """What somebody sees of an experiment."""

    needs: Needs = {"GET": Permission.EXPERIMENTS_TAKE_PART}
    throttle_classes = [IntakeLimit]

    @extend_schema(
        summary="Which variant somebody sees",
        parameters=[VariantIn],
        responses={200: ShownOut, **PROBLEMS},
    )
    def get(self, request: Request, experiment_name: str) -> Response:
        """Return their variant; the control, and why, if there is no experiment."""
        asked = VariantIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        shown = show(
            organization_id=principal_of(request).organization_id,
            name=experiment_name,
            visitor=_visitor(request, said, experiment_name),
            exposes=said["expose"],
        )
        return Response(asdict(shown))


class TrackView(APIView):
    """What somebody did."""

    needs: Needs = {"POST": Permission.EXPERIMENTS_TAKE_PART}
    throttle_classes = [IntakeLimit]

    @extend_schema(
        summary="Tell what somebody did",
        request=TrackIn,
        responses={200: TrackOut, **PROBLEMS},
        examples=[schema.TRACK_EXAMPLE],
    )
    def post(self, request: Request, experiment_name: str) -> Response:
        """Record events; one that came before is not counted again."""
        sent = TrackIn(data=request.data)
        sent.is_valid(raise_exception=True)
        events = sent.validated_data["events"]
        added = track(
            organization_id=principal_of(request).organization_id,
            name=experiment_name,
            unit=unit_in(request, sent.validated_data),
            events=events,
        )
        return Response({"added": added, "repeated": len(events) - added})


class ResultsView(APIView):
    """What an experiment shows."""

    needs: Needs = {"GET": Permission.EXPERIMENTS_READ}
    throttle_classes = [ReadLimit]

    @extend_schema(
        summary="Read an experiment's results",
        parameters=[ResultsIn],
        responses={
            (200, "application/json"): schema.ResultsOut,
            (200, "text/csv"): OpenApiTypes.STR,
            **PROBLEMS,
        },
    )
    def get(self, request: Request, experiment_name: str) -> HttpResponse | Response:
        """Return verdict, health and effects, with the moments they come from."""
        asked = ResultsIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        row = selectors.experiment(
            organization_id=principal_of(request).organization_id, name=experiment_name
        )
        return _results(row, asked.validated_data)


def _results(row: Experiment, said: dict[str, Any]) -> HttpResponse | Response:
    """Return results as a document or a table."""
    from ..results import results_document  # noqa: PLC0415 - it loads scipy

    phase = said.get("phase")
    if said["as_csv"]:
        table = "".join(lines(COLUMNS, moments_table(row, phase)))
        return HttpResponse(table, content_type="text/csv; charset=utf-8")
    found = results_document(row, phase=phase, population=said["population"])
    return Response(found)


def _visitor(request: Request, said: dict[str, Any], name: str) -> Visitor:
    """Return who is shown a variant."""
    principal = principal_of(request)
    forced = said.get("force", "")
    if forced and principal.is_browser:
        raise NotAllowedError(_("Browsers cannot choose their variant."))
    return Visitor(
        respondent=unit_in(request, said),
        attributes=said.get("attributes", {}),
        is_test=principal.is_test,
        forced={name: forced} if forced else {},
    )
