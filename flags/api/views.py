"""Flags: listed, read, made, changed, archived, restored."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from accounts.facade import Principal
from common.api.idempotency import once
from common.api.matching import IF_MATCH, etag, expected_version
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.serializers import PageIn
from common.api.throttles import WriteLimit
from common.errors import NotFoundError

from .. import selectors
from ..facade import evaluate
from ..lives import standings
from ..models import FeatureFlag
from ..services import flags as services
from ..serving.process import served
from . import schema
from .serializers import (
    EvaluatedOut,
    EvaluateIn,
    FlagChangeIn,
    FlagIn,
    FlagListIn,
    FlagOut,
    FlagStatusOut,
    OverrideOut,
    RemoveIn,
    RestoreIn,
    RevisionOut,
)

# Of a flag's overrides; all of them are in the export.
MOST_SHOWN: Final = 200


def owner_of(request: Request) -> UUID:
    """Return for which organization somebody asks."""
    return principal_of(request).organization_id


class FlagsView(APIView):
    """An organization's flags, and the installation's that are in force for it."""

    needs: Needs = {"GET": Permission.FLAGS_READ, "POST": Permission.FLAGS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="feature_flags_list",
        summary="List flags",
        parameters=[FlagListIn],
        responses={200: schema.FlagPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return flags, newest first, a page at a time."""
        asked = FlagListIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        owner = owner_of(request)
        pages = NewestFirst()
        found = _listed(owner, asked.validated_data)
        page: Any = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(_documents(page, owner))

    @extend_schema(
        summary="Make a flag",
        request=FlagIn,
        responses={201: FlagOut, **PROBLEMS},
        examples=[schema.FLAG_EXAMPLE],
    )
    @once
    def post(self, request: Request) -> Response:
        """Make a flag; it is served everywhere within a second or so."""
        sent = FlagIn(data=request.data)
        sent.is_valid(raise_exception=True)
        row = services.create_flag(
            organization_id=owner_of(request), **sent.validated_data
        )
        return _answer(row, status=201)


class FlagView(APIView):
    """One flag."""

    needs: Needs = {
        "GET": Permission.FLAGS_EVALUATE,
        "PUT": Permission.FLAGS_EDIT,
        "PATCH": Permission.FLAGS_EDIT,
        "DELETE": Permission.FLAGS_EDIT,
    }
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Read a flag, and what it says to you",
        parameters=[EvaluateIn],
        responses={200: FlagStatusOut, **PROBLEMS},
    )
    def get(self, request: Request, flag_name: str) -> Response:
        """Return what the flag says; its definition for those who may read it."""
        asked = EvaluateIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        principal = principal_of(request)
        user = asked.validated_data.get("targeting_key", "")
        if not principal.may(Permission.FLAGS_READ):
            return Response(_seen_by_client(principal, flag_name, user))
        document, version = _status(principal, flag_name, user)
        return Response(document, headers=etag(version))

    @extend_schema(
        summary="Replace a flag's definition",
        parameters=[IF_MATCH],
        request=FlagChangeIn,
        responses={200: FlagOut, **PROBLEMS},
    )
    def put(self, request: Request, flag_name: str) -> Response:
        """Replace the whole definition, based on the version in If-Match."""
        sent = FlagChangeIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        row = services.replace_flag(
            organization_id=owner_of(request),
            name=flag_name,
            expected=expected_version(request, said, is_needed=True),
            **said,
        )
        return _answer(row)

    @extend_schema(
        summary="Change some of a flag's definition",
        parameters=[IF_MATCH],
        request=FlagChangeIn(partial=True),
        responses={200: FlagOut, **PROBLEMS},
        examples=[schema.CHANGE_EXAMPLE],
    )
    def patch(self, request: Request, flag_name: str) -> Response:
        """Change fields of the definition; null takes one back to what is usual."""
        sent = FlagChangeIn(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        row = services.change_flag(
            organization_id=owner_of(request),
            name=flag_name,
            changes=said.pop("definition", {}),
            expected=expected_version(request, said, is_needed=False),
            **said,
        )
        return _answer(row)

    @extend_schema(
        summary="Archive a flag",
        parameters=[RemoveIn],
        responses={204: None, **PROBLEMS},
    )
    def delete(self, request: Request, flag_name: str) -> Response:
        """Take it out of service: whoever asks gets their own default."""
        asked = RemoveIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        owner, said = owner_of(request), asked.validated_data
        if said["forever"]:
            services.remove_flag(organization_id=owner, name=flag_name)
        else:
            services.archive_flag(
                organization_id=owner, name=flag_name, comment=said.get("comment", "")
            )
        return Response(status=204)


class RestoreView(APIView):
    """A flag's way back."""

    needs: Needs = {"POST": Permission.FLAGS_EDIT}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Restore a flag",
        request=RestoreIn,
        responses={200: FlagOut, **PROBLEMS},
    )
    def post(self, request: Request, flag_name: str) -> Response:
        """Bring it back from the archive, or to how it was at a version."""
        sent = RestoreIn(data=request.data)
        sent.is_valid(raise_exception=True)
        row = services.restore_flag(
            organization_id=owner_of(request), name=flag_name, **sent.validated_data
        )
        return _answer(row)


class HistoryView(APIView):
    """What was done to a flag."""

    needs: Needs = {"GET": Permission.FLAGS_READ}
    throttle_classes = [WriteLimit]

    @extend_schema(
        operation_id="feature_flags_history",
        summary="Read a flag's history",
        parameters=[PageIn],
        responses={200: schema.RevisionPage, **PROBLEMS},
    )
    def get(self, request: Request, flag_name: str) -> Response:
        """Return what was done to it and its overrides, newest first."""
        PageIn(data=request.query_params.dict()).is_valid(raise_exception=True)
        viewer = owner_of(request)
        row = selectors.flag_seen(organization_id=viewer, name=flag_name)
        owner = row.organization_id if row else viewer
        found = selectors.history(organization_id=owner, flag=flag_name, viewer=viewer)
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(RevisionOut(page, many=True).data)


def _documents(rows: Any, owner: UUID) -> list[Any]:
    """Return rows as they are answered, with where they stand."""
    known = standings(rows, organization_id=owner)
    for row in rows:
        row.standing = known[row.id]
    return list(FlagOut(rows, many=True).data)


def _answer(row: FeatureFlag, status: int = 200) -> Response:
    return Response(FlagOut(row).data, status=status, headers=etag(row.version))


def _evaluated(principal: Principal, name: str, user: str) -> Any:
    found = evaluate(name, organization_id=principal.organization_id, user=user)
    document = dict(EvaluatedOut(found).data)
    if principal.is_browser:
        # A browser never learns why.
        document["rule"] = ""
    return document


def _listed(owner: UUID, said: Mapping[str, Any]) -> Any:
    """Return the flags that a list was asked for."""
    wanted = selectors.Wanted(
        search=said.get("search", ""),
        tag=said.get("tag", ""),
        kind=said.get("kind", ""),
        archived=said["archived"],
    )
    found = selectors.flags_in_force(organization_id=owner, wanted=wanted)
    if not said["stale"]:
        return found
    known = standings(list(found), organization_id=owner)
    return found.filter(id__in=[i for i, s in known.items() if s.is_stale])


def _status(principal: Principal, name: str, user: str) -> tuple[dict[str, Any], int]:
    """Return everything about a flag, and its version; 0 if only the code has it."""
    owner = principal.organization_id
    row = selectors.flag_seen(organization_id=owner, name=name)
    mine = selectors.overrides(organization_id=owner, flag=name)
    document = {
        "name": name,
        "evaluated": _evaluated(principal, name, user),
        "flag": None if row is None else _documents([row], owner)[0],
        "overrides": OverrideOut(mine[:MOST_SHOWN], many=True).data,
    }
    return document, row.version if row else 0


def _seen_by_client(principal: Principal, name: str, user: str) -> dict[str, Any]:
    """Return what a flag says, and nothing else, if it may be known of at all.

    Raises
    ------
    NotFoundError
        There is none, or it is not marked as visible to browsers.
    """
    flag = served(principal.organization_id).snapshot.flag(name)
    if flag is None or (principal.is_browser and not flag.visible_to_clients):
        raise NotFoundError(services.NO_FLAG)
    return {"name": name, "evaluated": _evaluated(principal, name, user)}
