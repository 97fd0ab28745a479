"""The landing page and the demo survey: each step is a form, a redirect, a page.

The answers are kept in the visitor's Django session, so everything works without
JavaScript; only the verdict cannot be had without.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from common.tenancy import scope
from flags.facade import Kind, declare, is_on

from . import selectors, services, texts
from .demo import PAGES, Page, first_open_page
from .documents import shown_collected, shown_page
from .selectors import Demo

ANSWERS: Final = "demo_answers"

# The demo's own flag: something to try a rollout on, by its visitors' eyes.
PROGRESS: Final = declare(
    "demo.progress",
    _("The demo survey says on which of its pages one is."),
    kind=Kind.EXPERIMENT,
)

DemoView = Callable[..., HttpResponse]

# Back has to show the answers as they are now, and no proxy may keep them.
_private = cache_control(private=True, no_cache=True)


def _with_demo(view: DemoView) -> DemoView:
    """Hand the demo to a view, or show how to set it up."""

    @wraps(view)
    def show(request: HttpRequest, **where: Any) -> HttpResponse:
        demo = selectors.demo()
        if demo is None:
            return render(request, "portal/no_demo.html", status=404)
        with scope.entered(demo.organization_id):
            return view(request, demo, **where)

    return show


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what Bonafide is, and where to go."""
    return render(request, "portal/landing.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is stored of respondents, why, for how long, and what they may ask."""
    return render(request, "portal/privacy.html", {"rows": shown_collected()})


@require_http_methods(["GET", "HEAD", "POST"])
@_private
@_with_demo
def start(request: HttpRequest, demo: Demo) -> HttpResponse:
    """Tell what is collected; begin when the visitor agrees."""
    if request.method == "POST":
        request.session[ANSWERS] = {}
        return redirect("demo-page", number=1)
    return render(request, "portal/start.html")


@require_http_methods(["GET", "HEAD", "POST"])
@_private
@_with_demo
def survey_page(request: HttpRequest, demo: Demo, number: int) -> HttpResponse:
    """Show a page of the survey, or take what was answered on it."""
    page = next((page for page in PAGES if page.number == number), None)
    if page is None:
        raise Http404
    answers = request.session.get(ANSWERS)
    if answers is None:
        return redirect("demo-start")
    still_open = first_open_page(answers)
    if still_open and still_open.number < number:
        return redirect("demo-page", number=still_open.number)
    if request.method == "POST":
        return _take(request, demo, page, answers)
    shown = shown_page(page, answers=answers, tell_mistakes="check" in request.GET)
    tells = is_on(
        PROGRESS,
        organization_id=demo.organization_id,
        user=request.session.session_key or "",
    )
    context = {"page": shown, "demo": demo, "tells_progress": tells}
    return render(request, "portal/page.html", context)


@require_safe
@_private
@_with_demo
def result(request: HttpRequest, demo: Demo) -> HttpResponse:
    """Show the page on which the browser asks for the verdict."""
    answers = request.session.get(ANSWERS)
    if answers is None:
        return redirect("demo-start")
    if still_open := first_open_page(answers):
        return redirect("demo-page", number=still_open.number)
    context = {"demo": demo, "texts": texts.of_result()}
    return render(request, "portal/result.html", context)


def _take(
    request: HttpRequest, demo: Demo, page: Page, answers: dict[str, str]
) -> HttpResponse:
    """Keep a page's answers and go on, or back to what is missing."""
    answers = {**answers, **page.read(request.POST.dict())}
    request.session[ANSWERS] = answers
    if page.mistakes(answers):
        address = reverse("demo-page", kwargs={"number": page.number})
        # The fragment moves the focus to the summary, without a script.
        return redirect(f"{address}?check=1#errors")
    services.keep_answers(
        demo=demo,
        session_id=request.POST.get("bonafide_session", ""),
        token=request.POST.get("bonafide_token", ""),
        answers=answers,
    )
    if page.number == len(PAGES):
        return redirect("demo-result")
    return redirect("demo-page", number=page.number + 1)
