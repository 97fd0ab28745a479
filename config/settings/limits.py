"""How many requests a minute, by what is asked and by who asks; docs/http.md.

Each is a bucket of a minute's worth that fills up evenly; 0 is no limit.
"""

from typing import Final

A_MINUTE: Final = {
    # Batches. A browser sends one every two seconds and sometimes several; a
    # hundred a second is a loop that ran away. A server speaks for a thousand
    # browsers. An address may be a lecture hall. For each process by itself.
    "intake": {
        "session": 6_000,
        "secret": 60_000,
        "organization": 120_000,
        "address": 60_000,
    },
    # Sessions opened: a lecture hall begins within one minute.
    "open": {
        "secret": 6_000,
        "publishable": 6_000,
        "organization": 12_000,
        "address": 600,
    },
    "read": {
        "secret": 6_000,
        "session": 600,
        "user": 600,
        "organization": 12_000,
        "address": 6_000,
    },
    "write": {
        "secret": 6_000,
        "session": 600,
        "user": 600,
        "organization": 12_000,
        "address": 6_000,
    },
    # Attempts to get in. The address may be a whole company's: what guards a name
    # is the count of its failed attempts (AXES_… in the settings).
    "sign_in": {"address": 300},
    # Answers 401 and 403: whoever tries keys or addresses out is told to wait.
    "refused": {"address": 600},
    # Forms of pages, the demo's above all: six pages for a hundred visitors.
    "forms": {"address": 1_200},
}
