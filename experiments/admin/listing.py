"""The list of experiments, and the way to each one's page."""

from typing import Any, Final

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, gettext_lazy as _
from unfold.decorators import display

from common.admin import BaseAdmin, organization_of
from common.errors import BonafideError

from ..forms import ExperimentForm
from ..models import Experiment, State
from ..services.experiments import create_experiment
from .acts import act_upon

TONES: Final = {
    State.DRAFT: "info",
    State.RUNNING: "success",
    State.STOPPED: "warning",
    State.ARCHIVED: "info",
}


@admin.register(Experiment)
class ExperimentAdmin(BaseAdmin):
    """What is tried on some before all get it."""

    empty_text = _(
        "An experiment shows some respondents one thing and others another, and says"
        " which is better. Plan one, and start it when you are sure."
    )
    list_display = ["name", "shown_state", "phase", "started_at", "counted_until"]
    list_filter = ["state"]
    search_fields = ["name", "hypothesis"]
    ordering = ["-created_at"]
    actions = None
    list_per_page = 50

    class Media:
        css: Final = {"all": ["console/page.css", "experiments/experiments.css"]}

    def has_delete_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        """Leave it to the archive: results outlive their experiment."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let members add, who work in one organization; staff would not know whose."""
        return organization_of(request) is not None and super().has_add_permission(
            request
        )

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask for what an experiment begins with, and say how long it will take."""
        organization_id = organization_of(request)
        if organization_id is None or not self.has_add_permission(request):
            raise Http404
        form = ExperimentForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and "plan" not in request.POST:
            try:
                row = create_experiment(
                    organization_id=organization_id,
                    name=form.cleaned_data["name"],
                    hypothesis=form.cleaned_data["hypothesis"],
                    design=form.design(),
                )
            except BonafideError as error:
                form.add_error(None, error.detail)
            else:
                messages.success(request, gettext("It is a draft: nobody sees it yet."))
                return redirect("admin:experiments_experiment_change", row.id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Plan an experiment"),
            "opts": self.opts,
            "form": form,
            "planned": form.planned() if form.is_bound and form.is_valid() else None,
        }
        return TemplateResponse(request, "experiments/add.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show an experiment's page, and do what is asked on it."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        may_change = self.has_change_permission(request, row)
        if request.method == "POST":
            return act_upon(request, row, may_change=may_change)
        from .page import context_of_page  # noqa: PLC0415 - it loads scipy

        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "opts": self.opts,
            "original": row,
            "may_change": may_change,
            **context_of_page(row, request),
        }
        return TemplateResponse(request, "experiments/page.html", context)

    @display(description=_("state"), label={s.value: tone for s, tone in TONES.items()})
    def shown_state(self, row: Experiment) -> tuple[str, str]:
        """Say where it is."""
        return row.state, str(State(row.state).label)
