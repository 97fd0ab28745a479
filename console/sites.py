"""The admin's site: Django's own, in unfold's clothes and under our policy."""

from functools import partial
from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from .views import show_session


class ConsoleSite(UnfoldAdminSite):
    """Where operators see what happens."""

    index_title: Any = _("Overview")

    def extra_urls(self) -> list[URLPattern]:
        """Return pages of ours; a session's stands in the place of its form."""
        show = self.admin_view(partial(show_session, site=self))
        return [
            path(
                "sessions_app/session/<uuid:session_id>/change/",
                show,
                name="session_page",
            )
        ]
