"""Pair presses with releases when the two may arrive in different batches."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

# People have ten fingers, and hardware reports at most ten touches. A client that
# claims more open presses forgets the oldest.
MOST_OPEN: Final = 10


class Held(Struct, array_like=True):
    """A press that was not released yet, and whether another began since."""

    id: int
    t: float
    is_overlapped: bool = False


class Orphan(Struct, array_like=True):
    """A release whose press is not in this run of batches.

    `is_overlapped` says whether another press began before it, within the run.
    """

    id: int
    t: float
    is_overlapped: bool


class Paired(Struct, frozen=True):
    """A press and its release; `overlapped` when another press began in between."""

    duration_ms: float
    overlapped: bool


class Presses(Struct, array_like=True):
    """The open presses at the end of a run, and the orphans at its beginning."""

    held: list[Held] = field(default_factory=list)
    orphans: list[Orphan] = field(default_factory=list)
    # Whether anything was pressed in this run.
    pressed: bool = False

    def press(self, press_id: int, t: float) -> None:
        """Note a press."""
        for held in self.held:
            held.is_overlapped = True
        self.pressed = True
        self.held.append(Held(press_id, t))
        if len(self.held) > MOST_OPEN:
            del self.held[0]

    def release(self, press_id: int, t: float) -> Paired | None:
        """Return the press that this release ends, None when it is not known yet."""
        pair = self._end(press_id, t)
        if pair is None and len(self.orphans) < MOST_OPEN:
            self.orphans.append(Orphan(press_id, t, self.pressed))
        return pair

    def settle(self, orphan: Orphan) -> Paired | None:
        """Return the press that a later run's orphan ends, or keep the orphan."""
        pair = self._end(orphan.id, orphan.t)
        if pair is not None:
            return Paired(pair.duration_ms, pair.overlapped or orphan.is_overlapped)
        if len(self.orphans) < MOST_OPEN:
            orphan.is_overlapped = orphan.is_overlapped or self.pressed
            self.orphans.append(orphan)
        return None

    def _end(self, press_id: int, t: float) -> Paired | None:
        """End the latest press of that id: an earlier one has lost its release."""
        for index in reversed(range(len(self.held))):
            held = self.held[index]
            if held.id == press_id:
                del self.held[index]
                return Paired(t - held.t, held.is_overlapped)
        return None


def join_presses(left: Presses, right: Presses) -> tuple[Presses, Sequence[Paired]]:
    """Join two neighbouring runs; return the whole and the pairs across the border."""
    settled = [left.settle(orphan) for orphan in right.orphans]
    if right.pressed:
        for held in left.held:
            held.is_overlapped = True
    left.held = (left.held + right.held)[-MOST_OPEN:]
    left.pressed = left.pressed or right.pressed
    return left, [pair for pair in settled if pair is not None]
