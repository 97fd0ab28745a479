"""Every detector there is, by name: nothing is found by searching."""

from collections.abc import Mapping, Sequence
from typing import Final

from .detectors import (
    answers,
    click,
    clipboard,
    device,
    entry,
    focus,
    keyboard,
    kinematics,
    network,
    pointer,
    scroll,
    timing,
    touch,
)
from .readings import Detector

DETECTORS: Final[Sequence[Detector]] = (
    *keyboard.DETECTORS,
    *entry.DETECTORS,
    *pointer.DETECTORS,
    *kinematics.DETECTORS,
    *click.DETECTORS,
    *scroll.DETECTORS,
    *touch.DETECTORS,
    *focus.DETECTORS,
    *clipboard.DETECTORS,
    *timing.DETECTORS,
    *device.DETECTORS,
    *network.DETECTORS,
    *answers.DETECTORS,
)

# Stored results name detectors by number, people and documents by code.
BY_CODE: Final[Mapping[str, Detector]] = {one.code: one for one in DETECTORS}
BY_NUMBER: Final[Mapping[int, Detector]] = {one.number: one for one in DETECTORS}
