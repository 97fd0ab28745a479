"""Whether definitions may be stored: read, compared with what is there, and refused."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from common.errors import ConflictError, FieldError, InvalidInputError

from .. import selectors
from ..engine import Definitions, Flag, Issue, Segment, check
from ..engine.exchange import place_of
from ..registry import NAME, RESERVED, declared
from ..texts import FAULTS

# As many as research/flags measures with: 1,000 flags and 10,000 overrides.
MOST_FLAGS: Final = 1_000
MOST_SEGMENTS: Final = 200
MOST_OVERRIDES: Final = 10_000
# A definition is read by people; a hundred rules of twenty constraints fit.
LARGEST_DEFINITION: Final = 64 * 1024
# U+0000 as JSON writes it, and not a backslash with letters behind it.
_NO_TEXT: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
# What a change of one flag can break in another.
_BREAKING: Final = frozenset({"variant_unknown", "flag_needs_itself"})
# Not a definition's business: columns of their own, or counted by us.
_OURS: Final = ("name", "version")
# What nobody may change: people would get other variants, or clients other types.
FIXED: Final = ("type", "algorithm", "salt")


def read_flag(name: str, document: Mapping[str, Any]) -> Flag:
    """Return the flag that a document defines.

    Raises
    ------
    InvalidInputError
        It has another form; the error names the place.
    """
    _check_name(name)
    _refuse_ours(document)
    flag: Flag = _converted({**document, "name": name}, Flag)
    return flag


def read_segment(name: str, document: Mapping[str, Any]) -> Segment:
    """Return the segment that a document defines.

    Raises
    ------
    InvalidInputError
        As above.
    """
    _check_name(name)
    _refuse_ours(document)
    segment: Segment = _converted({**document, "name": name}, Segment)
    return segment


def stored(part: Flag | Segment) -> dict[str, Any]:
    """Return a definition as its column holds it.

    Raises
    ------
    InvalidInputError
        It is too large, or holds what is no text.
    """
    try:
        encoded = msgspec.json.encode(part)
    except UnicodeEncodeError:
        encoded = b"\\u0000"
    if _NO_TEXT.search(encoded):
        refuse("", _("Half a character and U+0000 cannot be stored."))
    document: dict[str, Any] = msgspec.json.decode(encoded)
    if len(encoded) > LARGEST_DEFINITION:
        refuse("", _("A definition has at most 64 KiB."))
    return {name: value for name, value in document.items() if name not in _OURS}


def check_flag(organization_id: UUID | None, flag: Flag) -> None:
    """Refuse a flag with a fault, or one whose change breaks another one.

    Raises
    ------
    InvalidInputError
        Each error names its place in the definition, or the flag that would break.
    ConflictError
        The name is the installation's.
    """
    base = _base(organization_id)
    if organization_id is not None and any(f.name == flag.name for f in base.flags):
        reason = _("The installation has a flag of that name: override it instead.")
        raise ConflictError(reason, code="name_taken")
    _check_declared(flag)
    own = selectors.definitions(organization_id=organization_id)
    others = tuple(one for one in own.flags if one.name != flag.name)
    after = Definitions(flags=(flag, *others), segments=own.segments)
    _refuse_issues(check(after, base), "/flags/0", [f.name for f in after.flags])


def check_segment(organization_id: UUID | None, segment: Segment) -> None:
    """Refuse a segment with a fault.

    Raises
    ------
    InvalidInputError
        Each error names its place.
    ConflictError
        The name is the installation's.
    """
    base = _base(organization_id)
    if any(one.name == segment.name for one in base.segments):
        reason = _("The installation has a segment of that name.")
        raise ConflictError(reason, code="name_taken")
    issues = check(Definitions(segments=(segment,)))
    _refuse_issues(issues, "/segments/0", [])


def check_all(organization_id: UUID | None, found: Definitions) -> None:
    """Refuse definitions that come together, with what is there already.

    Raises
    ------
    InvalidInputError
        Each error names its place among what comes, or the flag that would break.
    """
    base = _base(organization_id)
    own = selectors.definitions(organization_id=organization_id)
    flags = {flag.name for flag in found.flags}
    segments = {segment.name for segment in found.segments}
    whole = Definitions(
        flags=(*found.flags, *(f for f in own.flags if f.name not in flags)),
        segments=(
            *found.segments,
            *(s for s in own.segments if s.name not in segments),
        ),
        overrides=found.overrides,
    )
    if len(whole.flags) > MOST_FLAGS or len(whole.segments) > MOST_SEGMENTS:
        reason = _("There are at most %(flags)d flags and %(segments)d segments.")
        refuse("", reason % {"flags": MOST_FLAGS, "segments": MOST_SEGMENTS})
    for flag in found.flags:
        _check_name(flag.name)
        _check_declared(flag)
    for segment in found.segments:
        _check_name(segment.name)
    issues = check(whole, base)
    old = {"flags": len(found.flags), "segments": len(found.segments)}
    errors = [
        FieldError(issue.place, told(issue))
        for issue in issues
        if _index(issue) < old.get(issue.place.split("/")[1], MOST_OVERRIDES)
    ]
    if errors:
        raise InvalidInputError(errors[0].detail, errors)


def refuse(pointer: str, reason: str) -> NoReturn:
    """Raise that something is wrong at a place."""
    raise InvalidInputError(reason, [FieldError(pointer, reason)])


def field_errors(issues: Iterable[Issue]) -> list[FieldError]:
    """Return issues in words, at their places."""
    return [FieldError(one.place, told(one)) for one in issues]


def told(issue: Issue) -> str:
    """Return an issue as a sentence."""
    return str(FAULTS[issue.code]) % {"word": issue.word}


def _index(issue: Issue) -> int:
    return int(issue.place.split("/")[2])


def _base(organization_id: UUID | None) -> Definitions:
    return Definitions() if organization_id is None else selectors.base_definitions()


def _check_name(name: str) -> None:
    if name in RESERVED:
        refuse("/name", _("This name is an address of the API."))
    if not NAME.fullmatch(name):
        reason = _(
            "A name has up to 100 letters, digits, dots, hyphens and underscores, and"
            " begins with a letter or a digit."
        )
        refuse("/name", reason)


def _refuse_ours(document: Mapping[str, Any]) -> None:
    for name in _OURS:
        if name in document:
            refuse(f"/{name}", _("This is no part of a definition."))


def _converted(document: Mapping[str, Any], kind: Any) -> Any:
    try:
        return msgspec.convert(document, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        place, said = place_of(str(error))
        refuse(place, str(FAULTS["unreadable"]) % {"word": said})


def _check_declared(flag: Flag) -> None:
    """Refuse what the code that asks for this flag would not understand."""
    known = declared().get(flag.name)
    if known is None:
        return
    values = {variant.name: variant.value for variant in flag.variants}
    if flag.type != known.type or values != dict(known.values):
        reason = _("Bonafide asks for this flag and knows these variants: %(names)s.")
        refuse("/variants", reason % {"names": ", ".join(known.values)})
    for field in ("default", "off"):
        if getattr(flag, field) is None:
            refuse(f"/{field}", _("Bonafide asks for this flag: say which variant."))


def _refuse_issues(issues: tuple[Issue, ...], own_place: str, names: list[str]) -> None:
    """Raise what is wrong; a fault elsewhere is one that this change would make."""
    own = [i for i in issues if f"{i.place}/".startswith(own_place + "/")]
    errors = [FieldError(i.place.removeprefix(own_place), told(i)) for i in own]
    if not own:
        reason = _("The flag %(name)s would break: %(said)s")
        errors = [
            FieldError("", reason % {"name": names[_index(i)], "said": told(i)})
            for i in issues
            if i.code in _BREAKING and i.place.startswith("/flags/")
        ]
    if errors:
        detail = errors[0].detail if len(errors) == 1 else _("Some fields are wrong.")
        raise InvalidInputError(detail, errors)
