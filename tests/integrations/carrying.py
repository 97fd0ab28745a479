"""What happens, and couriers that carry it when a test says so."""

from django.utils import timezone

from integrations import couriers, selectors
from integrations.models import WebhookDelivery, WebhookEndpoint
from integrations.services.publishing import send_test
from tests.conftest import Visit, make_moves


def end(visit: Visit) -> None:
    """Answer a survey to its end."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    assert visit.browser.post(f"sessions/{visit.id}/complete").status_code == 200


def carry_all() -> int:
    """Make every attempt that is due, as couriers would; return how many."""
    due = selectors.due_everywhere(timezone.now())
    for organization_id, delivery_id in due:
        couriers.work(organization_id=organization_id, delivery_id=delivery_id)
    return len(due)


def ping(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Leave a test behind."""
    return send_test(organization_id=endpoint.organization_id, endpoint_id=endpoint.id)
