"""People of all kinds answer the demo, and nobody is called a bot."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from portal.services import ensure_demo

from .outcome import Outcome, final_session, outcome_of
from .people.assistive import bus
from .people.browser import browser
from .people.person import Person, Place
from .people.registry import PEOPLE
from .people.screen import Seat, screen, seat

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ACCUSED: Final = {"bot", "suspicious"}
REASONS_OF_EACH: Final = 3


@pytest.fixture(scope="session")
def own_screen() -> Iterator[str]:
    """A screen with one pointer, for one process of tests."""
    with screen() as display:
        yield display


@pytest.fixture
def own_seat(own_screen: str) -> Iterator[Seat]:
    """Mouse and keyboard of that screen."""
    with seat(own_screen) as found:
        yield found


def row_of(person: Person, outcome: Outcome) -> dict[str, object]:
    """Return what the tables at the end of a run show."""
    both = (outcome.everything, outcome.behaviour)
    reasons = [code for one in both for code in outcome.codes(one)[:REASONS_OF_EACH]]
    words = [
        f"{one.kind} {one.bot_score}" if one.kind != "undecided" else one.kind
        for one in both
    ]
    return {
        "table": "people",
        "name": person.name,
        "clicks": outcome.clicks,
        "keys": outcome.keys,
        "everything": words[0],
        "behaviour": words[1],
        "reasons": list(dict.fromkeys(reasons)),
    }


def everybody() -> Iterator[Any]:
    """Yield all people; who is still accused is expected to be, and says why."""
    for person in PEOPLE:
        accused = pytest.mark.xfail(
            condition=bool(person.finding),
            reason=person.finding,
            raises=AssertionError,
            strict=True,
        )
        yield pytest.param(person, id=person.name, marks=accused)


@pytest.mark.parametrize("person", everybody())
def test_person_is_no_bot(
    person: Person,
    live_server: Any,
    own_screen: str,
    own_seat: Seat,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """With all families, and by behaviour alone."""
    ensure_demo(live_server.url)
    start = f"{live_server.url}/demo/"
    with ExitStack() as stack:
        environment = {**person.environment, "DISPLAY": own_screen}
        if person.needs_bus:
            environment |= stack.enter_context(bus())
        page = stack.enter_context(browser(tmp_path, start, person.flags, environment))
        # The same choices and errors each time, of a different person each.
        chance = Random(zlib.crc32(person.name.encode()))  # noqa: S311 - a model
        person.answer(Place(page, own_seat, chance, tmp_path, environment))
        outcome = outcome_of(final_session(), off=person.off)
    row = row_of(person, outcome)
    record_property("row", row)
    for verdict in (outcome.everything, outcome.behaviour):
        assert verdict.kind not in ACCUSED, verdict.reasons
