"""Every detector there is, by name: nothing is found by searching."""

from collections.abc import Mapping, Sequence
from typing import Final

from .detectors import (
    addresses,
    agents,
    answers,
    click,
    clipboard,
    coherence,
    device,
    entry,
    focus,
    keyboard,
    kinematics,
    network,
    pointer,
    probes,
    scroll,
    smoothness,
    timing,
    touch,
)
from .readings import Detector

DETECTORS: Final[Sequence[Detector]] = (
    *keyboard.DETECTORS,
    *entry.DETECTORS,
    *pointer.DETECTORS,
    *smoothness.DETECTORS,
    *kinematics.DETECTORS,
    *click.DETECTORS,
    *scroll.DETECTORS,
    *touch.DETECTORS,
    *focus.DETECTORS,
    *clipboard.DETECTORS,
    *timing.DETECTORS,
    *device.DETECTORS,
    *probes.DETECTORS,
    *network.DETECTORS,
    *agents.DETECTORS,
    *coherence.DETECTORS,
    *addresses.DETECTORS,
    *answers.DETECTORS,
)

# Stored results name detectors by number, people and documents by code.
BY_CODE: Final[Mapping[str, Detector]] = {one.code: one for one in DETECTORS}
BY_NUMBER: Final[Mapping[int, Detector]] = {one.number: one for one in DETECTORS}
