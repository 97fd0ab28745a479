"""Finding people whose address is sealed."""

from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import BaseAdmin
from common.encryption.blind_index import index_of

from ..models import User

BY_NAME_OR_ADDRESS: Final = _("A part of a name, or an e-mail address in full.")


class FoundByAddress(BaseAdmin):
    """A list whose search takes a whole address, too: a part of one finds nothing."""

    search_help_text: Any = BY_NAME_OR_ADDRESS
    # What names the blind index from the list's rows.
    address_index = "email_index"

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Find by name, and by address."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        same = index_of(User, "email_index", search_term)
        if same:
            found |= queryset.filter(**{self.address_index: same})
        return found, may_repeat
