"""What people read about a verdict: one whole sentence for each code."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a detector saw, said to someone who was not there.
SENTENCES: Final[Mapping[str, Promise]] = {
    "keyboard.machine_speed": _("Keys followed one another faster than fingers can."),
    "keyboard.instant_holds": _("Keys were let go as soon as they were pressed."),
    "keyboard.even_rhythm": _("Keys followed one another too evenly for a person."),
    "keyboard.even_holds": _("Every key was held down for the same time."),
    "keyboard.no_overlaps": _(
        "A long text was typed without a correction and never with two keys down."
    ),
    "keyboard.text_without_keys": _("Text appeared though no key was pressed."),
    "keyboard.whole_texts": _(
        "Whole texts appeared at once, not typed and not pasted."
    ),
    "keyboard.untrusted": _("Keys were pressed by a script in the page."),
    "keyboard.never_released": _("Keys were pressed and never let go."),
    "keyboard.narrow_rhythm": _("A long text was typed without any pause."),
    "keyboard.record_speed": _(
        "A text was typed faster than the fastest people can type."
    ),
    "keyboard.unmatched": _("Presses and releases of keys were not as many."),
    "keyboard.placeless_keys": _(
        "Characters came from keys that are at no place on a keyboard."
    ),
    "keyboard.few_keys": _("A text has far more characters than keys were pressed."),
    "keyboard.echoes": _("A script claimed to type what was already there."),
    "pointer.even_speed": _("The pointer kept its speed, which a hand cannot do."),
    "pointer.even_steps": _("The pointer moved in steps of one length."),
    "pointer.straight": _("The pointer moved along straight lines only."),
    "pointer.presses_at_once": _(
        "The button was pressed in the very moment the pointer arrived."
    ),
    "pointer.never_moves": _("The mouse pressed in several places and never moved."),
    "pointer.never_coalesced": _(
        "The pointer's moves came one by one, as a program sends them."
    ),
    "pointer.teleports": _("The pointer jumped to its targets without moving."),
    "pointer.too_smooth": _(
        "The pointer followed its way more closely than a hand can."
    ),
    "pointer.too_quick": _(
        "The pointer was at far targets sooner than a hand can move it."
    ),
    "pointer.even_strokes": _(
        "Every movement of the pointer took the same time, near or far."
    ),
    "pointer.one_profile": _(
        "The pointer sped up and slowed down in the same way each time."
    ),
    "pointer.no_tremor": _("The pointer moved along curves without any tremor."),
    "pointer.never_corrects": _(
        "In many movements the pointer never went back to correct itself."
    ),
    "pointer.contrary_moves": _("The pointer went where the hardware did not move."),
    "pointer.clockwork": _("The pointer moved by a clock that is no display's."),
    "click.instant_presses": _("The button was let go as soon as it was pressed."),
    "click.even_presses": _(
        "The button was held down for the same time at each press."
    ),
    "click.centred": _("Presses hit the exact centre of their targets."),
    "click.untrusted": _("Clicks were made by a script in the page."),
    "click.without_press": _("Clicks happened though no button was pressed."),
    "click.even_cadence": _("One press followed the other after the same time."),
    "click.same_spot": _("Presses hit one and the same spot of every target."),
    "scroll.jumps": _("The page jumped though no hand moved it."),
    "scroll.untrusted": _("The wheel was turned by a script in the page."),
    "scroll.even_pauses": _(
        "The page was moved on after the same time, again and again."
    ),
    "scroll.too_fast": _("The page moved faster than a wheel can turn."),
    "touch.instant_taps": _(
        "Fingers of one size touched the screen for no time at all."
    ),
    "touch.even_taps": _("Every tap of a finger lasted the same time."),
    "touch.point_fingers": _("All fingers were points of one size and one force."),
    "touch.without_fingers": _(
        "A touch screen was pressed though no finger came down on it."
    ),
    "touch.ruled_swipes": _("Fingers swiped along a perfectly straight line."),
    "touch.even_swipes": _("Fingers swiped at one speed from beginning to end."),
    "touch.untouched_scrolls": _(
        "A touch screen scrolled though no finger moved on it."
    ),
    "focus.acts_while_hidden": _(
        "Keys or presses went to a page that was out of sight."
    ),
    "focus.types_while_away": _(
        "A text was typed while another window had the keyboard."
    ),
    "focus.never_moves": _("Texts were typed, but no field ever had the focus."),
    "clipboard.untrusted": _("A script in the page pretended to use the clipboard."),
    "clipboard.fetched_answers": _(
        "An answer was pasted right after another window was looked at."
    ),
    "clipboard.pasted_answers": _("Most of the text was pasted."),
    "clipboard.copied_questions": _(
        "A question was copied, and an answer was pasted later."
    ),
    "timing.instant_starts": _(
        "Pages were worked on before anyone could have seen them."
    ),
    "timing.even_answers": _("One answer followed the other after the same time."),
    "timing.even_pages": _("Every page took the same time."),
    "timing.unread_pages": _(
        "Pages full of words were left before anyone could have read them."
    ),
    "timing.length_blind": _("Short pages took as long as long ones."),
    "timing.even_starts": _("Work began after the same time on every page."),
    "timing.quick_starts": _(
        "Nearly every page was worked on before it could have been read."
    ),
    "device.webdriver": _("The browser says that a program drives it."),
    "device.driver_globals": _("A program that drives browsers left its marks."),
    "device.headless": _("The browser says that it runs without a window."),
    "device.no_window": _("The browser's window has no size."),
    "device.software_renderer": _("No graphics card draws the page."),
    "device.default_size": _("The page has exactly the size that automation opens."),
    "device.no_languages": _("The browser speaks no language."),
    "device.protocol_listener": _("A debugger listens to the page."),
    "device.driver_calls": _("The code of an automation tool ran in the page."),
    "device.tampered": _("A script gives the browser's answers in its place."),
    "device.worker_mismatch": _("The page and its worker describe different browsers."),
    "device.engine_mismatch": _("The browser is not the one that it says it is."),
    "device.language_mismatch": _("The browser contradicts itself about its language."),
    "device.zone_mismatch": _("The clock does not fit the time zone."),
    "device.graphics_mismatch": _("The graphics card belongs to another system."),
    "device.incomplete": _("The report on the browser leaves out what ours tells."),
    "device.no_frame": _("The window has no frame and no bars."),
    "network.headless_agent": _("The requests came from a browser without a window."),
    "network.library_agent": _("The requests came from a program, not from a browser."),
    "network.declared_agent": _(
        "The requests named an AI agent or a crawler, which is no offence by itself."
    ),
    "network.no_language": _("The requests asked for no language."),
    "network.platform_mismatch": _(
        "The requests named another system than the page did."
    ),
    "network.no_fetch_metadata": _(
        "The requests lacked headers that this browser always sends."
    ),
    "network.hints_mismatch": _(
        "The requests named one browser in one header and another in the next."
    ),
    "network.no_hints": _("The requests lacked the brands that this browser names."),
    "network.invalid_language": _(
        "The requests asked for languages in a way that no browser writes."
    ),
    "network.language_mismatch": _(
        "The requests asked for other languages than the page was told."
    ),
    "network.agent_mismatch": _("The page names another browser than the requests."),
    "network.headers_changed": _("Another browser went on with the session."),
    "network.spoofed_agent": _(
        "The requests were signed in an agent's name, but not with its key."
    ),
    "network.datacenter": _("The requests came from a data centre."),
    "network.tor": _("The requests came through the Tor network."),
    "network.vpn": _("The requests came through a VPN, which counts for nothing."),
    "network.proxy": _("The requests came through an open proxy."),
    "network.address_changed": _(
        "The session moved between an ordinary connection and a data centre."
    ),
    "network.hosted_agent": _(
        "The browser has every mark of a machine that is rented for automation."
    ),
    "answers.unseen": _("Questions were answered that were never in sight."),
    "answers.untrusted": _("Answers were filled in by a script in the page."),
    "answers.instant": _("Questions were answered as soon as they came into sight."),
}

# Detectors of older rulesets stay in stored results after they were withdrawn.
WITHDRAWN: Final = _("A detector of an earlier ruleset fired.")

VERDICTS: Final[Mapping[str, Promise]] = {
    "human": _("This session was a person's."),
    "suspicious": _("This session was more likely automated than not."),
    "bot": _("This session was automated."),
    "undecided": _("Too little was seen to say anything."),
}

ACTIONS: Final[Mapping[str, Promise]] = {
    "allow": _("Let the respondent go on."),
    "monitor": _("Let the respondent go on and keep watching."),
    "review": _("Have a person look at this session."),
    "challenge": _("Ask the respondent to prove that a person is there."),
    "block": _("Do not accept this respondent."),
}


def sentence_of(code: str) -> Promise:
    """Return what a detector saw; any code that was ever released has an answer."""
    return SENTENCES.get(code, WITHDRAWN)
