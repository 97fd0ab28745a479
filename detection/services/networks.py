"""Every write of lists of addresses."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common.errors import ConflictError, InvalidInputError, NotFoundError

from ..engine.requests.addresses import AddressClass, NamedRange, merged, packed
from ..models import NetworkList

# The largest public lists hold some ten thousands; a value of this many takes 16 MB.
MOST_RANGES: Final = 2_000_000
LONGEST_NAME: Final = 200


@transaction.atomic
def store_list(
    *,
    address_class: str,
    source: str,
    licence: str,
    ranges: Sequence[NamedRange],
    replace: bool = False,
) -> NetworkList:
    """Store ranges as the list that a source has of a class.

    Raises
    ------
    InvalidInputError
        The class is unknown, source or licence is empty or too long, or there are no
        ranges or too many.
    ConflictError
        ``list_exists``: it is there already and `replace` is off.
    """
    source, licence = source.strip(), licence.strip()
    if address_class not in list(AddressClass):
        raise InvalidInputError(_("There is no such class of addresses."))
    if not all(0 < len(text) <= LONGEST_NAME for text in (source, licence)):
        reason = _("Source and licence have between 1 and 200 characters.")
        raise InvalidInputError(reason)
    if not 0 < len(ranges) <= MOST_RANGES:
        reason = _("A list holds between 1 and %(most)d ranges, not %(count)d.")
        raise InvalidInputError(reason % {"most": MOST_RANGES, "count": len(ranges)})
    there = NetworkList.objects.filter(address_class=address_class, source=source)
    if replace:
        there.delete()
    elif there.exists():
        reason = _("There is a list of this class from %(source)s already.")
        raise ConflictError(reason % {"source": source}, code="list_exists")
    found = {
        version: merged(
            (one.first, one.last) for one in ranges if one.version == version
        )
        for version in (4, 6)
    }
    stored = NetworkList.objects.create(
        address_class=address_class,
        source=source,
        licence=licence,
        range_count=sum(map(len, found.values())),
        ipv4=packed(4, found[4]),
        ipv6=packed(6, found[6]),
    )
    names = ("address_class", "source", "range_count")
    after = {name: getattr(stored, name) for name in names}
    record_act("network_list.stored", target=stored, after=after)
    return stored


@transaction.atomic
def remove_list(*, address_class: str, source: str) -> None:
    """Remove a source's list of a class.

    Raises
    ------
    NotFoundError
        There is none.
    """
    rows = NetworkList.objects.filter(
        address_class=address_class, source=source.strip()
    )
    found = rows.first()
    if found is None:
        raise NotFoundError(_("There is no such list."))
    before = {"address_class": found.address_class, "source": found.source}
    record_act("network_list.removed", target=found, before=before)
    rows.delete()
