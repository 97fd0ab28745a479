"""This process's flags: one loader, one count, and what a request has pinned."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from pathlib import Path
from typing import Final, TypeAlias
from uuid import UUID

from django.conf import settings

from ..engine import Evaluation
from .content import INSTALLATION
from .counting import write_counts
from .last_known import LastKnown
from .loader import Loader
from .sources import Sources
from .state import Served
from .usage import Usage

# By owner; None outside of requests and tasks.
Pins: TypeAlias = dict[UUID, Served]
_pins: Final[ContextVar[Pins | None]] = ContextVar("flags", default=None)


def _folder() -> Path:
    named = settings.FLAGS_FOLDER
    # Nobody else's: what another user put there is not read (`last_known`).
    usual = Path(tempfile.gettempdir()) / f"bonafide-flags-{os.getuid()}"
    return Path(named) if named else usual


def _made() -> Loader:
    url = getattr(settings, "REDIS_URL", "")
    if settings.FLAGS_INLINE:
        return Loader(Sources(""), None, inline=True)
    return Loader(Sources(url), LastKnown(_folder()), after=usage.flush_if_due)


usage: Final = Usage(write_counts)
loader: Final = _made()
os.register_at_fork(after_in_child=loader.forked)


def served(organization_id: UUID | None) -> Served:
    """Return an organization's flags, the installation's for nobody: pinned, if so."""
    owner = organization_id or INSTALLATION
    pins = _pins.get()
    if pins is None:
        return _now(owner)
    found = pins.get(owner)
    if found is None:
        found = pins[owner] = _now(owner)
    return found


def _now(owner: UUID) -> Served:
    return loader.state().base if owner == INSTALLATION else loader.served(owner)


def count(evaluation: Evaluation, organization_id: UUID | None) -> None:
    """Count an evaluation of a flag that there is."""
    count_served(organization_id, evaluation.flag, evaluation.variant)


def count_served(organization_id: UUID | None, flag: str, variant: str) -> None:
    """Count that a variant was served."""
    usage.add((organization_id or INSTALLATION, flag, variant))


def pin() -> Token[Pins | None]:
    """Serve the same flags from now on, until `unpin`."""
    return _pins.set({})


def unpin(token: Token[Pins | None]) -> None:
    """Serve what there is again."""
    _pins.reset(token)


@contextmanager
def pinned() -> Iterator[None]:
    """Serve the same flags within a block, whatever changes meanwhile."""
    token = pin()
    try:
        yield
    finally:
        unpin(token)


def facts() -> Mapping[str, object]:
    """Return what a health check and a metric tell: source, version, age."""
    state = loader.state()
    return {
        "source": state.source,
        "version": state.base.version,
        "age_s": loader.age_s(),
    }
