"""Receivers, endpoints, and names that lead where a test wants them to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Organization
from integrations import sending
from integrations.models import WebhookEndpoint
from integrations.services.endpoints import create_endpoint

from .receiver import HOST, Receiver, make_authority, served

Names = dict[str, list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """What names lead to; nobody's name server is asked."""
    found: Names = {HOST: ["127.0.0.1"]}
    monkeypatch.setattr(sending, "resolve", lambda host, _port: found.get(host, []))
    return found


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """An authority of the tests' own, and what the receiver shows."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def receiver(
    authority: tuple[Path, Path, Path], names: Names, settings: Any
) -> Iterator[Receiver]:
    """A receiver that may be sent to."""
    with served(authority[1:]) as running:
        settings.WEBHOOK_CA_FILE = str(authority[0])
        settings.WEBHOOK_PORTS = [running.port]
        settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
        yield running


Make = Callable[..., WebhookEndpoint]


@pytest.fixture
def endpoint(organization: Organization, receiver: Receiver) -> WebhookEndpoint:
    """Our receiver, registered for everything."""
    made, _secret = create_endpoint(
        organization_id=organization.id,
        url=receiver.url,
        event_types=["session.completed", "verdict.final"],
    )
    return made
