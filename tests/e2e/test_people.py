"""People of all kinds answer the demo, and nobody is called a bot."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from portal.services import ensure_demo

from .outcome import final_session, outcome_of
from .people.assistive import bus
from .people.browser import browser
from .people.person import Person, Place
from .people.registry import PEOPLE
from .people.screen import Seat, screen, seat
from .table import PROPERTY, Row

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ACCUSED: Final = {"bot", "suspicious"}


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


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
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
    record_property(PROPERTY, Row.of("people", person.name, outcome).properties())
    for verdict in (outcome.everything, outcome.behaviour):
        assert verdict.kind not in ACCUSED, verdict.reasons
