"""How the admin looks: unfold's settings."""

from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

# The pages' green (portal.css), lighter and darker. White on 600 and 600 on white
# have a contrast of 6.5, 500 on the dark ground one of 5.8.
GREEN: Final = {
    "50": "#eef7f5",
    "100": "#d8ede8",
    "200": "#b2dbd2",
    "300": "#86c6b8",
    "400": "#74d3c0",
    "500": "#2fa08d",
    "600": "#0b6659",
    "700": "#0b5d51",
    "800": "#08463d",
    "900": "#063932",
    "950": "#04241f",
}
GREY: Final = {
    "50": "#f6f7f4",
    "100": "#eceeea",
    "200": "#dcdfda",
    "300": "#c2c8c3",
    "400": "#a0a9a4",
    "500": "#616b66",
    "600": "#525b57",
    "700": "#3b433f",
    "800": "#262d2a",
    "900": "#1a201e",
    "950": "#111514",
}


def favicon(_request: HttpRequest) -> str:
    """Return where the pages' icon is; addresses are known once Django runs."""
    return static("portal/favicon.svg")


def style(_request: HttpRequest) -> str:
    """Return where what we add to unfold's looks is."""
    return static("console/console.css")


def script(_request: HttpRequest) -> str:
    """Return where unfold's functions are made known to Alpine."""
    return static("console/shell.js")


UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "Bonafide",
    "SITE_HEADER": "Bonafide",
    "SITE_ICON": favicon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": favicon}],
    # Members sign in as well; unfold's own form lets staff in only.
    "LOGIN": {"form": "accounts.forms.people.SignInForm"},
    "ACCOUNT": {
        "navigation": [
            {
                "title": _("Change password"),
                "link": reverse_lazy("admin:password_change"),
            },
            {"title": _("Second factor"), "link": reverse_lazy("two_factor_set_up")},
        ]
    },
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": GREEN, "base": GREY},
    "STYLES": [style],
    "SCRIPTS": [script],
    "SIDEBAR": {"show_search": True, "navigation": "console.navigation.sections"},
}
