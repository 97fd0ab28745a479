"""Examples and pages for the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from .serializers import InvitationOut, KeyOut, MemberOut

ORGANIZATION_ID: Final = "0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f"
ACCESS: Final = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0eXAiOiJhY2Nlc3MifQ.c2lnbmVk"
REFRESH: Final = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0eXAiOiJyZWZyZXNoIn0.c2lnbmVk"


class MemberPage(serializers.Serializer[Any]):
    """A page of members."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MemberOut(many=True)


class KeyPage(serializers.Serializer[Any]):
    """A page of keys."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = KeyOut(many=True)


class InvitationPage(serializers.Serializer[Any]):
    """A page of invitations."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = InvitationOut(many=True)


TOKEN_EXAMPLE: Final = OpenApiExample(
    "With a second factor, in one of several organizations",
    value={
        "username": "ada",
        "password": "correct horse battery staple",
        "otp": "492039",
        "organization_id": ORGANIZATION_ID,
    },
    request_only=True,
)
REFRESH_EXAMPLE: Final = OpenApiExample(
    "A refresh token", value={"refresh": REFRESH}, request_only=True
)
PAIR_EXAMPLE: Final = OpenApiExample(
    "A pair",
    value={
        "access": ACCESS,
        "refresh": REFRESH,
        "token_type": "Bearer",
        "expires_in": 600,
        "organization_id": ORGANIZATION_ID,
    },
    response_only=True,
    status_codes=["200"],
)
ME_EXAMPLE: Final = OpenApiExample(
    "A viewer",
    value={
        "user": {
            "id": "0192f0c2-7d1e-7a10-9c55-0b1c2d3e4f50",
            "username": "ada",
            "email": "ada@survey.example",
        },
        "organization": {"id": ORGANIZATION_ID, "name": "Survey Example"},
        "role": "viewer",
        "may_publish": False,
        "permissions": ["sessions.read", "surveys.read"],
        "organizations": [{"id": ORGANIZATION_ID, "name": "Survey Example"}],
    },
    response_only=True,
    status_codes=["200"],
)
MEMBER_EXAMPLE: Final = OpenApiExample(
    "An analyst who may publish",
    value={"role": "analyst", "may_publish": True},
    request_only=True,
)
KEY_EXAMPLE: Final = OpenApiExample(
    "A key that reads results, from the office, for a year",
    value={
        "kind": "secret",
        "name": "Reporting",
        "scopes": ["sessions.read", "surveys.read"],
        "networks": ["203.0.113.0/24"],
        "expires_at": "2027-11-23T00:00:00Z",
    },
    request_only=True,
)
ROTATE_EXAMPLE: Final = OpenApiExample(
    "An hour to put the new one in place", value={"overlap_s": 3600}, request_only=True
)
INVITATION_EXAMPLE: Final = OpenApiExample(
    "A colleague",
    value={"email": "grace@survey.example", "role": "analyst", "may_publish": False},
    request_only=True,
)
