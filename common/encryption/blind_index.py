"""Finding a sealed value again: the same text gives the same digest."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import models

from .keys import KEPT, derive

_INSTALLATION: Final = "installation"


def blind_index(organization_id: UUID | None, purpose: str, text: str) -> str:
    """Return what a value is looked up by, 64 hexadecimal digits.

    The caller normalises the text first. `purpose` is the field's label: equal values
    of two fields have nothing in common, nor have those of two organizations. None is
    the installation itself. It shows which rows are equal, so it is not for values of
    which there are few, like a country.

    Its key comes from KEY_PEPPER, which is not rotated: a value that nobody can read
    any more cannot be indexed anew.
    """
    owner = str(organization_id) if organization_id else _INSTALLATION
    key = _key(settings.KEY_PEPPER, f"index:{owner}:{purpose}")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=KEPT)
def _key(pepper: str, purpose: str) -> bytes:
    return derive(pepper.encode(), purpose)


class BlindIndexField(models.CharField):  # type: ignore[type-arg] # at run time it takes none
    """What a sealed text of the same row is found by, whatever its case.

    It follows the text by itself, whenever it is saved with it; empty for no text.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"max_length": 64, "editable": False, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return how migrations make it."""
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "editable", "default"):
            kwargs.pop(given, None)
        return name, path, args, {**kwargs, "of": self.of}

    def digest(self, text: str | None, organization_id: UUID | None = None) -> str:
        """Return what rows with this text have; nothing for no text."""
        plain = (text or "").strip().casefold()
        if not plain:
            return ""
        table = self.model._meta.db_table  # noqa: SLF001 - documented
        return blind_index(organization_id, f"{table}.{self.of}", plain)

    def pre_save(self, model_instance: Any, add: Any) -> str:
        """Follow the text."""
        owner = getattr(model_instance, "organization_id", None)
        found = self.digest(getattr(model_instance, self.of), owner)
        setattr(model_instance, self.attname, found)
        return found


def index_of(
    model: type[models.Model], name: str, text: str, organization_id: UUID | None = None
) -> str:
    """Return what a model's blind index holds for a text."""
    field = model._meta.get_field(name)  # noqa: SLF001 - documented
    if not isinstance(field, BlindIndexField):
        message = f"{field} is no blind index."
        raise TypeError(message)
    return field.digest(text, organization_id)
