"""What the fields of events may hold, and within which limits."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

# A week. A tab left open longer than that is a new visit.
LONGEST_SESSION_MS: Final = 7 * 24 * 3600 * 1000

# The tallest pages measured in browsers end near 33 million pixels; a survey page
# does not come near one million.
FARTHEST_PX: Final = 1_000_000

Time = Annotated[float, Meta(ge=0, le=LONGEST_SESSION_MS)]
Pixels = Annotated[float, Meta(ge=-FARTHEST_PX, le=FARTHEST_PX)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Share = Annotated[float, Meta(ge=0, le=1)]
Small = Annotated[int, Meta(ge=0, le=255)]
Field = Annotated[int, Meta(ge=0, le=65_535)]
Force = Annotated[float, Meta(ge=0, le=100)]
# An element's role, an input type: words of a standard, never what a page says.
Word = Annotated[str, Meta(max_length=32, pattern=r"^(?:[A-Za-z][A-Za-z_-]*)?\Z")]
# What a survey platform calls its pages and questions.
Name = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
# What a browser says about itself: a locale, a time zone, the name of a GPU.
Label = Annotated[str, Meta(max_length=160, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Labels = Annotated[list[Label], Meta(max_length=32)]

KeyClass = Literal[
    "letter", "digit", "space", "enter", "tab", "backspace", "delete", "arrow",
    "modifier", "punctuation", "other",
]  # fmt: skip
PointerKind = Literal["mouse", "touch", "pen", "unknown"]
ScrollSource = Literal["wheel", "key", "touch", "page", "unknown"]


class Event(
    Struct, frozen=True, gc=False, omit_defaults=True, tag_field="type", kw_only=True
):
    """Anything that happened, at `t` milliseconds."""

    t: Time
