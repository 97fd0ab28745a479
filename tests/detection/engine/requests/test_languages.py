"""What Accept-Language asks for."""

import pytest

from detection.engine.requests.languages import LONGEST_JUDGED, read_languages


@pytest.mark.parametrize(
    "text",
    [
        "en-US,en;q=0.9",
        "de",
        "*",
        "de-CH, de;q=0.9, *;q=0.5",
        "zh-Hant-TW,zh;q=0.8",
        "fr;q=0.702",
        "en;q=1.000,de;q=0",
        "de_DE",
        "de_DE@euro",
        "C.UTF-8",
        "en-US-u-va-posix",
        "en ; Q=0.5",
    ],
)
def test_settings_of_people_are_valid(text: str) -> None:
    """However untidy, as systems hand them to programs."""
    assert read_languages(text).is_valid is True


@pytest.mark.parametrize(
    "text",
    [
        "en;q=1.5",
        "en;q=2",
        "en;q=-1",
        "en;q=0.12345",
        "en;q=high",
        "en,,de",
        "en;",
        "english language",
        "{lang}",
        "toolonganame",
    ],
)
def test_what_no_browser_writes_is_not(text: str) -> None:
    """Scripts write it by hand."""
    assert read_languages(text).is_valid is False


@pytest.mark.parametrize("text", ["", "  ", "en," * LONGEST_JUDGED])
def test_nothing_and_too_much_is_not_judged(text: str) -> None:
    """A header that is missing has its own question."""
    assert read_languages(text).is_valid is None


@pytest.mark.parametrize(
    ("text", "primaries"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", ("de", "en")),
        ("nn,nb;q=0.9", ("no",)),
        ("iw-IL", ("he",)),
        ("*", ()),
        ("tl,en", ("fil", "en")),
    ],
)
def test_languages_have_one_name_each(text: str, primaries: tuple[str, ...]) -> None:
    """Withdrawn codes and twins are the same language."""
    assert read_languages(text).primaries == primaries
