"""Sessions as this process left them, so that the next batch need not read them.

A browser sends every few seconds, mostly over one connection and so to one worker, and
the row was just written here. Nothing is trusted for that: a batch changes the row only
if it still is what the batch was judged upon, else it is read again and held.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from common.refreshed import EVERY_S

from ..models import Session, Status

# The survey's policy stands beside the session, and no batch looks whether another
# process changed it.
READ_AGAIN_AFTER_S: Final = EVERY_S
# Of four kilobytes each, by the size of a state and its objects.
MOST_AT_HAND: Final = 2_000

_Key = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Left:
    """A session as its last batch left it; when it was read, by the steady clock."""

    session: Session
    read_at: float


class AtHand:
    """Sessions by organization and id, the latest at the end; safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: OrderedDict[_Key, Left] = OrderedDict()

    def take(self, *, organization_id: UUID, session_id: UUID, seq: int) -> Left | None:
        """Return the session that waits for this batch, None if it must be read.

        It is nobody else's then; who wrote it puts it back. Another `seq` than the next
        means that another process took batches meanwhile, or a repeat.
        """
        with self._lock:
            left = self._left.pop((organization_id, session_id), None)
        if left is None or left.session.next_seq != seq:
            return None
        is_old = time.monotonic() - left.read_at > READ_AGAIN_AFTER_S
        return None if is_old else left

    def put(self, session: Session, read_at: float | None = None) -> None:
        """Keep a session that stands written like this, while it takes batches."""
        if session.status != Status.ACTIVE:
            return
        left = Left(session, time.monotonic() if read_at is None else read_at)
        with self._lock:
            self._left[session.organization_id, session.id] = left
            while len(self._left) > MOST_AT_HAND:
                self._left.popitem(last=False)

    def forget(self) -> None:
        """Read every session again: a policy has changed."""
        with self._lock:
            self._left.clear()


at_hand: Final = AtHand()
