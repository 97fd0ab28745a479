"""Keys of the organization's programs: made, shown once, replaced, revoked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.views.decorators.debug import sensitive_variables
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
from ..models import ApiKey
from ..roles import key_permissions
from ..services.keys import (
    KeyTerms,
    check_may_make,
    create_key,
    revoke_key,
    rotate_key,
)
from . import schema
from .permissions import Needs, Permission, principal_of
from .serializers import KeyIn, KeyOut, NewKeyOut, RotateIn
from .tokens import NO_STORE


class KeysView(APIView):
    """An organization's keys."""

    needs: Needs = {"GET": Permission.KEYS_READ, "POST": Permission.KEYS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="keys_list",
        summary="List keys",
        parameters=[PageIn],
        responses={200: schema.KeyPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return keys without what opens anything, newest first, a page at a time."""
        PageIn(data=request.query_params.dict()).is_valid(raise_exception=True)
        found = selectors.keys(organization_id=principal_of(request).organization_id)
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(KeyOut(page, many=True).data)

    @extend_schema(
        summary="Make a key",
        request=KeyIn,
        responses={201: NewKeyOut, **PROBLEMS},
        examples=[schema.KEY_EXAMPLE],
    )
    @once
    def post(self, request: Request) -> Response:
        """Make a key; `key` is answered this once."""
        sent = KeyIn(data=request.data)
        sent.is_valid(raise_exception=True)
        _check(request, sent.validated_data)
        made, text = create_key(
            organization_id=principal_of(request).organization_id,
            kind=sent.validated_data["kind"],
            name=sent.validated_data.get("name", ""),
            origins=sent.validated_data.get("origins", ()),
            terms=_terms(sent.validated_data),
            actor_id=principal_of(request).user_id,
        )
        return _answer(made, text)


class KeyView(APIView):
    """One key."""

    needs: Needs = {"GET": Permission.KEYS_READ, "DELETE": Permission.KEYS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(summary="Read a key", responses={200: KeyOut, **PROBLEMS})
    def get(self, request: Request, key_id: UUID) -> Response:
        """Return a key without what opens anything."""
        return Response(KeyOut(_key(request, key_id)).data)

    @extend_schema(summary="Revoke a key", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key_id: UUID) -> Response:
        """End a key at once; again changes nothing."""
        key = _key(request, key_id)
        revoke_key(
            organization_id=key.organization_id,
            key_id=key.id,
            actor_id=principal_of(request).user_id,
        )
        return Response(status=204)


class RotateView(APIView):
    """A key's replacement."""

    needs: Needs = {"POST": Permission.KEYS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Replace a key",
        request=RotateIn,
        responses={201: NewKeyOut, **PROBLEMS},
        examples=[schema.ROTATE_EXAMPLE],
    )
    @once
    def post(self, request: Request, key_id: UUID) -> Response:
        """Make a new key on the same terms; the old one works a while longer."""
        sent = RotateIn(data=request.data)
        sent.is_valid(raise_exception=True)
        check_may_make(
            principal_of(request).permissions, _key(request, key_id).permissions
        )
        made, text = rotate_key(
            organization_id=principal_of(request).organization_id,
            key_id=key_id,
            overlap=timedelta(seconds=sent.validated_data["overlap_s"]),
            actor_id=principal_of(request).user_id,
        )
        return _answer(made, text)


def _key(request: Request, key_id: UUID) -> ApiKey:
    return selectors.key(
        organization_id=principal_of(request).organization_id, key_id=key_id
    )


def _check(request: Request, sent: Any) -> None:
    allowed = key_permissions(sent["kind"], sent.get("scopes"))
    check_may_make(principal_of(request).permissions, allowed)


def _terms(sent: Any) -> KeyTerms:
    return KeyTerms(
        scopes=sent.get("scopes"),
        networks=sent.get("networks", ()),
        expires_at=sent.get("expires_at"),
        is_test=sent.get("is_test", False),
    )


@sensitive_variables("text")
def _answer(made: ApiKey, text: str) -> Response:
    document = {**KeyOut(made).data, "key": text}
    return Response(document, status=201, headers=NO_STORE)
