"""Surveys and their policies."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from accounts.facade import Principal, PrincipalKind
from common.api.idempotency import once
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn
from common.api.throttles import WriteLimit
from common.errors import NotAllowedError

from .. import selectors
from ..services.surveys import POLICY_FIELDS, change_survey, create_survey
from . import schema
from .serializers import SurveySerializer


def _check_policy(principal: Principal, sent: Mapping[str, Any]) -> None:
    """Refuse a policy from who may edit surveys, but not put a policy in force.

    Raises
    ------
    NotAllowedError
        The caller may not publish.
    """
    if set(POLICY_FIELDS) & set(sent) and not principal.may(Permission.POLICY_PUBLISH):
        kind = "permission" if principal.kind == PrincipalKind.USER else "scope"
        raise NotAllowedError(
            _("Setting what follows from a verdict needs policy.publish."),
            code=f"{kind}_missing",
        )


class SurveysView(APIView):
    """An organization's surveys."""

    needs: Needs = {"GET": Permission.SURVEYS_READ, "POST": Permission.SURVEYS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="surveys_list",
        summary="List surveys",
        parameters=[PageIn],
        responses={200: schema.SURVEY_PAGE, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return surveys, newest first, a page at a time."""
        PageIn(data=request.query_params.dict()).is_valid(raise_exception=True)
        found = selectors.surveys(organization_id=principal_of(request).organization_id)
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(SurveySerializer(page, many=True).data)

    @extend_schema(
        summary="Create a survey",
        request=SurveySerializer,
        responses={201: SurveySerializer, **PROBLEMS},
        examples=[schema.SURVEY_EXAMPLE],
    )
    @once
    def post(self, request: Request) -> Response:
        """Create a survey with its policy."""
        sent = SurveySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        _check_policy(principal_of(request), sent.validated_data)
        survey = create_survey(
            organization_id=principal_of(request).organization_id, **sent.validated_data
        )
        return Response(SurveySerializer(survey).data, status=201)


class SurveyView(APIView):
    """One survey."""

    needs: Needs = {"GET": Permission.SURVEYS_READ, "PATCH": Permission.SURVEYS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Read a survey", responses={200: SurveySerializer, **PROBLEMS}
    )
    def get(self, request: Request, survey_id: UUID) -> Response:
        """Return a survey with its policy."""
        survey = selectors.survey(
            organization_id=principal_of(request).organization_id, survey_id=survey_id
        )
        return Response(SurveySerializer(survey).data)

    @extend_schema(
        summary="Change a survey",
        request=SurveySerializer(partial=True),
        responses={200: SurveySerializer, **PROBLEMS},
    )
    def patch(self, request: Request, survey_id: UUID) -> Response:
        """Change the fields that are sent."""
        sent = SurveySerializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        _check_policy(principal_of(request), sent.validated_data)
        survey = change_survey(
            organization_id=principal_of(request).organization_id,
            survey_id=survey_id,
            **sent.validated_data,
        )
        return Response(SurveySerializer(survey).data)
