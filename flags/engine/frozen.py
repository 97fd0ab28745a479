"""JSON values that cannot be changed, and still are a dict and a list.

A snapshot hands out the same value again and again: who changes it would change it for
everybody. As a dict and a list they can be encoded by whatever encodes those.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from .definitions import Value
from .values import DEEPEST


def _refuse(self: object, *_args: object, **_kwargs: object) -> NoReturn:
    """Refuse a change."""
    message = "The value of a flag is shared: copy it before you change it."
    raise TypeError(message)


class FrozenDict(dict[str, Any]):
    """A dict that stays as it is."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[object, ...]:
        """Be copied and pickled as a plain dict, which may be changed."""
        return (dict, (dict(self),))


class FrozenList(list[Any]):
    """A list that stays as it is."""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[object, ...]:
        """Be copied and pickled as a plain list, which may be changed."""
        return (list, (list(self),))


def freeze(value: Value, depth: int = DEEPEST) -> Value:
    """Return a value of JSON that nobody can change, at any depth.

    What lies too deep is left out: `checking` refuses such a value.
    """
    if depth < 0:
        return None
    if isinstance(value, Mapping):
        inner = {key: freeze(one, depth - 1) for key, one in value.items()}
        return FrozenDict(inner)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return FrozenList([freeze(one, depth - 1) for one in value])
    return value
