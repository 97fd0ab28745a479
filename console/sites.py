"""The admin's site: Django's own, in unfold's clothes and under our policy."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from unfold.sites import UnfoldAdminSite

from accounts.facade import next_step, presence_of

from .views import show_overview, show_session


class ConsoleSite(UnfoldAdminSite):
    """Where operators see what happens."""

    index_title: Any = _("Overview")

    def has_permission(self, request: HttpRequest) -> bool:
        """Let staff and members in, once they have shown what they have to."""
        return presence_of(request) is not None and next_step(request) is None

    def admin_view(
        self,
        view: Callable[..., Any],
        cacheable: bool = False,  # noqa: FBT001, FBT002 - as Django has it
    ) -> Callable[..., Any]:
        """Lead who has a step to take first to it, and then back."""
        inner: Callable[..., Any] = super().admin_view(view, cacheable)

        @wraps(inner)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            step = next_step(request)
            if step is None:
                return inner(request, *args, **kwargs)
            # Whoever has no second factor at hand can still leave.
            if request.path == reverse("admin:logout"):
                return csrf_protect(view)(request, *args, **kwargs)
            wanted = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse(step)}?{wanted}")

        return gated

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the overview in place of a list of tables, which is at the side."""
        return show_overview(request, site=self)

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
