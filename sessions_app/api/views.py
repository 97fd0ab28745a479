"""Sessions: opened, fed, answered, ended, read."""

import time
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import Needs, Permission, principal_of
from common.addresses import client_address
from common.api.idempotency import once
from common.api.pagination import NewestFirst
from common.api.schema import PROBLEMS
from common.api.throttles import IntakeLimit, OpenLimit, ReadLimit, WriteLimit
from common.errors import FieldError, InvalidInputError, NotFoundError
from detection.facade import RequestFacts, SeenRequest, facts_of

from .. import metrics, selectors
from ..services.answering import GivenAnswer, record_answers
from ..services.ending import complete_session
from ..services.intake import Batch, Recorded, record_batch
from ..services.opening import open_session
from . import schema
from .documents import (
    opened_document,
    recorded_document,
    report_document,
    status_document,
)
from .parsers import BatchParser
from .serializers import (
    AnswersIn,
    AnswersOut,
    OpenIn,
    OpenOut,
    SessionFilterIn,
    SessionOut,
)


def own_session(request: Request, session_id: UUID) -> dict[str, UUID]:
    """Return organization and session for a service.

    Raises
    ------
    NotFoundError
        A session token names another session: for its holder there is no other.
    """
    principal = principal_of(request)
    if principal.session_id not in {None, session_id}:
        raise NotFoundError(_("There is no such session."))
    return {"organization_id": principal.organization_id, "session_id": session_id}


def browser_facts(request: Request) -> RequestFacts | None:
    """Return what the respondent's browser said of itself; a server says nothing."""
    if not principal_of(request).is_browser:
        return None
    django_request = request._request  # noqa: SLF001 - it knows its address
    return facts_of(
        SeenRequest(
            method=str(django_request.method),
            is_https=django_request.is_secure(),
            host=split_domain_port(django_request.get_host())[0].strip("[]"),
            url=django_request.build_absolute_uri,
            headers=django_request.headers,
            address=client_address(django_request),
        )
    )


def asks_for_privacy(request: Request) -> bool | None:
    """Say whether the browser sent Global Privacy Control; None if it is no browser."""
    if not principal_of(request).is_browser:
        return None
    return str(request.META.get("HTTP_SEC_GPC", "")).strip() == "1"


class SessionsView(APIView):
    """An organization's sessions."""

    needs: Needs = {
        "GET": Permission.SESSIONS_READ,
        "POST": Permission.SESSIONS_OPEN,
    }
    throttle_classes = [OpenLimit]

    @extend_schema(
        summary="Open a session",
        request=OpenIn,
        responses={201: OpenOut, **PROBLEMS},
        examples=[schema.OPEN_EXAMPLE],
    )
    @once
    def post(self, request: Request) -> Response:
        """Open a session; the token is for the respondent's browser."""
        asked = OpenIn(data=request.data)
        asked.is_valid(raise_exception=True)
        opened = open_session(
            organization_id=principal_of(request).organization_id,
            facts=browser_facts(request),
            gpc=asks_for_privacy(request),
            is_test=principal_of(request).is_test,
            **asked.validated_data,
        )
        return Response(opened_document(opened), status=201)

    @extend_schema(
        operation_id="sessions_list",
        summary="List sessions",
        parameters=[SessionFilterIn],
        responses={200: schema.SESSION_PAGE, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return sessions, newest first, a page at a time."""
        query = SessionFilterIn(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        wanted = {
            k: v for k, v in query.validated_data.items() if k not in schema.PAGING
        }
        found = selectors.sessions(
            organization_id=principal_of(request).organization_id,
            wanted=selectors.SessionFilter(**wanted),
        )
        pages = NewestFirst()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(SessionOut(page, many=True).data)


class DataView(APIView):
    """A session's behaviour."""

    needs: Needs = {"POST": Permission.SESSIONS_SEND}
    throttle_classes = [IntakeLimit]
    parser_classes = [BatchParser]
    is_repeated = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Count what became of the batch, also if it was our mistake."""
        status, started = 500, time.perf_counter()
        try:
            response = super().dispatch(request, *args, **kwargs)
            status = response.status_code
            return response
        finally:
            metrics.batch_answered(
                status=status,
                repeated=self.is_repeated,
                seconds=time.perf_counter() - started,
            )

    @extend_schema(
        summary="Send a batch of events",
        request={"application/json": schema.BATCH},
        responses={200: schema.RECORDED, **PROBLEMS},
        examples=[schema.BATCH_EXAMPLE, schema.VERDICT_EXAMPLE],
    )
    def post(self, request: Request, session_id: UUID) -> Response:
        """Store and judge a batch; the same `seq` again answers the same."""
        own = own_session(request, session_id)
        batch: object = request.data
        if not isinstance(batch, Batch):
            # DRF does not call a parser for an empty body.
            raise ParseError(_("The body is empty."))
        recorded = record_batch(
            **own,
            batch=batch,
            facts=browser_facts(request),
            gpc=asks_for_privacy(request),
        )
        self._count(recorded, batch)
        principal = principal_of(request)
        return Response(recorded_document(recorded, seq=batch.seq, principal=principal))

    def _count(self, recorded: Recorded, batch: Batch) -> None:
        self.is_repeated = recorded.is_repeated
        if recorded.result is not None and not recorded.is_repeated:
            metrics.batch_judged(
                events=batch.event_count,
                verdict=recorded.result.verdict,
                took_ms=recorded.result.processing_time_ms,
            )


class AnswersView(APIView):
    """A session's answers."""

    needs: Needs = {"POST": Permission.ANSWERS_SEND}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Send answers",
        request=AnswersIn,
        responses={200: AnswersOut, **PROBLEMS},
        examples=[schema.ANSWERS_EXAMPLE],
    )
    def post(self, request: Request, session_id: UUID) -> Response:
        """Store answers; a later answer to an item takes the earlier one's place."""
        sent = AnswersIn(data=request.data)
        sent.is_valid(raise_exception=True)
        answers = [
            GivenAnswer(kind=given.pop("type"), **given)
            for given in sent.validated_data["answers"]
        ]
        stored = record_answers(**own_session(request, session_id), answers=answers)
        return Response({"stored": stored})


class CompleteView(APIView):
    """A session's end."""

    needs: Needs = {"POST": Permission.SESSIONS_SEND}
    throttle_classes = [WriteLimit]

    @extend_schema(
        summary="Complete a session",
        request=None,
        responses={200: schema.STATUS, **PROBLEMS},
    )
    def post(self, request: Request, session_id: UUID) -> Response:
        """End a session; the final verdict follows in a moment."""
        session = complete_session(**own_session(request, session_id))
        return Response(status_document(session, principal=principal_of(request)))


class StatusView(APIView):
    """Where a session stands."""

    needs: Needs = {"GET": Permission.SESSIONS_STATUS}
    throttle_classes = [ReadLimit]

    @extend_schema(
        summary="Read a session's status",
        responses={200: schema.STATUS, **PROBLEMS},
        examples=[schema.VERDICT_EXAMPLE],
    )
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return the state, and the verdict as far as the caller may know it."""
        session = selectors.session(**own_session(request, session_id))
        return Response(status_document(session, principal=principal_of(request)))


class ReportView(APIView):
    """Everything about a session."""

    needs: Needs = {"GET": Permission.SESSIONS_READ}
    throttle_classes = [ReadLimit]

    @extend_schema(
        summary="Read a session's report",
        responses={200: schema.REPORT, **PROBLEMS},
    )
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return checks, evidence and timeline."""
        return Response(
            report_document(selectors.session(**own_session(request, session_id)))
        )


class ReportByQueryView(APIView):
    """The report, for tools that can only build query strings."""

    needs: Needs = {"GET": Permission.SESSIONS_READ}
    throttle_classes = [ReadLimit]

    @extend_schema(
        operation_id="sessions_report_by_query",
        summary="Read a session's report by query",
        parameters=[schema.SESSION_ID_QUERY],
        responses={200: schema.REPORT, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the report of `?session_id=`."""
        try:
            session_id = UUID(request.query_params.get("session_id", ""))
        except ValueError:
            reason = _("A session's id is a UUID.")
            raise InvalidInputError(
                reason, [FieldError("/session_id", reason)]
            ) from None
        return Response(
            report_document(selectors.session(**own_session(request, session_id)))
        )
