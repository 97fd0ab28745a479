"""What happens here that apps above want to hear.

Each is sent within the transaction of what happened, with ``organization_id`` and
``session_id`` (or ``session_ids``): a receiver that fails takes it back.
"""

from django.dispatch import Signal

# The platform or the browser ended it. What expires or is blocked is not completed.
session_completed = Signal()
# The last word on a whole session; again if another ruleset judges it.
verdict_final = Signal()
# Sessions are erased: a receiver erases what it has of them, and returns how many rows
# of which model ("integrations.WebhookMessage": 3).
sessions_erased = Signal()
# Somebody asks what is known of a session: a receiver returns what it has, named.
session_disclosed = Signal()
