"""Members of the organization: listed, changed, removed. Invitations bring new ones."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn
from common.api.throttles import ReadLimit, WriteLimit

from .. import selectors
from ..services.members import change_role, check_may_assign, remove_member
from . import schema
from .permissions import Needs, Permission, principal_of
from .serializers import MemberIn, MemberOut


class MembersView(APIView):
    """An organization's members."""

    needs: Needs = {"GET": Permission.MEMBERS_READ}
    throttle_classes = [ReadLimit]

    @extend_schema(
        operation_id="members_list",
        summary="List members",
        parameters=[PageIn],
        responses={200: schema.MemberPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return members, newest first, a page at a time."""
        PageIn(data=request.query_params.dict()).is_valid(raise_exception=True)
        found = selectors.members(organization_id=principal_of(request).organization_id)
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(MemberOut(page, many=True).data)


class MemberView(APIView):
    """One member."""

    needs: Needs = {
        "PATCH": Permission.MEMBERS_EDIT,
        "DELETE": Permission.MEMBERS_EDIT,
    }
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Change a member",
        request=MemberIn(partial=True),
        responses={200: MemberOut, **PROBLEMS},
        examples=[schema.MEMBER_EXAMPLE],
    )
    def patch(self, request: Request, membership_id: UUID) -> Response:
        """Give a member another role; their tokens end at once."""
        sent = MemberIn(data=request.data)
        sent.is_valid(raise_exception=True)
        principal = principal_of(request)
        ids = _ids(request, membership_id)
        old = selectors.member(**ids)
        role = sent.validated_data.get("role", old.role)
        may_publish = sent.validated_data.get("may_publish", old.may_publish)
        entrusts = may_publish and not old.may_publish
        check_may_assign(
            principal.permissions, old=old.role, new=role, entrusts=entrusts
        )
        member = change_role(**ids, role=role, may_publish=may_publish)
        return Response(MemberOut(member).data)

    @extend_schema(summary="Remove a member", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, membership_id: UUID) -> Response:
        """End a membership; the last owner stays."""
        ids = _ids(request, membership_id)
        permissions = principal_of(request).permissions
        check_may_assign(permissions, old=selectors.member(**ids).role, new=None)
        remove_member(**ids)
        return Response(status=204)


def _ids(request: Request, membership_id: UUID) -> dict[str, UUID]:
    """Return what services know a member by."""
    organization_id = principal_of(request).organization_id
    return {"organization_id": organization_id, "membership_id": membership_id}
