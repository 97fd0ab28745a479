"""Endpoints: made, changed, disabled, given another secret, removed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common.errors import (
    ConflictError,
    FieldError,
    InvalidInputError,
)

from .. import selectors
from ..engine.places import LONGEST, BadPlaceError
from ..models import (
    SUBSCRIBED,
    DeliveryState,
    DisabledReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from ..sending import NoAddressError, checked_addresses, place_of
from ..signing import make_secret
from ..texts import ERRORS, FLAWS

log = structlog.get_logger(__name__)

# Of what an entry of the audit says: no URL, which may hold a token.
SHOWN: Final = ("event_types", "disabled_reason")
# Each is told of every session: more of them would make one organization's share of
# the work many times another's.
MOST_ENDPOINTS: Final = 20
LONGEST_DESCRIPTION: Final = 200
# Long enough for any release train; the same as of keys.
MOST_OVERLAP: Final = timedelta(days=30)
# Who replaces a secret four times within a month has no use for the first one.
MOST_SECRETS: Final = 4


def create_endpoint(
    *,
    organization_id: UUID,
    url: str,
    event_types: Sequence[str],
    description: str = "",
) -> tuple[WebhookEndpoint, str]:
    """Create an endpoint; return it with its secret, which is not shown again.

    Raises
    ------
    InvalidInputError
        The URL is none that webhooks are sent to, or an event is unknown.
    ConflictError
        The organization has as many as it may.
    """
    clean = {
        # Asks a name server, so it stands before the transaction.
        "url": clean_url(url),
        "event_types": clean_events(event_types),
        "description": clean_description(description),
    }
    secret = make_secret()
    with transaction.atomic():
        if selectors.endpoints(organization_id=organization_id).count() >= (
            MOST_ENDPOINTS
        ):
            reason = _("An organization has at most %(most)d webhook endpoints.")
            raise ConflictError(
                reason % {"most": MOST_ENDPOINTS}, code="too_many_endpoints"
            )
        endpoint = WebhookEndpoint.objects.create(
            organization_id=organization_id,
            secrets=[{"key": secret, "until": None}],
            **clean,
        )
        record_act("webhook.created", target=endpoint, after=clean)
    return endpoint, secret


def change_endpoint(
    *, organization_id: UUID, endpoint_id: UUID, **fields: Any
) -> WebhookEndpoint:
    """Change url, description or event_types, or disable and enable by `enabled`.

    Another URL begins with a clean slate: what the one before did is not held against
    it.

    Raises
    ------
    NotFoundError
        The organization has no such endpoint.
    InvalidInputError
        As for a new one.
    """
    clean = {
        name: CLEANERS[name](value)
        for name, value in fields.items()
        if name in CLEANERS
    }
    with transaction.atomic():
        endpoint = _locked(organization_id, endpoint_id)
        before = {name: getattr(endpoint, name) for name in clean}
        if before != clean:
            record_act("webhook.changed", target=endpoint, before=before, after=clean)
        slate = CLEAN_SLATE if before.get("url") != clean.get("url") else {}
        _set(endpoint, {**clean, **slate})
        if "enabled" in fields:
            _switch(endpoint, enabled=fields["enabled"])
    return endpoint


@transaction.atomic
def remove_endpoint(*, organization_id: UUID, endpoint_id: UUID) -> None:
    """Remove an endpoint with everything that was on its way to it.

    Raises
    ------
    NotFoundError
        The organization has no such endpoint.
    """
    endpoint = _locked(organization_id, endpoint_id)
    said = {"event_types": endpoint.event_types}
    record_act("webhook.removed", target=endpoint, before=said)
    # One after the other: by its own cascade Django would read all of them first.
    for model in (WebhookAttempt, WebhookDelivery):
        model.objects.filter(
            organization_id=organization_id, endpoint=endpoint
        ).delete()
    endpoint.delete()


@transaction.atomic
def rotate_secret(
    *, organization_id: UUID, endpoint_id: UUID, overlap: timedelta
) -> tuple[WebhookEndpoint, str]:
    """Replace the secret; the old one signs as well for a while longer.

    Raises
    ------
    NotFoundError
        The organization has no such endpoint.
    InvalidInputError
        The overlap is negative or longer than a month.
    ConflictError
        Too many old ones are still in force.
    """
    if not timedelta(0) <= overlap <= MOST_OVERLAP:
        _refuse("/overlap_s", _("The old secret may sign for up to 30 days more."))
    endpoint = _locked(organization_id, endpoint_id)
    now = timezone.now()
    old = _until(endpoint.secrets, now, now + overlap)
    if len(old) >= MOST_SECRETS:
        reason = _("This endpoint has as many secrets in force as it may.")
        raise ConflictError(reason, code="too_many_secrets")
    secret = make_secret()
    endpoint.secrets = [{"key": secret, "until": None}, *old]
    endpoint.save(update_fields=["secrets"])
    record_act(
        "webhook.secret_replaced", target=endpoint, after={"until": now + overlap}
    )
    return endpoint, secret


def disable(endpoint: WebhookEndpoint, reason: DisabledReason) -> None:
    """Tell an endpoint nothing from now on; what was on its way to it has failed."""
    _set(endpoint, {"disabled_at": timezone.now(), "disabled_reason": reason.value})
    said = {"disabled_reason": reason.value}
    record_act("webhook.disabled", target=endpoint, after=said)
    WebhookDelivery.objects.filter(
        organization_id=endpoint.organization_id,
        endpoint=endpoint,
        state=DeliveryState.WAITING,
        # Whoever is sending one at this moment says what came of it.
        sending_until=None,
    ).update(state=DeliveryState.FAILED, error="endpoint_disabled")
    log.info(
        "webhook.endpoint_disabled", endpoint_id=str(endpoint.id), reason=reason.value
    )


def clean_url(url: str) -> str:
    """Return a URL in its one spelling, after a look at where it leads.

    Raises
    ------
    InvalidInputError
        It is none that webhooks are sent to; the sentence says why.
    """
    try:
        place = place_of(url.strip())
        checked_addresses(place)
    except BadPlaceError as error:
        _refuse("/url", str(FLAWS[error.flaw]) % {"longest": LONGEST})
    except NoAddressError as error:
        _refuse("/url", str(ERRORS[error.error]))
    return place.url


def clean_events(events: Sequence[str]) -> list[str]:
    """Return events in their order, each once.

    Raises
    ------
    InvalidInputError
        There is none, or one that nobody can subscribe to.
    """
    strange = sorted(set(events) - set(SUBSCRIBED))
    if strange or not events:
        reason = _("Choose among these events: %(events)s.")
        _refuse("/event_types", reason % {"events": ", ".join(SUBSCRIBED)})
    return [each.value for each in SUBSCRIBED if each in events]


def clean_description(text: str) -> str:
    """Return a description that is one line.

    Raises
    ------
    InvalidInputError
        It is too long, or holds control characters.
    """
    if len(text) > LONGEST_DESCRIPTION or not (text.isprintable() or not text):
        _refuse("/description", _("A description is one line of text."))
    return text


CLEANERS: Final[dict[str, Any]] = {
    "url": clean_url,
    "event_types": clean_events,
    "description": clean_description,
}
CLEAN_SLATE: Final[dict[str, Any]] = {
    "failures": 0,
    "times_opened": 0,
    "open_until": None,
    "failing_since": None,
}


def _switch(endpoint: WebhookEndpoint, *, enabled: bool) -> None:
    """Enable or disable by hand; what it is already, it stays."""
    if enabled == (endpoint.disabled_at is None):
        return
    if not enabled:
        disable(endpoint, DisabledReason.BY_HAND)
        return
    said = {"disabled_reason": endpoint.disabled_reason}
    _set(endpoint, {"disabled_at": None, "disabled_reason": "", **CLEAN_SLATE})
    record_act("webhook.enabled", target=endpoint, before=said)


def _set(endpoint: WebhookEndpoint, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=list(changes))


def _until(
    secrets: Sequence[dict[str, Any]], now: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return secrets that are in force, none of them for longer than to a moment."""
    return [
        {**each, "until": min(each["until"] or end.timestamp(), end.timestamp())}
        for each in secrets
        if end > now and (each["until"] is None or each["until"] > now.timestamp())
    ]


def _locked(organization_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Return an endpoint that nobody else changes meanwhile."""
    rows = WebhookEndpoint.objects.select_for_update()
    rows.filter(organization_id=organization_id, id=endpoint_id).first()
    return selectors.endpoint(organization_id=organization_id, endpoint_id=endpoint_id)


def _refuse(pointer: str, reason: str) -> NoReturn:
    raise InvalidInputError(reason, [FieldError(pointer, reason)])
