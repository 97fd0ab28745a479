"""What everyone has to do: fifty flags, half of them for everybody, half targeted.

A targeted flag asks for a country of two, for the end of an e-mail address, and lets
half of those people through, always the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

FLAGS: Final = 50
STATIC: Final = tuple(f"static-{number}" for number in range(FLAGS // 2))
TARGETED: Final = tuple(f"targeted-{number}" for number in range(FLAGS // 2))
EVERY: Final = (*STATIC, *TARGETED)
COUNTRIES: Final = ("NO", "SE")
DOMAIN: Final = "@example.com"
PERCENT: Final = 50


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is asked about."""

    id: str
    country: str = COUNTRIES[0]
    email: str = f"ada{DOMAIN}"


# All of them satisfy the conditions, so that everyone hashes for each.
PEOPLE: Final = tuple(Person(f"person-{number}") for number in range(200))
STRANGER: Final = Person("person-1", country="FI")

# What an evaluator makes of a person: its context, its client, its request.
Asked: TypeAlias = Any
Ask: TypeAlias = Callable[[Person], Asked]
One: TypeAlias = Callable[[Asked, str], bool]


@dataclass(frozen=True, slots=True)
class Evaluator:
    """A way to evaluate the flags.

    `one` evaluates one flag, and is None where only all can be evaluated at once;
    `every` evaluates all of them. `by_list` says that targeting is by a list of people,
    for want of conditions. `enter` is called before each measurement.
    """

    name: str
    ask: Ask
    one: One | None
    every: Callable[[Asked], Sequence[Any]]
    by_list: bool = False
    enter: Callable[[], None] | None = None


def check(evaluator: Evaluator) -> None:
    """Make sure that an evaluator does the work.

    Raises
    ------
    ValueError
        It lets too many through, or too few.
    """
    if evaluator.enter:
        evaluator.enter()
    if len(evaluator.every(evaluator.ask(PEOPLE[0]))) != FLAGS:
        message = f"{evaluator.name} evaluates other flags."
        raise ValueError(message)
    if evaluator.one is None:
        return
    one = evaluator.one
    asked = [evaluator.ask(person) for person in PEOPLE]
    on = sum(one(each, TARGETED[0]) for each in asked)
    right = (
        all(one(each, STATIC[0]) for each in asked)
        and not one(evaluator.ask(STRANGER), TARGETED[0])
        and 0.3 * len(PEOPLE) < on < 0.7 * len(PEOPLE)
    )
    if not right:
        message = f"{evaluator.name} lets {on} of {len(PEOPLE)} through."
        raise ValueError(message)
