"""What a flag makes of a detector: asked and counted, asked and noted, or not asked."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import msgspec

from .readings import rounded
from .types import Reading

Mode = Literal["off", "shadow", "enforce"]
# By code; a detector that is not named is as the code has it.
Modes: TypeAlias = Mapping[str, Mode]

AS_CODED: Final[Modes] = {}


def in_shadow(reading: Reading) -> Reading:
    """Return a reading that decides nothing, and says what it would have weighed."""
    if not reading.weight:
        return reading
    evidence = rounded({**reading.evidence, "would_weigh": reading.weight})
    return msgspec.structs.replace(reading, weight=0.0, evidence=evidence)
