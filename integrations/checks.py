"""What is wrong with how webhooks are set up."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning as Remark, register

HTTP: Final = Remark(
    "Webhooks may be sent by http: what they say can be read and changed on the way.",
    hint="Unset WEBHOOK_ALLOW_HTTP.",
    id="integrations.W001",
)


@register(Tags.security, deploy=True)
def check_http(app_configs: Any, **_kwargs: Any) -> Sequence[CheckMessage]:
    """Remark on webhooks without TLS where others are served."""
    return [HTTP] if settings.WEBHOOK_ALLOW_HTTP else []


@register(Tags.security)
def check_authority(app_configs: Any, **_kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse a file of certificates that is not there."""
    path = settings.WEBHOOK_CA_FILE
    if not path or Path(path).is_file():
        return []
    said = f"WEBHOOK_CA_FILE names no file: {path}."
    return [Error(said, hint="No webhook could be sent.", id="integrations.E001")]
