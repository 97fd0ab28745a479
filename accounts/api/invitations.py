"""Invitations: how people become members."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.idempotency import once
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn
from common.api.throttles import WriteLimit

from .. import selectors
from ..principals import Principal
from ..services.invitations import invite, withdraw_invitation
from ..services.members import check_may_assign
from . import schema
from .permissions import Needs, Permission, principal_of
from .serializers import InvitationIn, InvitationOut


class InvitationsView(APIView):
    """Whom an organization invited."""

    needs: Needs = {
        "GET": Permission.MEMBERS_EDIT,
        "POST": Permission.MEMBERS_EDIT,
    }
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="invitations_list",
        summary="List invitations",
        parameters=[PageIn],
        responses={200: schema.InvitationPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return invitations, newest first, a page at a time."""
        PageIn(data=request.query_params.dict()).is_valid(raise_exception=True)
        found = selectors.invitations(
            organization_id=principal_of(request).organization_id
        )
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(InvitationOut(page, many=True).data)

    @extend_schema(
        summary="Invite somebody",
        request=InvitationIn,
        responses={201: InvitationOut, **PROBLEMS},
        examples=[schema.INVITATION_EXAMPLE],
    )
    @once
    def post(self, request: Request) -> Response:
        """Send somebody a link that makes them a member, once."""
        sent = InvitationIn(data=request.data)
        sent.is_valid(raise_exception=True)
        principal = principal_of(request)
        _check(principal, **sent.validated_data)
        made = invite(
            organization_id=principal.organization_id,
            actor_id=principal.user_id,
            **sent.validated_data,
        )
        return Response(InvitationOut(made).data, status=201)


class InvitationView(APIView):
    """One invitation."""

    needs: Needs = {"DELETE": Permission.MEMBERS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(summary="Withdraw an invitation", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """End an invitation; one that is over stays as it is."""
        withdraw_invitation(
            organization_id=principal_of(request).organization_id,
            invitation_id=invitation_id,
        )
        return Response(status=204)


def _check(
    principal: Principal, *, role: str, may_publish: bool = False, **_rest: object
) -> None:
    check_may_assign(principal.permissions, old=None, new=role, entrusts=may_publish)
