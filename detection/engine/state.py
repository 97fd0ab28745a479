"""A session as the engine remembers it: small, and fed batch by batch in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from msgspec import MsgspecError, Struct, field, structs
from msgspec.msgpack import Decoder, Encoder

from .events import AnyEvent
from .features.network import read_request
from .features.totals import Edges, Totals, finish_edges, join_edges, read
from .headers import RequestFacts
from .modality import Modality, modality_of

# Raised when stored states of older releases cannot be read any more.
STATE_VERSION: Final = 1

# The whole state in bytes: 16 KiB fit a page of the database's side table.
LARGEST_STATE: Final = 16 * 1024

# Batches that are still missing split a session into this many runs at most; a
# client has at most four requests under way. An edge takes 0.4 to 1.2 KiB.
MOST_FRAGMENTS: Final = 6


class UnreadableStateError(ValueError):
    """The bytes are not a state of this release."""


class Fragment(Struct, array_like=True):
    """A run of batches with no gap, and what it remembers at its ends."""

    first_seq: int
    last_seq: int
    edges: Edges


class _State(Struct, array_like=True):
    """What is stored."""

    version: int
    event_count: int = 0
    unknown_count: int = 0
    batches: int = 0
    totals: Totals = field(default_factory=Totals)
    fragments: list[Fragment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SessionFeatures:
    """What detectors read: a session's totals and how the page was used."""

    totals: Totals
    modality: Modality
    event_count: int = 0


_ENCODER: Final = Encoder()
_DECODER: Final = Decoder(_State)


class SessionState:
    """What is known of a session.

    Each batch is absorbed once: the caller refuses a `seq` it has seen. Batches
    may come in any order; the result is the same while no more than MOST_FRAGMENTS
    runs are apart. Beyond that what crosses the oldest gap is not counted.
    """

    __slots__ = ("_state",)

    def __init__(self, state: _State) -> None:
        self._state = state

    @classmethod
    def new(cls) -> Self:
        """Return the state of a session in which nothing happened yet."""
        return cls(_State(STATE_VERSION))

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return the state that `to_bytes` wrote.

        Raises
        ------
        UnreadableStateError
            The bytes are broken or of another version.
        """
        try:
            state = _DECODER.decode(stored)
        except MsgspecError as error:
            message = "These bytes are not a session's state."
            raise UnreadableStateError(message) from error
        if state.version != STATE_VERSION:
            message = f"The state is of version {state.version}, not {STATE_VERSION}."
            raise UnreadableStateError(message)
        return cls(state)

    def restarted(self) -> Self:
        """Return a new state that knows the requests' headers, and no event yet.

        Batches are stored and can be absorbed again; headers are not.
        """
        totals = Totals(network=self._state.totals.network)
        return type(self)(_State(STATE_VERSION, totals=totals))

    def to_bytes(self) -> bytes:
        """Return the state for storage, 16 KiB at most."""
        return _ENCODER.encode(self._state)

    def told_of_requests(self) -> dict[str, Any]:
        """Return what was counted of requests' headers, which are stored nowhere."""
        return structs.asdict(self._state.totals.network)

    @property
    def event_count(self) -> int:
        """How many events were absorbed, unknown ones included."""
        return self._state.event_count

    @property
    def fragments(self) -> Sequence[tuple[int, int]]:
        """The first and last `seq` of each run of batches without a gap."""
        return [(run.first_seq, run.last_seq) for run in self._state.fragments]

    def absorb(self, seq: int, events: Sequence[AnyEvent], unknown: int = 0) -> None:
        """Take a batch in; the cost depends on this batch alone.

        `unknown` is how many events of the batch had a type of a later release.
        """
        state = self._state
        state.event_count += len(events) + unknown
        state.unknown_count += unknown
        state.batches += 1
        place = self._place(seq)
        read(state.totals, place.edges, events)
        self._close_gaps()

    def absorb_request(self, facts: RequestFacts) -> None:
        """Take in what one request's headers said."""
        read_request(self._state.totals.network, facts)

    def features(self) -> SessionFeatures:
        """Return what is known now; later batches do not change it."""
        return type(self).from_bytes(self.to_bytes()).concluded()

    def concluded(self) -> SessionFeatures:
        """Return what is known, of a state that nobody uses any more.

        What waits at the ends of runs is counted in place, so nothing may follow; it
        spares the copy that `features` makes.
        """
        state = self._state
        for fragment in state.fragments:
            finish_edges(state.totals, fragment.edges)
        return SessionFeatures(
            state.totals, modality_of(state.totals), state.event_count
        )

    def _place(self, seq: int) -> Fragment:
        """Return the run that a batch belongs to.

        A batch right after a run goes on with it, which is the usual case.
        """
        fragments = self._state.fragments
        for run in fragments:
            if run.last_seq + 1 == seq:
                run.last_seq = seq
                return run
        place = Fragment(seq, seq, Edges())
        fragments.append(place)
        return place

    def _close_gaps(self) -> None:
        """Join runs that have met, and forget the oldest gap when there are many."""
        fragments = self._state.fragments
        fragments.sort(key=lambda run: run.first_seq)
        totals = self._state.totals
        index = 0
        while index + 1 < len(fragments):
            left, right = fragments[index], fragments[index + 1]
            if left.last_seq + 1 == right.first_seq:
                left.edges = join_edges(totals, left.edges, right.edges)
            elif right.first_seq <= left.last_seq:
                # A batch of a gap that was given up: its edges meet nothing.
                pass
            elif len(fragments) > MOST_FRAGMENTS:
                # What lies across a gap is not counted: these totals are dropped.
                left.edges = join_edges(Totals(), left.edges, right.edges)
            else:
                index += 1
                continue
            left.last_seq = max(left.last_seq, right.last_seq)
            del fragments[index + 1]
