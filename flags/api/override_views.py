"""Overrides of flags, segments, and definitions taken away and brought in."""

import json
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission
from common.api.idempotency import once
from common.api.matching import IF_MATCH, etag, expected_version
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn
from common.api.throttles import WriteLimit

from .. import selectors
from ..services import exchanging, overrides, segments
from ..services.checking import refuse, told
from . import schema
from .serializers import (
    ExportOut,
    ImportedOut,
    ImportIn,
    OverrideIn,
    OverrideOfIn,
    OverrideOut,
    SegmentChangeIn,
    SegmentIn,
    SegmentOut,
)
from .views import owner_of


class OverrideView(APIView):
    """A variant for somebody, before every rule."""

    needs: Needs = {"POST": Permission.FLAGS_EDIT, "DELETE": Permission.FLAGS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Override a flag for a user or for the organization",
        request=OverrideIn,
        responses={201: OverrideOut, **PROBLEMS},
        examples=[schema.OVERRIDE_EXAMPLE],
    )
    @once
    def post(self, request: Request, flag_name: str) -> Response:
        """Give a variant to a user, or to everybody of the organization."""
        sent = OverrideIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        owner = owner_of(request)
        made = overrides.set_override(
            organization_id=owner,
            flag=flag_name,
            whom=_whom(request, said.pop("user", "")),
            variant=_variant(request, flag_name, said),
            **said,
        )
        return Response(OverrideOut(made).data, status=201)

    @extend_schema(
        summary="Take an override back",
        parameters=[OverrideOfIn],
        responses={204: None, **PROBLEMS},
    )
    def delete(self, request: Request, flag_name: str) -> Response:
        """Remove what a user, or the organization, was given."""
        asked = OverrideOfIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        overrides.remove_override_for(
            organization_id=owner_of(request),
            flag=flag_name,
            whom=_whom(request, asked.validated_data.get("user", "")),
        )
        return Response(status=204)


class SegmentsView(APIView):
    """Named groups of people."""

    needs: Needs = {"GET": Permission.FLAGS_READ, "POST": Permission.FLAGS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="feature_segments_list",
        summary="List segments",
        parameters=[PageIn],
        responses={200: schema.SegmentPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return segments, newest first, a page at a time."""
        PageIn(data=request.query_params.dict()).is_valid(raise_exception=True)
        found = selectors.segments(organization_id=owner_of(request))
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(SegmentOut(page, many=True).data)

    @extend_schema(
        summary="Make a segment",
        request=SegmentIn,
        responses={201: SegmentOut, **PROBLEMS},
    )
    @once
    def post(self, request: Request) -> Response:
        """Make a segment that rules can refer to."""
        sent = SegmentIn(data=request.data)
        sent.is_valid(raise_exception=True)
        row = segments.create_segment(
            organization_id=owner_of(request), **sent.validated_data
        )
        return Response(SegmentOut(row).data, status=201, headers=etag(row.version))


class SegmentView(APIView):
    """One segment."""

    needs: Needs = {
        "GET": Permission.FLAGS_READ,
        "PUT": Permission.FLAGS_EDIT,
        "DELETE": Permission.FLAGS_EDIT,
    }
    throttle_classes = [WriteLimit]

    @extend_schema(summary="Read a segment", responses={200: SegmentOut, **PROBLEMS})
    def get(self, request: Request, segment_name: str) -> Response:
        """Return a segment."""
        row = selectors.segment(organization_id=owner_of(request), name=segment_name)
        return Response(SegmentOut(row).data, headers=etag(row.version))

    @extend_schema(
        summary="Replace a segment's definition",
        parameters=[IF_MATCH],
        request=SegmentChangeIn,
        responses={200: SegmentOut, **PROBLEMS},
    )
    def put(self, request: Request, segment_name: str) -> Response:
        """Replace it for every flag that refers to it."""
        sent = SegmentChangeIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        row = segments.replace_segment(
            organization_id=owner_of(request),
            name=segment_name,
            expected=expected_version(request, said, is_needed=True),
            **said,
        )
        return Response(SegmentOut(row).data, headers=etag(row.version))

    @extend_schema(summary="Remove a segment", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, segment_name: str) -> Response:
        """Remove a segment that no flag refers to."""
        segments.remove_segment(organization_id=owner_of(request), name=segment_name)
        return Response(status=204)


class ExportView(APIView):
    """Definitions, taken away."""

    needs: Needs = {"GET": Permission.FLAGS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(summary="Export flags", responses={200: ExportOut, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Return all flags, segments and overrides; these name their users."""
        return Response(
            json.loads(exchanging.export(organization_id=owner_of(request))),
            headers={"Cache-Control": "no-store"},
        )


class ImportView(APIView):
    """Definitions, brought in."""

    needs: Needs = {"POST": Permission.FLAGS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Import flags",
        request=ImportIn,
        responses={200: ImportedOut, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Bring in an export, or what Unleash's client API sends: all or nothing."""
        sent = ImportIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        report = exchanging.bring_in(
            organization_id=owner_of(request),
            document=json.dumps(said["document"]),
            form=said["format"],
            is_trial=said["dry_run"],
        )
        return Response(_told(report))


def _told(report: exchanging.Report) -> dict[str, Any]:
    issues = [{"pointer": one.place, "detail": told(one)} for one in report.issues]
    return {
        "created": report.created,
        "changed": report.changed,
        "same": report.same,
        "issues": issues,
    }


def _whom(request: Request, user: str) -> overrides.Whom:
    """Return a user, or the organization that asks."""
    return overrides.Whom(user, None if user else owner_of(request))


def _variant(request: Request, name: str, said: dict[str, Any]) -> str:
    """Return the variant that is meant: by its name, or by its value."""
    variant, value = said.pop("variant", None), said.pop("value", None)
    if (variant is None) == (value is None):
        refuse("/variant", _("Name either a variant or its value."))
    if variant is not None:
        return str(variant)
    flag = overrides.flag_meant(owner_of(request), name)
    # True is 1 to Python, and not in JSON.
    alike = (v for v in flag.variants if type(v.value) is type(value))
    found = next((v.name for v in alike if v.value == value), None)
    return found or refuse("/value", _("No variant has this value."))
