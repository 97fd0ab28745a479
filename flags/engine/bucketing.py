"""Put people into buckets, each time into the same.

A gate lets a share of them through, a draw hands out variants by weight. Both hash
`group:key` by MurmurHash3 with a seed of their own, so that who passed the gate says
nothing about the variant. Two algorithms are released, and a flag keeps its own:

murmur3
    The hash is scaled to the whole: `h * 100000 >> 32`, steps of 0.001 %.
unleash
    What Unleash's clients do, `h % 100 + 1` and `h % total + 1`, so that an imported
    flag keeps its people. Steps of 1 %.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final, TypeAlias

# The one that takes bytes: given text with half of a surrogate pair, which JSON can
# carry, the one that takes text (5.3.1) ends the process.
from mmh3 import mmh3_32_uintdigest as murmur3

from .definitions import RANDOM, Algorithm
from .evaluation import Context
from .reading import text

# Unleash's seeds (its client specification; checked by all of its cases).
GATE_SEED: Final = 0
DRAW_SEED: Final = 86_028_157
# In how many steps the hash is scaled: 0.001 % each.
STEPS: Final = 100_000
_WHOLE: Final = 1 << 32

# The key that somebody sticks to, or None if the context has none.
KeyOf: TypeAlias = Callable[[Context], str | None]
# Whether a key passes, and which place of the weights it draws.
Gate: TypeAlias = Callable[[str], bool]
# The same for a percentage that is only known at the time.
MovingGate: TypeAlias = Callable[[str, float], bool]
Draw: TypeAlias = Callable[[str], int]


def key_of(sticky_on: Sequence[str]) -> KeyOf:
    """Return how to find the key: the first of the fields that the context has."""
    if len(sticky_on) == 1:
        return _field(sticky_on[0])
    readers = tuple(_field(name) for name in sticky_on)

    def first(context: Context) -> str | None:
        for read in readers:
            key = read(context)
            if key is not None:
                return key
        return None

    return first


def _field(name: str) -> KeyOf:
    """Return how to read one field, or the draw of the request."""
    if name == RANDOM:
        return lambda context: context.draw

    def read(context: Context) -> str | None:
        key = context.attributes.get(name)
        return key if key.__class__ is str else text(key)

    return read


def gate(algorithm: Algorithm, group: str, percent: float) -> Gate:
    """Return who is among a share: whoever is stays when the share grows."""
    prefix = _prefix(group)
    if algorithm == "unleash":
        whole = int(percent)
        return lambda key: murmur3(prefix + key.encode(), GATE_SEED) % 100 < whole
    limit = _limit(percent)
    return lambda key: murmur3(prefix + key.encode(), GATE_SEED) < limit


def moving_gate(algorithm: Algorithm, group: str) -> MovingGate:
    """Return who is among a share that moves: the same people at the same share."""
    prefix = _prefix(group)
    if algorithm == "unleash":
        return lambda key, percent: (
            murmur3(prefix + key.encode(), GATE_SEED) % 100 < int(percent)
        )
    return lambda key, percent: (
        murmur3(prefix + key.encode(), GATE_SEED) < _limit(percent)
    )


def _prefix(group: str) -> bytes:
    """Return what stands before each key; no group is so odd that compiling fails."""
    return f"{group}:".encode(errors="surrogatepass")


def _limit(percent: float) -> int:
    """Return below which hash `hash * STEPS >> 32` is below the percentage."""
    return -(-round(percent * STEPS / 100) * _WHOLE // STEPS)


def draw(algorithm: Algorithm, group: str, weights: Sequence[int]) -> Draw:
    """Return who draws which of the weights; one of them has to be above zero."""
    prefix = _prefix(group)
    sums = list(accumulate(weights))
    total = sums[-1]
    if algorithm == "unleash":
        return lambda key: bisect_left(
            sums,
            murmur3(prefix + key.encode(), DRAW_SEED) % total + 1,
        )
    return lambda key: bisect_right(
        sums,
        murmur3(prefix + key.encode(), DRAW_SEED) * total >> 32,
    )
