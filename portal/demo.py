"""What the demo survey asks, and what an answer to it has to be.

Answers are held flat: a field's name in the form → what was given, "" for nothing.
A grid has one field for each of its statements.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Two or three sentences have about 300 characters; three times that never gets in
# anyone's way.
MOST_CHARACTERS: Final = 1_000
# Kept of a text that is too long, so that its author can shorten it.
MOST_KEPT: Final = 5_000

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; the code is what is stored."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One control of a form: radios when it has options, else a text."""

    name: str
    text: Text
    options: tuple[Option, ...] = ()

    def read(self, posted: Mapping[str, str]) -> str:
        """Return what was given; what is no option counts as nothing."""
        given = posted.get(self.name, "")
        if self.options:
            return given if given in {option.code for option in self.options} else ""
        # PostgreSQL stores no NUL in text.
        return given.replace("\x00", "").replace("\r\n", "\n").strip()[:MOST_KEPT]

    def mistake(self, given: str) -> Text | None:
        """Return what has to be mended."""
        if not given:
            return _("Choose an answer.") if self.options else _("Write your answer.")
        if not self.options and len(given) > MOST_CHARACTERS:
            return _("Shorten your answer to %(most)d characters.") % {
                "most": MOST_CHARACTERS
            }
        return None


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `kind` is the API's type of its answer."""

    id: str
    kind: str
    text: Text
    fields: tuple[Field, ...]
    hint: Text = ""

    def value(self, answers: Mapping[str, str]) -> Any:
        """Return the answer as it is stored: a grid's by statement."""
        if self.kind != "grid":
            return answers[self.fields[0].name]
        return {
            field.name.removeprefix(f"{self.id}-"): int(answers[field.name])
            for field in self.fields
        }


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the survey."""

    number: int
    title: Text
    questions: tuple[Question, ...]
    # Asks for an e-mail address, to show that such a field is left alone.
    has_email: bool = False

    def fields(self) -> Iterator[Field]:
        """Yield every field in the order of the page."""
        for question in self.questions:
            yield from question.fields

    def read(self, posted: Mapping[str, str]) -> dict[str, str]:
        """Return what a form gave for each field of this page."""
        return {field.name: field.read(posted) for field in self.fields()}

    def mistakes(self, answers: Mapping[str, str]) -> dict[str, Text]:
        """Return what has to be mended, by the field's name."""
        found = {f.name: f.mistake(answers.get(f.name, "")) for f in self.fields()}
        return {name: text for name, text in found.items() if text is not None}


def first_open_page(answers: Mapping[str, str]) -> Page | None:
    """Return the first page that is not answered yet; None when all are."""
    return next((page for page in PAGES if page.mistakes(answers)), None)


def _single(name: str, text: Text, *options: Option) -> Question:
    return Question(name, "single", text, (Field(name, text, options),))


def _grid(
    name: str,
    text: Text,
    hint: Text,
    statements: tuple[Text, ...],
    scale: tuple[Option, ...],
) -> Question:
    fields = tuple(
        Field(f"{name}-{row}", statement, scale)
        for row, statement in enumerate(statements, start=1)
    )
    return Question(name, "grid", text, fields, hint)


def _open(name: str, text: Text, hint: Text) -> Question:
    return Question(name, "text", text, (Field(name, text),), hint)


_AGREEMENT: Final = (
    Option("1", _("Strongly disagree")),
    Option("2", _("Disagree")),
    Option("3", _("Neither")),
    Option("4", _("Agree")),
    Option("5", _("Strongly agree")),
)

PAGES: Final = (
    Page(
        1,
        _("Your last trip"),
        (
            _single(
                "q1",
                _("How did you travel the last time you left home?"),
                Option("foot", _("On foot")),
                Option("bicycle", _("By bicycle")),
                Option("transit", _("By bus, tram or train")),
                Option("car", _("By car or motorbike")),
                Option("other", _("In another way")),
            ),
            _single(
                "q2",
                _("How long did it take to get there?"),
                Option("under-10", _("Less than 10 minutes")),
                Option("10-29", _("10 to 29 minutes")),
                Option("30-59", _("30 to 59 minutes")),
                Option("60-up", _("An hour or longer")),
                Option("unknown", _("I do not remember")),
            ),
        ),
    ),
    Page(
        2,
        _("Where you live"),
        (
            _grid(
                "q3",
                _("How far do you agree with these statements about where you live?"),
                _("Choose one answer for each statement."),
                (
                    _("I can reach what I need every day on foot."),
                    _("Buses and trains come often enough."),
                    _("I feel safe on a bicycle."),
                    _("Without a car I could not manage."),
                    _("I enjoy being on the move."),
                ),
                _AGREEMENT,
            ),
        ),
    ),
    Page(
        3,
        _("In your own words"),
        (
            _open(
                "q4",
                _(
                    "Tell us in two or three sentences about a journey that "
                    "you remember well."
                ),
                _("Where did you go, and why do you remember it?"),
            ),
        ),
        has_email=True,
    ),
)
