"""A page of the survey, and what is stored, as their templates show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.conf import settings
from django.utils.translation import gettext, ngettext

from .collected import COLLECTED, Kept
from .demo import MOST_CHARACTERS, PAGES, Field, Option, Page, Question, Text


@dataclass(frozen=True, slots=True)
class ShownOption:
    """A radio button."""

    id: str
    code: str
    label: Text
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ShownField:
    """A group of radio buttons or a text, with what was given and what is wrong."""

    name: str
    text: Text
    given: str
    mistake: Text | None
    options: tuple[ShownOption, ...]

    @property
    def first_id(self) -> str:
        """Return the control that the error summary leads to."""
        return self.options[0].id if self.options else self.name


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with its fields."""

    id: str
    template: str
    text: Text
    hint: Text
    fields: tuple[ShownField, ...]
    scale: tuple[Option, ...]
    most_characters: int

    @property
    def field(self) -> ShownField:
        """Return the only field of a question that is no grid."""
        return self.fields[0]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page with what was given on it, and what has to be mended."""

    number: int
    total: int
    title: Text
    has_email: bool
    questions: tuple[ShownQuestion, ...]
    previous: int | None

    @property
    def is_last(self) -> bool:
        """Say whether the result follows."""
        return self.number == self.total

    @property
    def mistaken(self) -> list[ShownField]:
        """Return the fields that have to be mended."""
        return [f for q in self.questions for f in q.fields if f.mistake is not None]


def shown_page(
    page: Page, *, answers: Mapping[str, str], tell_mistakes: bool
) -> ShownPage:
    """Return a page's document; a page that was not sent yet has no mistakes."""
    mistakes = page.mistakes(answers) if tell_mistakes else {}
    return ShownPage(
        number=page.number,
        total=len(PAGES),
        title=page.title,
        has_email=page.has_email,
        questions=tuple(_question(q, answers, mistakes) for q in page.questions),
        previous=page.number - 1 if page.number > 1 else None,
    )


def _question(
    question: Question, answers: Mapping[str, str], mistakes: Mapping[str, Text]
) -> ShownQuestion:
    return ShownQuestion(
        id=question.id,
        template=f"portal/questions/{question.kind}.html",
        text=question.text,
        hint=question.hint,
        fields=tuple(_field(f, answers, mistakes) for f in question.fields),
        scale=question.fields[0].options,
        most_characters=MOST_CHARACTERS,
    )


def _field(
    field: Field, answers: Mapping[str, str], mistakes: Mapping[str, Text]
) -> ShownField:
    given = answers.get(field.name, "")
    return ShownField(
        name=field.name,
        text=field.text,
        given=given,
        mistake=mistakes.get(field.name),
        options=tuple(
            ShownOption(f"{field.name}-{o.code}", o.code, o.label, o.code == given)
            for o in field.options
        ),
    )


class ShownCollected(TypedDict):
    """One kind of thing that is stored, in words."""

    what: str
    why: str
    kept: str


def shown_collected() -> Sequence[ShownCollected]:
    """Return what is stored of respondents, with the days of this installation."""
    return [
        {"what": str(one.what), "why": str(one.why), "kept": _kept(one.kept)}
        for one in COLLECTED
    ]


def _kept(how_long: Kept) -> str:
    days = {
        Kept.EVENTS: settings.BEHAVIOUR_KEPT_DAYS,
        Kept.VERDICTS: settings.RESULTS_KEPT_DAYS,
        Kept.WEBHOOKS: settings.WEBHOOKS_KEPT_DAYS,
    }.get(how_long)
    if days is not None:
        return ngettext("Kept for %(count)d day.", "Kept for %(count)d days.", days) % {
            "count": days
        }
    return {
        Kept.A_DAY: gettext("Kept for a day."),
        Kept.A_WEEK: gettext("Kept for a week after it is done."),
        Kept.SESSIONS: gettext("Kept for as long as the platform says."),
    }.get(how_long, gettext("Kept for good."))
