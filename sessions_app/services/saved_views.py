"""Lists that somebody narrowed once, and wants to see again."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import LimitReachedError, NotFoundError

from ..models import SavedView

# More than fit above a list are not found again by looking.
MOST_VIEWS: Final = 30


@transaction.atomic
def save_view(*, owner_id: UUID, name: str, query: str) -> SavedView:
    """Keep a view; one of the same name is replaced.

    Raises
    ------
    LimitReachedError
        Somebody has as many views as anyone may have.
    """
    others = SavedView.objects.filter(owner_id=owner_id).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        reason = _("You have %(count)d views already: remove one first.")
        raise LimitReachedError(reason % {"count": MOST_VIEWS})
    view, _created = SavedView.objects.update_or_create(
        owner_id=owner_id, name=name, defaults={"query": query}
    )
    return view


def remove_view(*, owner_id: UUID, view_id: UUID) -> None:
    """Forget a view.

    Raises
    ------
    NotFoundError
        The person has no such view.
    """
    removed, _by_model = SavedView.objects.filter(
        owner_id=owner_id, id=view_id
    ).delete()
    if not removed:
        raise NotFoundError(_("There is no such view."))
