"""Sentences and names that the result page shows, in the language of the moment."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from detection.facade import CHECKS, EVIDENCE, FAMILIES

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
        "families": FAMILIES,
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
