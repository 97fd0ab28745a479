"""What a visit's client reports, cut into batches as the client cuts it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

# As the browser's client has them (sdk/browser/src/transport.ts, queue.ts, visit.ts).
FIRST_FLUSH_MS: Final = 500
FLUSH_MS: Final = 5_000
BATCH_EVENTS: Final = 400

# Browsers round their clock to a tenth of a millisecond, or more coarsely.
DIGITS: Final = 1

# An event as it is sent: `{"type": …, "t": …, …}`.
Event = dict[str, Any]


@dataclass(slots=True)
class Tape:
    """Events of one visit; `now` is in milliseconds since its start."""

    now: float = 0.0
    _noted: list[Event] = field(default_factory=list)

    def note(self, kind: str, at: float | None = None, **fields: Any) -> None:
        """Note an event, at `now` if nothing else is said; leave out what is None."""
        t = round(self.now if at is None else at, DIGITS)
        given = {name: value for name, value in fields.items() if value is not None}
        self._noted.append({"type": kind, "t": t, **given})

    def wait(self, ms: float) -> None:
        """Let time pass."""
        self.now += ms

    def events(self) -> list[Event]:
        """Return what was noted in the order of time."""
        return sorted(self._noted, key=lambda event: float(event["t"]))

    def batches(self) -> Iterator[list[Event]]:
        """Yield batches: after some seconds, when one is full, and at a page's end."""
        batch: list[Event] = []
        due = FIRST_FLUSH_MS
        for event in self.events():
            if batch and (
                event["t"] - batch[0]["t"] >= due
                or event["type"] == "page"
                or len(batch) >= BATCH_EVENTS
            ):
                yield batch
                batch = []
                due = FLUSH_MS
            batch.append(event)
        if batch:
            yield batch
