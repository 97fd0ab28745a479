"""What is done on an experiment's page: each act is a service and a sentence."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from common.errors import BonafideError

from ..models import Experiment
from ..services.experiments import (
    archive_experiment,
    start_experiment,
    stop_experiment,
)
from ..services.refreshing import refresh

LONGEST_DECISION: Final = 1000
SAID: Final = {
    "start": gettext_lazy("It runs: new respondents see their variant."),
    "stop": gettext_lazy("It is over: everybody sees the control."),
    "archive": gettext_lazy("It is in the archive."),
    "count": gettext_lazy("The numbers are those of this moment."),
}


def act_upon(
    request: HttpRequest, row: Experiment, *, may_change: bool
) -> HttpResponse:
    """Do what is asked, and say what happened."""
    name = request.POST.get("act", "")
    if name not in ACTS or not may_change:
        messages.error(request, _("You may not do this."))
        return redirect(request.path)
    try:
        ACTS[name](row, request)
    except BonafideError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, SAID[name])
    return redirect(request.path)


def _start(row: Experiment, request: HttpRequest) -> Any:
    return start_experiment(organization_id=row.organization_id, name=row.name)


def _stop(row: Experiment, request: HttpRequest) -> Any:
    decision = request.POST.get("decision", "")[:LONGEST_DECISION].replace("\0", "")
    return stop_experiment(
        organization_id=row.organization_id, name=row.name, decision=decision
    )


def _archive(row: Experiment, request: HttpRequest) -> Any:
    return archive_experiment(organization_id=row.organization_id, name=row.name)


def _count(row: Experiment, request: HttpRequest) -> Any:
    return refresh(organization_id=row.organization_id, experiment_id=row.id)


ACTS: Final[dict[str, Callable[[Experiment, HttpRequest], Any]]] = {
    "start": _start,
    "stop": _stop,
    "archive": _archive,
    "count": _count,
}
