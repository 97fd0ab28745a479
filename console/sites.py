"""The admin's site: Django's own, in unfold's clothes and under our policy."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class ConsoleSite(UnfoldAdminSite):
    """Where operators see what happens."""

    index_title: Any = _("Overview")
