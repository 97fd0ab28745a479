"""JSON in (…In: its shape alone) and out (…Out: the contract)."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.serializers import StrictSerializer

from ..models import InvitationState, KeyKind, KeyState
from ..roles import OF_SECRET_KEY, Permission, Role
from ..services.keys import MOST_NETWORKS, MOST_ORIGINS, MOST_OVERLAP
from ..services.organizations import MOST_NAME

ROLE_NAMES: Final = [role.value for role in Role]
PERMISSION_NAMES: Final = [permission.value for permission in Permission]
# No password that anyone types is longer, and a hash of megabytes takes its time.
MOST_PASSWORD: Final = 1_000
MOST_OVERLAP_S: Final = int(MOST_OVERLAP.total_seconds())


class TokenIn(StrictSerializer):
    """Who signs in, and where."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=MOST_PASSWORD, trim_whitespace=False)
    otp = serializers.CharField(
        max_length=32,
        required=False,
        help_text=_("A code of the second factor, for who has one."),
    )
    organization_id = serializers.UUIDField(
        required=False, help_text=_("Needed by members of several organizations.")
    )


class RefreshIn(StrictSerializer):
    """A refresh token."""

    refresh = serializers.CharField(max_length=4_000)


class TokenOut(serializers.Serializer[Any]):
    """A pair of tokens."""

    access = serializers.CharField(help_text=_("For the header; lives minutes."))
    refresh = serializers.CharField(help_text=_("For the next pair; works once."))
    token_type = serializers.ChoiceField(choices=["Bearer"])
    expires_in = serializers.IntegerField(help_text=_("Seconds."))
    organization_id = serializers.UUIDField()


class OrganizationOut(serializers.Serializer[Any]):
    """An organization by its name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class PersonOut(serializers.Serializer[Any]):
    """Somebody who may sign in."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField(allow_blank=True)


class MeOut(serializers.Serializer[Any]):
    """Who asks, and what they may do here."""

    user = PersonOut()
    organization = OrganizationOut()
    role = serializers.ChoiceField(choices=ROLE_NAMES)
    may_publish = serializers.BooleanField()
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=PERMISSION_NAMES)
    )
    organizations = OrganizationOut(many=True, help_text=_("All that they work in."))


class MemberIn(StrictSerializer):
    """What a member is to be."""

    role = serializers.ChoiceField(choices=ROLE_NAMES, required=False)
    may_publish = serializers.BooleanField(required=False)


class MemberOut(serializers.Serializer[Any]):
    """A member of the organization."""

    id = serializers.UUIDField()
    user = PersonOut()
    role = serializers.ChoiceField(choices=ROLE_NAMES)
    may_publish = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class KeyIn(StrictSerializer):
    """What a new key is for."""

    kind = serializers.ChoiceField(choices=KeyKind.choices)
    name = serializers.RegexField(
        r"^[^\x00-\x1f\x7f]*\Z",
        max_length=MOST_NAME,
        required=False,
        error_messages={"invalid": _("A name is one line of text.")},
    )
    is_test = serializers.BooleanField(required=False)
    origins = serializers.ListField(
        child=serializers.CharField(max_length=200),
        max_length=MOST_ORIGINS,
        required=False,
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(
            choices=sorted(one.value for one in OF_SECRET_KEY)
        ),
        required=False,
        allow_null=True,
        max_length=len(PERMISSION_NAMES),
    )
    networks = serializers.ListField(
        child=serializers.CharField(max_length=50),
        max_length=MOST_NETWORKS,
        required=False,
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class RotateIn(StrictSerializer):
    """How long the old key is still needed."""

    overlap_s = serializers.IntegerField(
        min_value=0, max_value=MOST_OVERLAP_S, default=86_400
    )


class KeyOut(serializers.Serializer[Any]):
    """A key, without what opens anything."""

    id = serializers.UUIDField()
    prefix = serializers.CharField()
    kind = serializers.ChoiceField(choices=KeyKind.choices)
    name = serializers.CharField()
    is_test = serializers.BooleanField()
    state = serializers.ChoiceField(choices=KeyState.choices)
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
    networks = serializers.ListField(child=serializers.CharField(), allow_null=True)
    origins: Any = serializers.StringRelatedField(many=True, read_only=True)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    replaced_by_id = serializers.UUIDField(allow_null=True)


class NewKeyOut(KeyOut):
    """A new key; its text is answered this once."""

    key = serializers.CharField()


class InvitationIn(StrictSerializer):
    """Who is invited, and as what."""

    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=ROLE_NAMES)
    may_publish = serializers.BooleanField(required=False)


class InvitationOut(serializers.Serializer[Any]):
    """An invitation, without the link that was sent."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=ROLE_NAMES)
    may_publish = serializers.BooleanField()
    state = serializers.ChoiceField(choices=InvitationState.choices)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
