"""What respondents may ask for, in the console: a copy of everything, and erasure."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action

from common.admin import ReadOnlyAdmin, organization_of
from common.errors import BonafideError
from common.formats import number

from ..forms import EraseForm, NameForm
from ..models import Erasure
from ..services.erasing import erase_respondent
from ..subject_access import disclose
from ..subjects import Name, subject

TEMPLATE: Final = "sessions_app/respondent.html"


class ErasureAdmin(ReadOnlyAdmin):
    """Receipts of erasures; what was erased stands nowhere."""

    empty_text = _(
        "When a respondent is erased, the receipt stands here: when it was and how"
        " much, not who."
    )
    list_display = ["id", "organization", "created_at", "sessions", "shown_total"]
    list_filter = [("organization", RelatedDropdownFilter)]
    list_select_related = ["organization"]
    ordering = ["-id"]
    fields = ["id", "organization", "created_at", "sessions", "shown_rows"]
    actions_list = ["export", "erase"]

    class Media:
        css: Final = {"all": ["console/page.css"]}

    def has_erase_permission(self, request: HttpRequest, *_args: Any) -> bool:
        """Ask for the right to erase."""
        return self._may(request, "erase_respondent")

    def has_export_permission(self, request: HttpRequest, *_args: Any) -> bool:
        """Ask for the right to take everything away."""
        return self._may(request, "export_respondent")

    def _may(self, request: HttpRequest, what: str) -> bool:
        if organization_of(request) is None:
            return bool(self.has_view_permission(request))
        return bool(request.user.has_perm(f"sessions_app.{what}"))

    @action(description=_("Copy for a respondent"), permissions=["export"])
    def export(self, request: HttpRequest) -> HttpResponse:
        """Ask who it is; send all that is known of them as a file."""

        def send(name: Name, _asked: Any) -> HttpResponse:
            return HttpResponse(
                disclose(name),
                content_type="application/json",
                headers={
                    "Cache-Control": "no-store",
                    "Content-Disposition": "attachment; filename="
                    f'"respondent-{timezone.now():%Y-%m-%d}.json"',
                },
            )

        text = _(
            "The file holds all that is known of a respondent: what they sent, what"
            " they answered, and each verdict with its reasons. The audit keeps that it"
            " was taken."
        )
        title = _("Copy for a respondent")
        return self._ask(request, NameForm, title, text, _("Download"), send)

    @action(description=_("Erase a respondent"), permissions=["erase"])
    def erase(self, request: HttpRequest) -> HttpResponse:
        """Ask who it is and whether it is meant; erase them and show the receipt."""

        def erase(name: Name, asked: Any) -> HttpResponse:
            if not asked["is_sure"]:
                count = len(subject(name).session_ids)
                text = ngettext(
                    "%(count)s session and all that hangs on it would be erased."
                    " Nothing was yet: say that you are sure.",
                    "%(count)s sessions and all that hangs on them would be erased."
                    " Nothing was yet: say that you are sure.",
                    count,
                )
                raise _NotSureError(text % {"count": number(count)})
            receipt = erase_respondent(name)
            messages.success(request, gettext("Erased. This is the receipt."))
            page = "admin:sessions_app_erasure_change"
            return redirect(reverse(page, args=[receipt.id]))

        text = _(
            "Everything that is known of the respondent goes for good: sessions,"
            " events, answers, verdicts, and what webhooks told. Backups, and what your"
            " platform keeps, are yours to erase."
        )
        title = _("Erase a respondent")
        return self._ask(request, EraseForm, title, text, _("Erase"), erase)

    def _ask(
        self,
        request: HttpRequest,
        form_class: type[NameForm],
        title: Promise,
        text: Promise,
        button: Promise,
        done: Callable[[Name, Any], HttpResponse],
    ) -> HttpResponse:
        """Show a form; do what it is for when it is sent."""
        owner = organization_of(request)
        sent = request.POST if request.method == "POST" else None
        form = form_class(sent, owner=owner, initial=request.GET.dict())
        said = ""
        if form.is_valid():
            try:
                return done(form.name(), form.cleaned_data)
            except _NotSureError as error:
                said = str(error)
            except BonafideError as error:
                form.add_error(None, str(error.detail))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
            "text": text,
            "button": button,
            "said": said,
        }
        return TemplateResponse(request, TEMPLATE, context)

    @admin.display(description=_("rows"))
    def shown_total(self, receipt: Erasure) -> str:
        """Return how many rows went."""
        return number(sum(receipt.rows.values()))

    @admin.display(description=_("rows"))
    def shown_rows(self, receipt: Erasure) -> SafeString | str:
        """Return how many rows of what went, one a line."""
        if not receipt.rows:
            return gettext("None: only the name was known.")
        lines = ((number(count), label) for label, count in receipt.rows.items())
        return format_html_join("", "<p>{} {}</p>", lines)


class _NotSureError(Exception):
    """Somebody wants to know what would happen first."""
