"""Webhook endpoints, and what was sent to them."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from common.api.idempotency import once
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn
from common.api.throttles import WriteLimit

from .. import selectors
from ..models import WebhookEndpoint
from ..services import endpoints, publishing, replaying
from . import schema
from .serializers import (
    DeliveryFilterIn,
    DeliveryOut,
    EndpointChangeIn,
    EndpointIn,
    EndpointOut,
    NewEndpointOut,
    PeriodIn,
    ReplayedOut,
    SecretRotateIn,
)

# A secret is for who asked, and for no cache on the way.
NO_STORE: Final = {"Cache-Control": "no-store"}


class EndpointsView(APIView):
    """An organization's webhook endpoints."""

    needs: Needs = {"GET": Permission.WEBHOOKS_READ, "POST": Permission.WEBHOOKS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="webhooks_list",
        summary="List webhook endpoints",
        parameters=[PageIn],
        responses={200: schema.EndpointPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return endpoints without their secrets, newest first, a page at a time."""
        PageIn(data=request.query_params.dict()).is_valid(raise_exception=True)
        found = selectors.endpoints(organization_id=_owner(request))
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(EndpointOut(page, many=True).data)

    @extend_schema(
        summary="Make a webhook endpoint",
        request=EndpointIn,
        responses={201: NewEndpointOut, **PROBLEMS},
        examples=[schema.ENDPOINT_EXAMPLE],
    )
    @once
    def post(self, request: Request) -> Response:
        """Make an endpoint; `secret` is answered this once."""
        sent = EndpointIn(data=request.data)
        sent.is_valid(raise_exception=True)
        made, secret = endpoints.create_endpoint(
            organization_id=_owner(request), **sent.validated_data
        )
        return _answer(made, secret, status=201)


class EndpointView(APIView):
    """One webhook endpoint."""

    needs: Needs = {
        "GET": Permission.WEBHOOKS_READ,
        "PATCH": Permission.WEBHOOKS_EDIT,
        "DELETE": Permission.WEBHOOKS_EDIT,
    }
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Read a webhook endpoint", responses={200: EndpointOut, **PROBLEMS}
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return an endpoint without its secrets."""
        found = selectors.endpoint(
            organization_id=_owner(request), endpoint_id=webhook_id
        )
        return Response(EndpointOut(found).data)

    @extend_schema(
        summary="Change, enable or disable a webhook endpoint",
        request=EndpointChangeIn(partial=True),
        responses={200: EndpointOut, **PROBLEMS},
    )
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        """Change the fields that are sent."""
        sent = EndpointChangeIn(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        changed = endpoints.change_endpoint(
            organization_id=_owner(request),
            endpoint_id=webhook_id,
            **sent.validated_data,
        )
        return Response(EndpointOut(changed).data)

    @extend_schema(
        summary="Remove a webhook endpoint", responses={204: None, **PROBLEMS}
    )
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """Remove an endpoint with its log; what is on its way is not sent."""
        endpoints.remove_endpoint(
            organization_id=_owner(request), endpoint_id=webhook_id
        )
        return Response(status=204)


class RotateView(APIView):
    """An endpoint's next secret."""

    needs: Needs = {"POST": Permission.WEBHOOKS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Replace a webhook endpoint's secret",
        request=SecretRotateIn,
        responses={201: NewEndpointOut, **PROBLEMS},
        examples=[schema.ROTATE_EXAMPLE],
    )
    @once
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Make a new secret; the old one signs as well for a while longer."""
        sent = SecretRotateIn(data=request.data)
        sent.is_valid(raise_exception=True)
        changed, secret = endpoints.rotate_secret(
            organization_id=_owner(request),
            endpoint_id=webhook_id,
            overlap=timedelta(seconds=sent.validated_data["overlap_s"]),
        )
        return _answer(changed, secret, status=201)


class TestView(APIView):
    """A test of an endpoint."""

    needs: Needs = {"POST": Permission.WEBHOOKS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Send a test to a webhook endpoint",
        request=None,
        responses={201: DeliveryOut, **PROBLEMS},
    )
    @once
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send `test.ping`; what came of it stands among the deliveries soon."""
        made = publishing.send_test(
            organization_id=_owner(request), endpoint_id=webhook_id
        )
        return Response(DeliveryOut(made).data, status=201)


class DeliveriesView(APIView):
    """What was sent to an endpoint."""

    needs: Needs = {"GET": Permission.WEBHOOKS_READ}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="webhooks_deliveries_list",
        summary="List what was sent to a webhook endpoint",
        parameters=[DeliveryFilterIn],
        responses={200: schema.DeliveryPage, **PROBLEMS},
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return deliveries, newest first, a page at a time."""
        asked = DeliveryFilterIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        owner = _owner(request)
        selectors.endpoint(organization_id=owner, endpoint_id=webhook_id)
        found = selectors.deliveries(organization_id=owner, endpoint_id=webhook_id)
        wanted = {"state": "state", "type": "message__type"}
        narrowed = {
            wanted[k]: v for k, v in asked.validated_data.items() if k in wanted
        }
        pages = NewestFirst()
        page = pages.paginate_queryset(found.filter(**narrowed), request, view=self)
        return pages.get_paginated_response(DeliveryOut(page, many=True).data)


class ReplayView(APIView):
    """One delivery, again."""

    needs: Needs = {"POST": Permission.WEBHOOKS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Send a delivery again",
        request=None,
        responses={201: DeliveryOut, **PROBLEMS},
    )
    @once
    def post(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
        """Send it at once, with the same id, from the beginning of its schedule."""
        delivery = replaying.replay(
            organization_id=_owner(request),
            endpoint_id=webhook_id,
            delivery_id=delivery_id,
        )
        return Response(DeliveryOut(delivery).data, status=201)


class ReplayPeriodView(APIView):
    """What happened in a period, again."""

    needs: Needs = {"POST": Permission.WEBHOOKS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Send again what happened in a period",
        request=PeriodIn,
        responses={201: ReplayedOut, **PROBLEMS},
        examples=[schema.PERIOD_EXAMPLE],
    )
    @once
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send what did not arrive, and what was missed while it was disabled."""
        sent = PeriodIn(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        replayed = replaying.replay_period(
            organization_id=_owner(request),
            endpoint_id=webhook_id,
            period=replaying.Period(
                asked["since"], asked.get("until") or timezone.now()
            ),
            arrived_too=asked["arrived_too"],
        )
        return Response({"replayed": replayed}, status=201)


def _owner(request: Request) -> UUID:
    return principal_of(request).organization_id


@sensitive_variables("secret")
def _answer(endpoint: WebhookEndpoint, secret: str, *, status: int) -> Response:
    document: dict[str, Any] = {**EndpointOut(endpoint).data, "secret": secret}
    return Response(document, status=status, headers=NO_STORE)
