"""Signing in for programs of people: a pair of tokens, renewed, ended."""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.schema import PROBLEMS
from common.api.throttles import ReadLimit, SignInLimit
from common.errors import ConflictError, NotAllowedError, NotAuthenticatedError

from .. import selectors
from ..documents import me_document
from ..models import Membership, User
from ..services import signing_in
from ..services.two_factor import device_of_code
from . import schema
from .permissions import Needs, Open, principal_of
from .serializers import MeOut, RefreshIn, TokenIn, TokenOut

# A refusal counts: failed attempts, refresh tokens used twice. Were the request one
# transaction, the refusal would roll its own count back.
uncounted: Final = method_decorator(transaction.non_atomic_requests, name="dispatch")
# RFC 6749, 5.1.
NO_STORE: Final = {"Cache-Control": "no-store"}


@uncounted
class TokenView(APIView):
    """The beginning of a sign-in."""

    authentication_classes = ()
    needs: Needs = {"POST": Open.ANYONE}
    throttle_classes = [SignInLimit]

    @extend_schema(
        operation_id="auth_token",
        summary="Sign in",
        request=TokenIn,
        responses={200: TokenOut, **PROBLEMS},
        examples=[schema.TOKEN_EXAMPLE, schema.PAIR_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Return tokens for one organization that the person is a member of."""
        sent = TokenIn(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        person = _person(request, asked["username"], asked["password"])
        _check_second_factor(person, asked.get("otp"))
        membership = _membership(person, asked.get("organization_id"))
        return _answer(signing_in.begin(membership=membership))


@uncounted
class RefreshView(APIView):
    """The next pair of tokens."""

    authentication_classes = ()
    needs: Needs = {"POST": Open.ANYONE}
    throttle_classes = [SignInLimit]

    @extend_schema(
        operation_id="auth_token_refresh",
        summary="Renew tokens",
        request=RefreshIn,
        responses={200: TokenOut, **PROBLEMS},
        examples=[schema.REFRESH_EXAMPLE, schema.PAIR_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Return a new pair; the refresh token is used up, and ends all if repeated."""
        sent = RefreshIn(data=request.data)
        sent.is_valid(raise_exception=True)
        return _answer(signing_in.renew(refresh=sent.validated_data["refresh"]))


@uncounted
class RevokeView(APIView):
    """The end of a sign-in."""

    authentication_classes = ()
    needs: Needs = {"POST": Open.ANYONE}
    throttle_classes = [SignInLimit]

    @extend_schema(
        operation_id="auth_token_revoke",
        summary="Sign out",
        request=RefreshIn,
        responses={204: None, **PROBLEMS},
        examples=[schema.REFRESH_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """End what a refresh token belongs to, at once; say nothing of the token."""
        sent = RefreshIn(data=request.data)
        sent.is_valid(raise_exception=True)
        signing_in.end(refresh=sent.validated_data["refresh"])
        return Response(status=204)


class MeView(APIView):
    """Who asks."""

    needs: Needs = {"GET": Open.MEMBERS}
    throttle_classes = [ReadLimit]

    @extend_schema(
        operation_id="auth_me",
        summary="Read who is asking",
        responses={200: MeOut, **PROBLEMS},
        examples=[schema.ME_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        """Return the person, the organization, and what they may do in it."""
        principal = principal_of(request)
        found = selectors.memberships_of(user_id=principal.user_id or principal.pk)
        return Response(
            MeOut(me_document(found, organization_id=principal.organization_id)).data
        )


def _person(request: Request, username: str, password: str) -> User:
    """Return whose name and password these are.

    Raises
    ------
    NotAuthenticatedError
        Nobody's; which of the two was wrong is not said.
    Throttled
        There were too many attempts under this name from this address.
    """
    asked: Any = request._request  # noqa: SLF001 - what attempts are counted by
    person = authenticate(asked, username=username, password=password)
    if getattr(asked, "axes_locked_out", False):
        reason = _("There were too many attempts to sign in under this name from here.")
        wait_s = settings.AXES_COOLOFF_TIME.total_seconds()
        raise Throttled(wait_s, reason, code="locked_out")
    if not isinstance(person, User):
        raise NotAuthenticatedError(
            _("Name or password are not right."), code="wrong_credentials"
        )
    return person


def _membership(person: User, organization_id: Any) -> Membership:
    """Return the membership that tokens are asked for.

    Raises
    ------
    NotAllowedError
        The person is no member there, or anywhere; whether it exists is not said.
    ConflictError
        There are several to choose from.
    """
    found = selectors.memberships_of(user_id=person.id)
    if organization_id is not None:
        found = [one for one in found if one.organization_id == organization_id]
    if not found:
        raise NotAllowedError(
            _("You are not a member of such an organization."), code="not_a_member"
        )
    if len(found) > 1:
        raise ConflictError(
            _("You work in several organizations: name one of them."),
            code="organization_required",
            organizations=[
                {"id": str(one.organization_id), "name": one.organization.name}
                for one in found
            ],
        )
    return found[0]


def _check_second_factor(person: User, code: str | None) -> None:
    """Ask for a code from who has a second factor, and for one from who needs it.

    Raises
    ------
    NotAuthenticatedError
        The code is missing or wrong.
    NotAllowedError
        The person has to set one up first, in the console.
    """
    if not selectors.has_second_factor(user_id=person.id):
        if selectors.needs_second_factor(person):
            raise NotAllowedError(
                _("Set up a second factor first: sign in to the console."),
                code="two_factor_required",
            )
        return
    if code is None:
        raise NotAuthenticatedError(
            _("A code of your second factor is needed as well."), code="otp_required"
        )
    if device_of_code(user=person, code=code) is None:
        raise NotAuthenticatedError(
            _("This code is not right, or was used before."), code="otp_wrong"
        )


def _answer(pair: signing_in.TokenPair) -> Response:
    document = {
        "access": pair.access,
        "refresh": pair.refresh,
        "token_type": "Bearer",
        "expires_in": signing_in.EXPIRES_IN_S,
        "organization_id": pair.organization_id,
    }
    return Response(TokenOut(document).data, headers=NO_STORE)
