"""Questions about the clipboard. Pasting is ordinary and says nothing by itself."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

UNTRUSTED: Final = "clipboard.untrusted"

# Editors dispatch a clipboard event of their own now and then (research M9).
UNTRUSTED_PASTES: Final = 1
UNTRUSTED_WEIGHT: Final = 1.5


def untrusted(features: SessionFeatures) -> Reading:
    """Fire when a script in the page pretends to paste."""
    clipboard = features.totals.clipboard
    if clipboard.pastes + clipboard.copies + clipboard.cuts + clipboard.drops == 0:
        return unknown(UNTRUSTED)
    if clipboard.untrusted >= UNTRUSTED_PASTES:
        return fired(UNTRUSTED, UNTRUSTED_WEIGHT, events=clipboard.untrusted)
    return clear(UNTRUSTED)


DETECTORS: Final = (Detector(UNTRUSTED, 701, Family.CLIPBOARD, untrusted),)
