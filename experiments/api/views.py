"""Experiments: listed, read, made, changed, started, stopped, archived, planned."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from common.api.idempotency import once
from common.api.matching import IF_MATCH, etag, expected_version
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.throttles import ReadLimit, WriteLimit

from .. import selectors
from ..documents import experiment_document
from ..models import Experiment
from ..services import experiments as services
from . import schema
from .serializers import (
    ExperimentChangeIn,
    ExperimentIn,
    ExperimentListIn,
    ExperimentOut,
    PlanIn,
    PlanOut,
    StopIn,
)


def owner_of(request: Request) -> UUID:
    """Return for which organization somebody asks."""
    return principal_of(request).organization_id


def answer(row: Experiment, status: int = 200) -> Response:
    """Return an experiment with its version."""
    document = ExperimentOut(experiment_document(row)).data
    return Response(document, status=status, headers=etag(row.version))


class ExperimentsView(APIView):
    """An organization's experiments."""

    needs: Needs = {
        "GET": Permission.EXPERIMENTS_READ,
        "POST": Permission.EXPERIMENTS_EDIT,
    }
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="experiments_list",
        summary="List experiments",
        parameters=[ExperimentListIn],
        responses={200: schema.ExperimentPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return experiments, newest first; archived ones if they are asked for."""
        asked = ExperimentListIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        found = selectors.experiments(
            organization_id=owner_of(request),
            state=said.get("state", ""),
            search=said.get("search", ""),
        )
        pages = NewestFirst()
        page: Any = pages.paginate_queryset(found, request, view=self)
        documents = [ExperimentOut(experiment_document(row)).data for row in page]
        return pages.get_paginated_response(documents)

    @extend_schema(
        summary="Make an experiment",
        request=ExperimentIn,
        responses={201: ExperimentOut, **PROBLEMS},
        examples=[schema.EXPERIMENT_EXAMPLE],
    )
    @once
    def post(self, request: Request) -> Response:
        """Make a draft: nobody sees it before it is started."""
        sent = ExperimentIn(data=request.data)
        sent.is_valid(raise_exception=True)
        row = services.create_experiment(
            organization_id=owner_of(request), **sent.validated_data
        )
        return answer(row, status=201)


class ExperimentView(APIView):
    """One experiment."""

    needs: Needs = {
        "GET": Permission.EXPERIMENTS_READ,
        "PATCH": Permission.EXPERIMENTS_EDIT,
        "DELETE": Permission.EXPERIMENTS_EDIT,
    }
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Read an experiment", responses={200: ExperimentOut, **PROBLEMS}
    )
    def get(self, request: Request, experiment_name: str) -> Response:
        """Return its design and its state."""
        row = selectors.experiment(
            organization_id=owner_of(request), name=experiment_name
        )
        return answer(row)

    @extend_schema(
        summary="Change an experiment",
        parameters=[IF_MATCH],
        request=ExperimentChangeIn,
        responses={200: ExperimentOut, **PROBLEMS},
    )
    def patch(self, request: Request, experiment_name: str) -> Response:
        """Change fields; while it runs, other weights or audiences begin a phase."""
        sent = ExperimentChangeIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        row = services.change_experiment(
            organization_id=owner_of(request),
            name=experiment_name,
            expected=expected_version(request, said, is_needed=False),
            **said,
        )
        return answer(row)

    @extend_schema(summary="Archive an experiment", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, experiment_name: str) -> Response:
        """Put it away; what runs is stopped. Its results stay."""
        services.archive_experiment(
            organization_id=owner_of(request), name=experiment_name
        )
        return Response(status=204)


class StartView(APIView):
    """An experiment's beginning."""

    needs: Needs = {"POST": Permission.EXPERIMENTS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Start an experiment",
        request=None,
        responses={200: ExperimentOut, **PROBLEMS},
    )
    def post(self, request: Request, experiment_name: str) -> Response:
        """Let it run, everywhere within five seconds; again changes nothing."""
        row = services.start_experiment(
            organization_id=owner_of(request), name=experiment_name
        )
        return answer(row)


class StopView(APIView):
    """An experiment's end."""

    needs: Needs = {"POST": Permission.EXPERIMENTS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Stop an experiment",
        request=StopIn,
        responses={200: ExperimentOut, **PROBLEMS},
    )
    def post(self, request: Request, experiment_name: str) -> Response:
        """Show everybody the control; what was begun goes on to be counted."""
        sent = StopIn(data=request.data)
        sent.is_valid(raise_exception=True)
        row = services.stop_experiment(
            organization_id=owner_of(request),
            name=experiment_name,
            **sent.validated_data,
        )
        return answer(row)


class PlanView(APIView):
    """What an experiment would need."""

    needs: Needs = {"POST": Permission.EXPERIMENTS_READ}
    throttle_classes = [ReadLimit]

    @extend_schema(
        summary="Plan an experiment",
        request=PlanIn,
        responses={200: PlanOut, **PROBLEMS},
        examples=[schema.PLAN_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Return how long a lift takes, or which lift some days show."""
        sent = PlanIn(data=request.data)
        sent.is_valid(raise_exception=True)
        from ..services.planning import Wanted, plan  # noqa: PLC0415 - it loads scipy

        return Response(asdict(plan(Wanted(**sent.validated_data))))
