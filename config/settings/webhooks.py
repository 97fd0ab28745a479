"""Webhooks out: where they may go, how long they are kept; docs/webhooks.md."""

from typing import Final

from common.schedule import Entry
from config import env

# Beside 443 and 8443.
PORTS: Final = env.integers("WEBHOOK_PORTS", least=1, most=65_535)
# Networks of the operator's own that are not public and may be reached all the same.
NETWORKS: Final = env.networks("WEBHOOK_NETWORKS")
# For receivers on a developer's own machine.
ALLOW_HTTP: Final = env.flag("WEBHOOK_ALLOW_HTTP", default=False)
# An authority beside the system's: for tests, and receivers within a company.
CA_FILE: Final = env.text("WEBHOOK_CA_FILE", "")
KEPT_DAYS: Final = env.integer("WEBHOOKS_KEPT_DAYS", 30, least=1, most=3_650)

TIMETABLE: Final[dict[str, Entry]] = {
    # The second attempt is due after five seconds.
    "send webhooks that are due": {
        "task": "webhooks.sweep",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "forget webhooks": {
        "task": "webhooks.forget",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}
