"""How a person used the page: decided before any detector looks.

People who use a finger, the keyboard alone, a screen reader, the clipboard, an
input method or a password manager leave traces that resemble a script's. Each
detector names which of these it stands down for.
"""

from dataclasses import dataclass
from typing import Final

from .features.totals import Totals

# Fewer than this share of touch presses, and a mouse is in use as well.
TOUCH_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Modality:
    """Which ways of using a page were seen."""

    is_touch: bool
    is_keyboard_nav: bool
    is_assistive: bool
    has_paste: bool
    has_composition: bool
    has_dictation: bool
    has_autofill: bool


def modality_of(totals: Totals) -> Modality:
    """Tell from the totals how the page was used."""
    click, entry = totals.click, totals.entry
    return Modality(
        is_touch=_is_touch(totals),
        is_keyboard_nav=click.by_key > 0 or totals.keyboard.tabs > 0,
        is_assistive=click.virtual + click.virtual_presses > 0,
        has_paste=totals.clipboard.pastes + totals.clipboard.drops + entry.pasted > 0,
        has_composition=entry.composed > 0 or _has_unidentified(totals),
        has_dictation=entry.dictated > 0,
        has_autofill=entry.replaced > 0,
    )


def _is_touch(totals: Totals) -> bool:
    """Decide by what touched, never by what the browser calls itself."""
    presses = totals.click.presses
    if presses:
        return totals.click.touch_presses >= TOUCH_SHARE * presses
    return totals.touch.starts > 0


def _has_unidentified(totals: Totals) -> bool:
    """Say whether an input method hides keys, as phones and East Asian ones do."""
    keyboard = totals.keyboard
    return keyboard.unidentified * 2 > keyboard.characters
