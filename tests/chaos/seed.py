"""Prepare a migrated database: an organization, a key, a survey, an endpoint.

python -m tests.chaos.seed http://127.0.0.1:1234/hook
"""

import json
import sys
from typing import Any

import django


def plant(hook: str) -> dict[str, str]:
    """Make what visitors need; return the key's text and the survey's id."""
    from accounts.facade import create_key, create_organization  # noqa: PLC0415
    from integrations.services.endpoints import create_endpoint  # noqa: PLC0415
    from sessions_app.facade import create_survey  # noqa: PLC0415

    ours: dict[str, Any] = {"organization_id": create_organization(name="Chaos").id}
    _key, text = create_key(kind="secret", **ours)
    create_endpoint(
        url=hook, event_types=["session.completed", "verdict.final"], **ours
    )
    return {"key": text, "survey": str(create_survey(name="Chaos", **ours).id)}


if __name__ == "__main__":
    django.setup()
    json.dump(plant(sys.argv[1]), sys.stdout)
