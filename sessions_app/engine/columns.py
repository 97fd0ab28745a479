"""A batch's events as compressed columns.

Events of one type lie together, one column a field, numbers as differences to the
one before: what repeats compresses, and what is empty costs nothing. How far the
hardware moved is kept as the difference to how far the pointer went, which is mostly
nothing. The way back gives the same events in the same order, whole numbers as they
were and fractions to a hundredth of a millisecond or pixel.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, groupby, zip_longest
from operator import sub
from typing import Any, Final

import msgspec
from msgspec import Struct

# The format of what is written; what is read says which one it is. The first had no
# dictionary, no columns of the kinds `e` and `m`, and counts beside single values.
# The second did not leave zeros out.
VERSION: Final = 3
READABLE: Final = frozenset({1, 2, VERSION})
# Fractions of less than this are below every clock and every pointing device.
STEPS: Final = 100
# What the browser's client sends is rounded to a tenth.
TENTH: Final = 10
# Level 6 is zlib's own balance: 9 saves under 1 % more and takes twice as long.
LEVEL: Final = 6


# What a batch says beside its numbers: a third of a usual one's bytes, if each had to
# tell it. The compressor looks here first. Never to be changed within a version.
_WORDS: Final = (
    "field,input,input_type,insertText,delta,length,keys_since,question,page,answer,"
    "words,visible,id,wheel,dx,dy,touchstart,touchmove,touchend,force,rx,ry,focus,blur,"
    "visibility,fieldfocus,fieldblur,label,button,text,radio,target,checkbox,choice,"
    "trusted,pointer,mouse,touch,detail,tx,ty,tw,th,mousedown,mouseup,click,code_known,"
    "letter,space,backspace,key,k,keydown,keyup,source,scroll,coalesced,mx,my,t,x,y,"
    "mousemove"
)
_DICTIONARY: Final = msgspec.msgpack.encode(_WORDS.split(","))
# Columns that another one foretells: its steps, but for little.
_FORETOLD: Final = {"mx": "x", "my": "y"}


_PARTS: Final = {"d": STEPS, "e": STEPS // TENTH}
_NUMBERS: Final = frozenset({int, float})

# A column's kind, and what it holds.
Column = tuple[str, list[Any]]


class _Packed(Struct, array_like=True):
    """What is inside: the order of types, their columns, and unknown events."""

    version: int
    # Runs of types: (index of type, how many in a row), flattened.
    runs: list[int]
    tags: list[str]
    # By type, by field name: the column's kind and its values.
    columns: list[dict[str, Column]]
    unknown: list[bytes]


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(_Packed)


def pack(events: Sequence[Struct], unknown: Sequence[bytes] = ()) -> bytes:
    """Return a batch in bytes."""
    groups: dict[type[Struct], list[Struct]] = {}
    runs: list[int] = []
    order: dict[type[Struct], int] = {}
    for kind, row in groupby(events, type):
        group = groups.setdefault(kind, [])
        before = len(group)
        group.extend(row)
        runs += (order.setdefault(kind, len(order)), len(group) - before)
    columns = [_columns_of(group) for group in groups.values()]
    tags = [str(kind.__struct_config__.tag) for kind in groups]
    packed = _Packed(VERSION, runs, tags, columns, list(unknown))
    compressor = zlib.compressobj(LEVEL, zdict=_DICTIONARY)
    return compressor.compress(_ENCODER.encode(packed)) + compressor.flush()


def unpack(data: bytes, kinds: Iterable[type[Struct]]) -> tuple[list[Any], list[bytes]]:
    """Return a batch's events, and those of unknown type as they came.

    Raises
    ------
    ValueError
        The bytes were not written by `pack`, or hold a type that is not in `kinds`.
    """
    packed = _DECODER.decode(zlib.decompressobj(zdict=_DICTIONARY).decompress(data))
    if packed.version not in READABLE:
        msg = f"Columns of version {packed.version} cannot be read."
        raise ValueError(msg)
    known = {str(kind.__struct_config__.tag): kind for kind in kinds}
    missing = set(packed.tags) - set(known)
    if missing:
        msg = f"Columns hold unknown types: {', '.join(sorted(missing))}."
        raise ValueError(msg)
    order = list(zip(packed.runs[::2], packed.runs[1::2], strict=True))
    counts = Counter(index for index, count in order for _ in range(count))
    queues = [
        iter(_events_of(known[tag], columns, counts[index]))
        for index, (tag, columns) in enumerate(
            zip(packed.tags, packed.columns, strict=True)
        )
    ]
    events = [next(queues[index]) for index, count in order for _ in range(count)]
    return events, packed.unknown


def _columns_of(group: Sequence[Struct]) -> dict[str, Column]:
    """Return each field of a type that says more than its default."""
    columns: dict[str, Column] = {}
    rows: dict[str, tuple[Any, ...]] = {}
    fields = zip(*map(msgspec.structs.astuple, group), strict=True)
    for (name, default), values in zip(_fields_of(type(group[0])), fields, strict=True):
        if values.count(default) != len(values):
            rows[name] = values
            columns[name] = _column(values)
    for name, cause in _FORETOLD.items():
        if columns.get(name, ("", []))[0] == columns.get(cause, ("", []))[0] == "i":
            # Both hold differences already: of the way for one, of the place for the
            # other, whose first one is no step.
            steps = [0, *columns[cause][1][1:]]
            columns[name] = "m", _trimmed(list(map(sub, map(int, rows[name]), steps)))
    return columns


def _trimmed(steps: list[int]) -> list[int]:
    """Leave the zeros at the end out: most columns of these have nothing else."""
    while steps and not steps[-1]:
        steps.pop()
    return steps


@cache
def _fields_of(kind: type[Struct]) -> list[tuple[str, Any]]:
    """Return a type's fields, and what each is when nothing is said.

    msgspec works this out anew at each call, which took two thirds of packing.
    """
    return [(field.name, field.default) for field in msgspec.structs.fields(kind)]


def _column(values: Sequence[Any]) -> Column:
    """Choose the shortest way to write a column.

    `=` one value for all, `i` whole steps, `e` steps of a tenth, `d` of a hundredth,
    `v` all as they are.
    """
    if len(values) == 1:
        return _alone(values[0])
    first = values[0]
    types = set(map(type, values))
    if len(types) == 1 and values.count(first) == len(values):
        return "=", [first]
    if types <= _NUMBERS:
        whole = list(map(int, values))
        if whole == list(values):
            return "i", [whole[0], *map(sub, whole[1:], whole)]
        steps = [round(value * STEPS) for value in values]
        if not any(step % TENTH for step in steps):
            tenths = [step // TENTH for step in steps]
            return "e", [tenths[0], *map(sub, tenths[1:], tenths)]
        return "d", [steps[0], *map(sub, steps[1:], steps)]
    return "v", list(values)


def _alone(value: Any) -> Column:
    """Write a column of one value; a number is shorter as a step from nothing.

    Half of a usual batch's columns are of presses, one of a kind.
    """
    if type(value) not in _NUMBERS:
        return "=", [value]
    whole = int(value)
    if whole == value:
        return "i", [whole]
    step = round(value * STEPS)
    tenths, rest = divmod(step, TENTH)
    return ("d", [step]) if rest else ("e", [tenths])


def _values(kind: str, column: list[Any], count: int) -> list[Any]:
    if kind == "=":
        return [column[0]] * count
    if kind == "i":
        return list(accumulate(column))
    if kind in _PARTS:
        return [step / _PARTS[kind] for step in accumulate(column)]
    return column


def _with_steps(column: list[Any], cause: list[Any]) -> list[Any]:
    return [a + b for a, b in zip_longest(column, [0, *cause[1:]], fillvalue=0)]


def _events_of(kind: type[Struct], columns: dict[str, Column], count: int) -> list[Any]:
    """Put a type's columns together again."""
    names = list(columns)
    values = [
        _with_steps(column, columns[_FORETOLD[name]][1])
        if kind_of == "m"
        else _values(kind_of, column, count)
        for name, (kind_of, column) in columns.items()
    ]
    rows = zip(*values, strict=True)
    return [
        msgspec.convert(dict(zip(names, row, strict=True)) | _tag(kind), kind)
        for row in rows
    ]


def _tag(kind: type[Struct]) -> dict[str, Any]:
    return {str(kind.__struct_config__.tag_field): kind.__struct_config__.tag}
