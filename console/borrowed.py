"""What unfold says that neither it nor Django translates.

Nothing imports this: it is here for `make messages` to find. Django looks sentences
up in all catalogues, so ours serve unfold's templates.
"""

from typing import Final

from django.utils.translation import gettext_noop as _, ngettext_lazy

WORDS: Final = (
    _(" By %(filter_title)s "),
    _("Add %(name)s"),
    _("Apply Filters"),
    _("Dark"),
    _("Date from"),
    _("Date to"),
    _("Expand row"),
    _("From"),
    _("Go back"),
    _("Light"),
    _("More actions"),
    _("Next"),
    _("Previous"),
    _("Reset filters"),
    _("Return to site"),
    _("Run"),
    _("Search apps and models..."),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("System"),
    _("To"),
    _("Type to search"),
    _("Value"),
    _("Welcome back to"),
    _("You have been successfully logged out from the administration"),
    ngettext_lazy("%(counter)s result", "%(counter)s results"),
)
