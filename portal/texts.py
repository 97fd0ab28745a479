"""Sentences and names that the result page shows, in the language of the moment."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from detection.facade import Family

# What each check looks at, said so that it holds whatever was found. A check that is
# not here yet is shown by its code.
CHECKS: Final = {
    "keyboard.machine_speed": _("How fast keys follow one another"),
    "keyboard.instant_holds": _("How long keys are held"),
    "keyboard.even_rhythm": _("Whether the rhythm of the keys varies"),
    "keyboard.even_holds": _("Whether the time that keys are held varies"),
    "keyboard.no_overlaps": _("Whether keys overlap or are corrected"),
    "keyboard.text_without_keys": _("Whether keys are behind the text"),
    "keyboard.whole_texts": _("Whether whole texts appear at once"),
    "keyboard.untrusted": _("Whether a script presses keys"),
    "keyboard.never_released": _("Whether keys are let go"),
    "keyboard.narrow_rhythm": _("Whether there are pauses for thought"),
    "keyboard.record_speed": _("How fast a text is typed"),
    "keyboard.unmatched": _("Whether as many keys are let go as are pressed"),
    "keyboard.placeless_keys": _("Whether keys are on a keyboard"),
    "keyboard.few_keys": _("How many keys there are for a text"),
    "keyboard.echoes": _("Whether a script claims to type"),
    "pointer.even_speed": _("Whether the pointer's speed varies"),
    "pointer.even_steps": _("Whether the pointer's steps vary"),
    "pointer.straight": _("How straight the pointer's way is"),
    "pointer.presses_at_once": _("How long it takes from arriving to pressing"),
    "pointer.never_moves": _("Whether the pointer moves at all"),
    "pointer.never_coalesced": _("How finely the hardware reports moves"),
    "pointer.teleports": _("Whether the pointer jumps"),
    "pointer.too_quick": _("How quickly the pointer is at far targets"),
    "pointer.even_strokes": _("Whether movements take different times"),
    "pointer.one_profile": _("Whether movements speed up differently"),
    "pointer.no_tremor": _("Whether the hand trembles a little"),
    "pointer.never_corrects": _("Whether movements are corrected"),
    "pointer.contrary_moves": _("Whether pointer and hardware move the same way"),
    "pointer.clockwork": _("What beats the time of the pointer's steps"),
    "pointer.too_smooth": _("How closely movements follow a curve"),
    "scroll.jumps": _("Whether the page jumps"),
    "scroll.untrusted": _("Whether a script scrolls"),
    "scroll.even_pauses": _("Whether the pauses between scrolling vary"),
    "scroll.too_fast": _("How fast the wheel moves the page"),
    "click.instant_presses": _("How long the button is held"),
    "click.even_presses": _("Whether the time that the button is held varies"),
    "click.centred": _("Where targets are hit"),
    "click.untrusted": _("Whether a script clicks"),
    "click.without_press": _("Whether a press comes before the click"),
    "click.even_cadence": _("Whether the time between clicks varies"),
    "click.same_spot": _("Whether targets are hit in different spots"),
    "touch.instant_taps": _("How long and how broadly fingers touch"),
    "touch.even_taps": _("Whether the time that fingers touch varies"),
    "touch.point_fingers": _("Whether fingers have a size"),
    "touch.without_fingers": _("Whether a finger comes down before a press"),
    "touch.ruled_swipes": _("How straight fingers swipe"),
    "touch.even_swipes": _("Whether the speed of swipes varies"),
    "touch.untouched_scrolls": _("Whether a finger scrolls the page"),
    "focus.acts_while_hidden": _("Whether anyone acts while the page is out of sight"),
    "focus.types_while_away": _("Whether anyone types while the window is left"),
    "focus.never_moves": _("Whether fields get the focus"),
    "clipboard.untrusted": _("Whether a script pastes"),
    "clipboard.fetched_answers": _("Whether answers are fetched from elsewhere"),
    "clipboard.pasted_answers": _("How much of the text is pasted"),
    "clipboard.copied_questions": _("Whether questions are copied out"),
    "timing.instant_starts": _("How long it takes from seeing a page to acting"),
    "timing.even_answers": _("Whether the time between answers varies"),
    "timing.even_pages": _("Whether the time spent on pages varies"),
    "timing.unread_pages": _("Whether pages can have been read"),
    "timing.length_blind": _("Whether long pages take longer"),
    "timing.even_starts": _("Whether the time until work begins varies"),
    "timing.quick_starts": _("How soon after a page work begins"),
    "device.webdriver": _("Whether the browser says that a program drives it"),
    "device.driver_globals": _("Whether automation tools left traces"),
    "device.headless": _("Whether the browser has a screen"),
    "device.no_window": _("Whether the window has a size"),
    "device.software_renderer": _("What draws the page"),
    "device.default_size": _("Whether the page has the size that automation opens"),
    "device.no_languages": _("Whether the browser speaks a language"),
    "device.protocol_listener": _("Whether a debugger listens"),
    "device.driver_calls": _("Whether the code of an automation tool ran"),
    "device.tampered": _("Whether a script answers in the browser's place"),
    "device.worker_mismatch": _("Whether page and worker describe one browser"),
    "device.engine_mismatch": _("Whether the browser is what it says it is"),
    "device.language_mismatch": _("Whether the browser knows its own language"),
    "device.zone_mismatch": _("Whether the clock fits the time zone"),
    "device.graphics_mismatch": _("Whether the graphics fit the system"),
    "device.incomplete": _("Whether the report on the browser is whole"),
    "device.no_frame": _("Whether the window has a frame"),
    "network.headless_agent": _("Whether requests name a browser without a screen"),
    "network.library_agent": _("Whether requests come from a program"),
    "network.declared_agent": _("Whether requests name an AI agent"),
    "network.no_language": _("Whether requests ask for a language"),
    "network.platform_mismatch": _("Whether page and requests name the same system"),
    "network.no_fetch_metadata": _("Whether requests say what they are for"),
    "network.hints_mismatch": _("Whether requests name one browser only"),
    "network.no_hints": _("Whether requests name the browser's brands"),
    "network.invalid_language": _("How requests ask for languages"),
    "network.language_mismatch": _("Whether page and requests speak one language"),
    "network.agent_mismatch": _("Whether page and requests name one browser"),
    "network.headers_changed": _("Whether one browser sends all requests"),
    "network.spoofed_agent": _("Whether an agent's signature is its own"),
    "network.datacenter": _("Whether requests come from a data centre"),
    "network.tor": _("Whether requests come through the Tor network"),
    "network.vpn": _("Whether requests come through a VPN"),
    "network.proxy": _("Whether requests come through an open proxy"),
    "network.address_changed": _("Whether the kind of connection stays the same"),
    "network.hosted_agent": _("Whether the browser runs on a rented machine"),
    "answers.unseen": _("Whether answered questions were in sight"),
    "answers.untrusted": _("Whether a script gives answers"),
    "answers.instant": _("How long it takes from seeing a question to answering"),
}

FAMILIES: Final = {
    Family.KEYBOARD: _("Keyboard"),
    Family.POINTER: _("Pointer"),
    Family.CLICK: _("Clicks"),
    Family.SCROLL: _("Scrolling"),
    Family.TOUCH: _("Touch"),
    Family.FOCUS: _("Focus"),
    Family.CLIPBOARD: _("Clipboard"),
    Family.TIMING: _("Timing"),
    Family.DEVICE: _("Device"),
    Family.NETWORK: _("Network"),
    Family.ANSWERS: _("Answers"),
}

# A name that is not here yet is shown as it is.
EVIDENCE: Final = {
    "acts": _("Actions"),
    "answers": _("Answers"),
    "changes": _("Changes"),
    "classes": _("Kinds of connection"),
    "characters": _("Characters"),
    "clicks": _("Clicks"),
    "copies": _("Questions copied"),
    "deviation": _("Deviation"),
    "deviation_ms": _("Deviation, in milliseconds"),
    "events": _("Events"),
    "gaps": _("Pauses measured"),
    "headers": _("System named by requests"),
    "identity": _("What became of the signature"),
    "jumps": _("Jumps"),
    "keys": _("Keys"),
    "longest": _("Longest, in characters"),
    "marks": _("Marks found"),
    "mean_ms": _("Mean, in milliseconds"),
    "median_ms": _("Median, in milliseconds"),
    "movements": _("Movements of the page"),
    "moves": _("Moves"),
    "names": _("Names found"),
    "overlaps": _("Overlaps"),
    "page": _("System named by the page"),
    "page_languages": _("Languages that the page was told"),
    "pages": _("Pages"),
    "points": _("Points that differ"),
    "pauses": _("Pauses measured"),
    "presses": _("Presses"),
    "radius_px": _("Radius, in pixels"),
    "reports": _("Reports of the device"),
    "requested_languages": _("Languages that requests asked for"),
    "requests": _("Requests"),
    "scrolls": _("Movements of the page"),
    "share": _("Share"),
    "signers": _("Agents that signed"),
    "step_px": _("Median step, in pixels"),
    "steps": _("Steps"),
    "strokes": _("Strokes"),
    "swipes": _("Swipes"),
    "taps": _("Taps"),
    "teleports": _("Jumps"),
    "texts": _("Texts"),
    "variation": _("Variation"),
    "ways": _("Ways to a target"),
    "wheels": _("Turns of the wheel"),
}

VERDICTS: Final = {
    "human": (
        _("This looks like a person."),
        _("What was seen fits a person at work."),
    ),
    "suspicious": (
        _("Some of this is unusual for a person."),
        _("It is not enough to call it automated. Someone should have a look."),
    ),
    "bot": (
        _("This looks automated."),
        _("What was seen is hard to explain by a person at work."),
    ),
    "undecided": (
        _("There was not enough to tell."),
        _("Too little was seen for a verdict. Bonafide does not guess."),
    ),
}

ACTIONS: Final = {
    "allow": _("Let the answers count."),
    "monitor": _("Keep watching, change nothing."),
    "review": _("Have someone look at the answers."),
    "challenge": _("Ask for a proof that a person is there."),
    "block": _("Do not count the answers."),
}

# The line that screen readers hear when it changes.
STATES: Final = {
    "loading": _("Asking for the verdict."),
    "live": _("This is the verdict so far. The visit is about to be closed."),
    "closing": _("The visit is closed. The final verdict is on its way."),
    "final": _("This is the final verdict."),
    "expired": _(
        "This visit ended by itself, because nothing happened for a long time. "
        "The verdict is on what was seen until then."
    ),
    "blocked": _("This visit was ended early. This is the verdict."),
    "slow": _("The final verdict takes longer than usual. This is the verdict so far."),
    "away": _("The server cannot be reached. Check your connection and try again."),
    "gone": _("This visit is not known any more. Answer again to see a verdict."),
    "none": _(
        "No visit was opened: something, perhaps a blocker, kept the script from "
        "loading or from reaching the server. Nothing was collected."
    ),
}


def of_result() -> Mapping[str, Any]:
    """Return everything that the result page's script says."""
    return {
        "checks": CHECKS,
        "families": {str(family): name for family, name in FAMILIES.items()},
        "evidence": EVIDENCE,
        "verdicts": {
            kind: {"headline": headline, "meaning": meaning}
            for kind, (headline, meaning) in VERDICTS.items()
        },
        "actions": ACTIONS,
        "states": STATES,
        "score": _("%(score)s of 99"),
        "nearly_all": _("More than %(percent)s"),
        "no_score": _("No score: too little was seen."),
        "family_count": _("%(family)s: %(count)s"),
        "yes": _("Yes"),
        "no": _("No"),
        "none": _("None"),
    }
