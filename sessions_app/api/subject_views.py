"""What respondents may ask for: all that is known of them, and to be forgotten."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn, StrictSerializer
from common.api.throttles import ReadLimit, WriteLimit

from ..models import Erasure
from ..services.erasing import erase_respondent
from ..subject_access import disclose
from ..subjects import Name, erasure, erasures

EXAMPLE = OpenApiExample(
    "By your own name for them", {"respondent_id": "panel-7-4711"}, request_only=True
)


class NameIn(StrictSerializer):
    """Who is meant; exactly one of the two."""

    respondent_id = serializers.CharField(
        max_length=200,
        required=False,
        help_text=_("Your own name for the respondent, as sessions were opened with."),
    )
    session_id = serializers.UUIDField(
        required=False,
        help_text=_("One of their sessions; all others of its respondent are meant."),
    )


class ErasureOut(serializers.ModelSerializer[Erasure]):
    """A receipt; it names nobody."""

    erased_at = serializers.DateTimeField(source="created_at")
    rows = serializers.DictField(
        child=serializers.IntegerField(), help_text=_("How many rows of what.")
    )

    class Meta:
        model = Erasure
        fields = ["id", "erased_at", "sessions", "rows"]


class ErasurePage(serializers.Serializer[Any]):
    """A page of receipts."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ErasureOut(many=True)


def _named(request: Request) -> Name:
    asked = NameIn(data=request.data)
    asked.is_valid(raise_exception=True)
    organization_id = principal_of(request).organization_id
    return Name(organization_id, **asked.validated_data)


class ExportView(APIView):
    """All that is known of a respondent."""

    needs: Needs = {"POST": Permission.RESPONDENTS_EXPORT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="respondents_export",
        summary="Export a respondent",
        request=NameIn,
        responses={200: OpenApiTypes.OBJECT, **PROBLEMS},
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> HttpResponse:
        """Return everything that is known of somebody, verdicts with their reasons."""
        return HttpResponse(
            disclose(_named(request)),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )


class EraseView(APIView):
    """To be forgotten."""

    needs: Needs = {"POST": Permission.RESPONDENTS_ERASE}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="respondents_erase",
        summary="Erase a respondent",
        request=NameIn,
        responses={200: ErasureOut, **PROBLEMS},
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Erase everything that is known of somebody, for good; return the receipt.

        Who is named again afterwards gets the same receipt.
        """
        return Response(ErasureOut(erase_respondent(_named(request))).data)


class ErasuresView(APIView):
    """Receipts."""

    needs: Needs = {"GET": Permission.RESPONDENTS_ERASE}
    throttle_classes = [ReadLimit]

    @extend_schema(
        operation_id="respondents_erasures_list",
        summary="List receipts of erasures",
        parameters=[PageIn],
        responses={200: ErasurePage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return receipts, newest first, a page at a time."""
        query = PageIn(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        found = erasures(organization_id=principal_of(request).organization_id)
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(ErasureOut(page, many=True).data)


class ErasureView(APIView):
    """One receipt."""

    needs: Needs = {"GET": Permission.RESPONDENTS_ERASE}
    throttle_classes = [ReadLimit]

    @extend_schema(
        operation_id="respondents_erasures_read",
        summary="Read a receipt of an erasure",
        responses={200: ErasureOut, **PROBLEMS},
    )
    def get(self, request: Request, erasure_id: UUID) -> Response:
        """Return a receipt."""
        organization_id = principal_of(request).organization_id
        found = erasure(organization_id=organization_id, erasure_id=erasure_id)
        return Response(ErasureOut(found).data)
