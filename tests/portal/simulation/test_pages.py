"""Browsers, pages and batches of made-up visits."""

from random import Random

import pytest

from detection.engine import request_facts
from portal.simulation import browsers
from portal.simulation.browsers import Browser
from portal.simulation.hand import Box
from portal.simulation.questionnaires import QUESTIONNAIRES, lay_out
from portal.simulation.tape import BATCH_EVENTS, FLUSH_MS, Tape

from .judging import THIS_MACHINE


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share a place."""
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )


@pytest.mark.parametrize("width", [360, 393, 820, 1280, 1905])
def test_controls_stand_side_by_side_within_the_page(width: int) -> None:
    """None covers another, whatever the width."""
    for sheet in (sheet for one in QUESTIONNAIRES for sheet in one.sheets):
        layout = lay_out(sheet, width)
        groups = [group for placed in layout.placed for group in placed.groups]
        boxes = [control.box for group in groups for control in group]
        boxes.append(layout.button.box)
        assert all(box.left > 0 and box.left + box.width < width for box in boxes)
        assert all(box.top + box.height < layout.height for box in boxes)
        for number, box in enumerate(boxes):
            assert not any(overlap(box, other) for other in boxes[number + 1 :])


def test_surveys_say_that_they_are_made_up() -> None:
    """By name; the names differ."""
    names = [one.name for one in QUESTIONNAIRES]
    assert len(set(names)) == len(names)
    assert all(name.startswith("Synthetic: ") for name in names)


@pytest.mark.parametrize("browser", browsers.PEOPLES, ids=lambda b: b.agent[:40])
def test_browser_agrees_with_its_requests(browser: Browser) -> None:
    """Headers, hints and page name one browser, one system and one language."""
    somebodys = browsers.somewhere(browser, Random(3))  # noqa: S311 - a model
    facts = request_facts(somebodys.headers, THIS_MACHINE)
    report = somebodys.report()
    assert facts.hint_conflicts == ()
    assert facts.has_fetch_metadata
    assert facts.language_is_valid
    assert facts.agent_hash == report["agent_hash"]
    assert report["language"] == report["languages"][0]
    assert facts.accept_language == report["language"].lower()


def test_headless_browser_says_what_it_is() -> None:
    """In its requests as well as in its pages."""
    facts = request_facts(browsers.HEADLESS.headers, THIS_MACHINE)
    assert facts.headless_agent
    assert browsers.HEADLESS.report()["webdriver"] is True


def test_events_come_in_the_order_of_time() -> None:
    """Also those that were noted late; what is not known is left out."""
    tape = Tape()
    tape.note("keyup", 80, k=1, field=None)
    tape.note("keydown", k=1)
    assert tape.events() == [
        {"type": "keydown", "t": 0, "k": 1},
        {"type": "keyup", "t": 80, "k": 1},
    ]


def test_batches_end_with_time_pages_and_when_full() -> None:
    """The first goes soon, others after five seconds."""
    tape = Tape()
    for at in (0, 400, 600, 5_000, 5_700):
        tape.note("focus", at)
    tape.note("page", 5_800)
    for _event in range(BATCH_EVENTS):
        tape.note("focus", 5_900)
    tape.note("focus", 5_900 + FLUSH_MS)
    assert [len(batch) for batch in tape.batches()] == [2, 2, 1, 400, 1, 1]


def test_tape_without_events_has_no_batch() -> None:
    """An empty batch would be refused."""
    assert list(Tape().batches()) == []
