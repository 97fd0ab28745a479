"""Surveys and their policies."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn
from common.api.throttles import WriteLimit

from .. import selectors
from ..services.surveys import change_survey, create_survey
from . import schema
from .serializers import SurveySerializer


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
    def post(self, request: Request) -> Response:
        """Create a survey with its policy."""
        sent = SurveySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
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
        survey = change_survey(
            organization_id=principal_of(request).organization_id,
            survey_id=survey_id,
            **sent.validated_data,
        )
        return Response(SurveySerializer(survey).data)
