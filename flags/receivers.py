"""A task sees the same flags from its beginning to its end."""

from contextvars import Token
from typing import Any, Final

from celery.signals import task_postrun, task_prerun

from .serving.process import pin, unpin

# By the task's id: an eager one runs within a request, which has its own.
_tokens: Final[dict[str, Token[Any]]] = {}


@task_prerun.connect
def pin_flags(task_id: str = "", **_kwargs: Any) -> None:
    """Pin what is served."""
    _tokens[task_id] = pin()


@task_postrun.connect
def unpin_flags(task_id: str = "", **_kwargs: Any) -> None:
    """Serve what there is again."""
    token = _tokens.pop(task_id, None)
    if token is not None:
        unpin(token)
