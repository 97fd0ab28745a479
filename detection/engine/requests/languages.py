"""What Accept-Language asks for, and whether a browser could have written it."""

import re
from dataclasses import dataclass
from typing import Final

# Longer ones are cut before they come here, so their end says nothing.
LONGEST_JUDGED: Final = 500

# RFC 9110, section 12.5.4, with the underscores, modifiers and charsets that systems
# hand to programs ("de_DE@euro"): a person's settings, however untidy.
_RANGE: Final = re.compile(
    r"(?:\*|[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*(?:\.[\w-]+)?(?:@\w+)?)"
    r"(?:\s*;\s*[qQ]=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?"
)
_PRIMARY: Final = re.compile(r"[A-Za-z]{1,8}")

# Codes of one language: withdrawn ones (iw, in, ji, mo, sh), and those that systems
# use for one another (nb, nn and no; tl and fil; cmn, yue and zh).
_SAME: Final = {
    "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr", "nb": "no", "nn": "no",
    "tl": "fil", "cmn": "zh", "yue": "zh",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Languages:
    """What was asked for: the first tag, all languages, and whether it is well formed.

    `is_valid` is None when nothing was asked for, or too much to judge.
    """

    first: str | None = None
    primaries: tuple[str, ...] = ()
    is_valid: bool | None = None


def read_languages(text: str) -> Languages:
    """Return what an Accept-Language header says.

    Examples
    --------
    >>> read_languages("de-CH,de;q=0.9,en;q=0.8").primaries
    ('de', 'en')
    """
    if not text.strip():
        return Languages()
    parts = [part.strip() for part in text.split(",")]
    tags = [part.partition(";")[0].strip().lower() for part in parts]
    is_judged = len(text) <= LONGEST_JUDGED
    return Languages(
        first=tags[0] if _RANGE.fullmatch(tags[0]) else None,
        primaries=tuple(dict.fromkeys(filter(None, map(primary_language, tags)))),
        is_valid=all(map(_RANGE.fullmatch, parts)) if is_judged else None,
    )


def primary_language(tag: str) -> str | None:
    """Return a tag's language without country and script, None for "*" and nonsense.

    Examples
    --------
    >>> primary_language("zh-Hant-TW"), primary_language("nb"), primary_language("*")
    ('zh', 'no', None)
    """
    match = _PRIMARY.match(tag.strip())
    if not match:
        return None
    word = match[0].lower()
    return _SAME.get(word, word)
