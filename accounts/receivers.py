"""What accounts says when it is asked by signal."""

from dataclasses import replace
from typing import Any, Final

import structlog
from axes.signals import user_locked_out
from celery import Task
from celery.signals import task_postrun, task_prerun
from corsheaders.signals import check_request_enabled
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.signals import request_finished, request_started
from django.db import DatabaseError
from django.db.models import Model
from django.dispatch import receiver
from django.http import HttpRequest

from common.outbox import sent_again

from . import acting, selectors
from .audit import refusals
from .audit.record import record_act
from .models import User

log = structlog.get_logger(__name__)

API: Final = ("/api/v1/", "/ofrep/v1/")


@receiver(user_login_failed)
def tell_of_refusal(**_kwargs: object) -> None:
    """Write that somebody did not get in; neither name nor address is any log's."""
    log.info("sign_in.refused")
    refusals.note("sign_in.refused")


@receiver(user_locked_out)
def tell_of_lock(**_kwargs: object) -> None:
    """Write that somebody tried too often: many of these are an attack."""
    log.warning("sign_in.locked")
    refusals.note("sign_in.locked")


@receiver(user_logged_in)
def note_sign_in(user: User, **_kwargs: object) -> None:
    """Write down who came in: until now they were nobody."""
    who = replace(acting.current(), kind=acting.ActorKind.USER, user_id=user.id)
    with acting.acting(who):
        record_act("signed_in", target=user)


@receiver([request_started, request_finished])
def be_nobody(**_kwargs: object) -> None:
    """Act for nobody until it is known who asks, and leave nobody behind."""
    acting.enter(acting.NOBODY)


@receiver(sent_again)
def note_sent_again(row: Model, topic: str, **_kwargs: object) -> None:
    """Write down who revived work that was given up."""
    record_act("outbox.sent_again", target=row, after={"topic": topic})


@task_prerun.connect
def act_as_task(task: Task[Any, Any], **_kwargs: object) -> None:
    """Act as the task; whoever caused it stands in its own rows."""
    before = acting.current()
    task.request.update(acted_before=before)
    acting.enter(acting.of_program(acting.ActorKind.TASK, str(task.name)))


@task_postrun.connect
def act_as_before(task: Task[Any, Any], **_kwargs: object) -> None:
    """Give the actor back to whoever ran the task, in the same thread perhaps."""
    acting.enter(getattr(task.request, "acted_before", acting.NOBODY))


@receiver(check_request_enabled)
def allow_registered_origin(request: HttpRequest, **_kwargs: object) -> bool:
    """Let a browser call from any origin that some active key names.

    The request itself is then checked against its own key.
    """
    # Asked for every address; only the API's may cost a look at the database.
    origin = request.headers.get("origin", "").lower()
    if not origin or not request.path_info.startswith(API):
        return False
    try:
        return selectors.origin_is_registered(origin)
    except DatabaseError as error:
        # The request itself is still checked, and fails; the browser must be able to
        # read that it may come back.
        log.warning("origins.unknown", error=type(error).__name__)
        return True
