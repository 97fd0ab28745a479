"""Model fields whose column holds sealed text."""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from django.core import checks, serializers
from django.core.validators import EmailValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from .keys import keyring
from .registry import know
from .sealing import Place, seal, unseal

AnyModel: TypeAlias = models.Model
_OWNER: Final = "organization_id"


class Sealed:
    """A value as its column holds it; `values()` gives these, for it knows no row."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return "<sealed>"


class SealedAttribute(DeferredAttribute):
    """Opens a value when it is asked for, when its row is known in full."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        value = super().__get__(instance, owner)
        if not isinstance(value, Sealed):
            return value
        field: Any = self.field
        opened = field.opened(value, instance)
        instance.__dict__[field.attname] = opened
        return opened

    def __set__(self, instance: Any, value: Any) -> None:
        # With this the attribute is asked although the instance has a value.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):  # type: ignore[type-arg] # at run time it takes none
    """Text that is sealed in the database, and bound to its row.

    `bound_to` names what the row is known by: its key, unless rows are written over
    others (`update_conflicts`), which keep their own. A model with `organization` binds
    to that as well. NULL stays NULL. It cannot be looked up but for `isnull`, nor
    changed by `update()`, which knows no row: save the object.

    Raises, when it is read or saved,
    ------
    SealError
        It was changed, or belongs to another row.
    MissingKeyError
        Its key is not among FIELD_KEYS.
    """

    descriptor_class = SealedAttribute

    def __init__(
        self, *args: Any, bound_to: Sequence[str] = ("pk",), **kwargs: Any
    ) -> None:
        self.bound_to = tuple(bound_to)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return how migrations make it."""
        name, path, args, kwargs = super().deconstruct()
        if self.bound_to != ("pk",):
            kwargs["bound_to"] = list(self.bound_to)
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse an index, which would have nothing to find."""
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            message = "A sealed column is different each time: index a blind index."
            found.append(checks.Error(message, obj=self, id="encryption.E001"))
        return found

    def dumped(self, value: Any) -> bytes:
        """Return a value as it is sealed."""
        return str(value).encode("utf-8", "surrogatepass")

    def loaded(self, plain: bytes) -> Any:
        """Return a value that was sealed."""
        return plain.decode("utf-8", "surrogatepass")

    def place_of(self, row: Any) -> Place:
        """Return where a row's value stands."""
        return Place(
            self.model._meta.db_table,  # noqa: SLF001 - documented
            str(self.column),
            tuple(str(getattr(row, name)) for name in self.bound_to),
            str(getattr(row, _OWNER, "")),
        )

    def opened(self, value: Sealed, row: Any) -> Any:
        """Return what a value of a row says."""
        return self.loaded(unseal(value.text, self.place_of(row), keyring()))

    def pre_save(self, model_instance: Any, add: Any) -> Any:
        """Seal what the row says; what was not read is looked at first.

        Otherwise a row that became another one would keep what nobody can open.
        """
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        ring = keyring()
        know(ring)
        return Sealed(seal(self.dumped(value), self.place_of(model_instance), ring))

    def from_db_value(self, value: str | None, *_rest: Any) -> Sealed | None:
        """Keep it sealed until its row is known."""
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        """Take whatever it is: the column's type is not the value's."""
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Let nothing into the database that is not sealed.

        Raises
        ------
        TypeError
            It is plain: from `update()` or a lookup, which know no row.
        """
        if value is None:
            return None
        if not isinstance(value, Sealed):
            message = f"{self} is sealed: save the object, and look up a blind index."
            raise TypeError(message)
        return value.text

    def get_lookup(self, lookup_name: str) -> Any:
        """Know nothing but whether there is a value."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: AnyModel) -> str:
        """Refuse fixtures.

        Raises
        ------
        SerializationError
            Always: a fixture would hold the plain text.
        """
        message = f"{self} is not written to fixtures in plain text: use pg_dump."
        raise serializers.base.SerializationError(message)


class EncryptedEmailField(EncryptedTextField):
    """An address that is sealed in the database."""

    default_validators = [EmailValidator()]

    def formfield(self, *_args: Any, **kwargs: Any) -> Any:
        """Ask for it in one line."""
        from django import forms  # noqa: PLC0415 - few processes make forms

        return models.Field.formfield(
            self, form_class=forms.EmailField, max_length=self.max_length, **kwargs
        )


class EncryptedJSONField(EncryptedTextField):
    """A JSON value that is sealed in the database; None is NULL."""

    # What type checkers take it for: any value.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def dumped(self, value: Any) -> bytes:
        """Return a value as it is sealed."""
        return json.dumps(value, separators=(",", ":")).encode()

    def loaded(self, plain: bytes) -> Any:
        """Return a value that was sealed."""
        return json.loads(plain)
