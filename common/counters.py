"""What happened, counted under a name: `add("webhooks.sent")`.

It becomes the metric `bonafide_webhooks_sent_total`. Whoever counts says before what it
is (`know`), so that it is shown from the beginning, as zero.
"""

from collections.abc import Mapping
from typing import Final

from prometheus_client import Counter

from .metrics import names  # noqa: F401 - how all of them are shown

_PREFIX: Final = "bonafide_"
_made: Final[dict[str, Counter]] = {}


def know(name: str, explanation: str) -> None:
    """Say what will be counted; at the foot of the imports of who counts it."""
    _counter(name, explanation)


def add(name: str, amount: int = 1) -> None:
    """Count something; names are `subject.finding` and few."""
    _counter(name).inc(amount)


def read() -> Mapping[str, int]:
    """Return the counts of this process."""
    return {name: int(_counter(name)._value.get()) for name in _made}  # noqa: SLF001 - there is no other way to read one


def _counter(name: str, explanation: str = "") -> Counter:
    if name not in _made:
        subject, _dot, finding = name.partition(".")
        words = explanation or f"How often {subject} had: {finding}."
        _made[name] = Counter(f"{_PREFIX}{subject}_{finding}", words)
    return _made[name]
