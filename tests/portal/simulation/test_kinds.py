"""Each kind of made-up respondent sends what a browser sends, and is itself."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from portal.simulation.kinds import BOTS, KINDS, PEOPLE, Kind, plan
from portal.simulation.questionnaires import QUESTIONNAIRES

from .judging import decoded, judged, visit_of

VISITS = 12
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def names(code: str, visits: list[Any]) -> int:
    """Return in how many verdicts a code is among the reasons."""
    return sum(code in {r.code for r in judged(visit).reasons} for visit in visits)


@each_kind
def test_events_are_what_the_server_reads(kind: Kind) -> None:
    """Every field is known, in its limits, and in the order of time."""
    for number in range(4):
        times = [e.t for events in decoded(visit_of(kind, number)) for e in events]
        assert times == sorted(times)
        assert times[0] == 0


@each_kind
def test_batches_are_within_the_limits_of_the_intake(kind: Kind) -> None:
    """No more events than the client's own limit, and far from 256 KiB."""
    for number in range(4):
        for batch in visit_of(kind, number).batches:
            assert 0 < len(batch) <= 400
            assert len(msgspec.json.encode(batch)) < 128 * 1024


@each_kind
def test_same_chance_is_the_same_visit(kind: Kind) -> None:
    """And another one is another visit."""
    assert visit_of(kind, 1) == visit_of(kind, 1)
    assert visit_of(kind, 1) != visit_of(kind, 6)


@each_kind
def test_report_on_the_browser_is_whole(kind: Kind) -> None:
    """Nobody is found out by a report that our client would not write."""
    verdict = judged(visit_of(kind, 0))
    states = {reading.code: str(reading.outcome) for reading in verdict.readings}
    assert states["device.incomplete"] == "clear"


@pytest.mark.parametrize("kind", PEOPLE, ids=lambda kind: kind.name)
def test_people_are_left_alone(kind: Kind) -> None:
    """Nobody is called a bot or suspicious; who leaves early is undecided."""
    verdicts = Counter(judged(visit_of(kind, n)).kind for n in range(VISITS))
    assert set(verdicts) <= {"human", "undecided"}
    if kind.name != "gives-up":
        assert verdicts["human"] >= 0.8 * VISITS


@pytest.mark.parametrize("kind", BOTS, ids=lambda kind: kind.name)
def test_programs_are_mostly_found(kind: Kind) -> None:
    """The imitation of a hand is found less often, and is not always."""
    found = sum(
        judged(visit_of(kind, n)).kind in {"bot", "suspicious"} for n in range(VISITS)
    )
    assert found >= (0.6 if kind.name == "imitates-a-hand" else 1) * VISITS


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("teleports", "pointer.teleports"),
        ("straight-lines", "pointer.straight"),
        ("instant-text", "keyboard.machine_speed"),
        ("whole-values", "keyboard.whole_texts"),
        ("headless", "device.webdriver"),
        ("even-rhythm", "keyboard.even_rhythm"),
    ],
)
def test_programs_are_found_for_what_they_are(name: str, code: str) -> None:
    """Each for the habit that it is named by; who gives no text has none to show."""
    kind = next(kind for kind in BOTS if kind.name == name)
    assert names(code, [visit_of(kind, number) for number in range(5)]) == 5


@pytest.mark.parametrize("kind", PEOPLE, ids=lambda kind: kind.name)
def test_people_answer_what_they_saw(kind: Kind) -> None:
    """Each question once, after it was shown, and all of them who finish."""
    survey = QUESTIONNAIRES[0]
    visit = visit_of(kind, 3, survey)
    asked = [item.id for sheet in survey.sheets for item in sheet.items]
    answered = [given.item for given in visit.given]
    assert answered == (asked if visit.has_finished else asked[: len(answered)])
    assert all(given.shown_ms < given.answered_ms for given in visit.given)


def test_who_gives_up_finishes_seldom() -> None:
    """And the others nearly always."""
    finished = {
        kind.name: sum(visit_of(kind, n).has_finished for n in range(VISITS))
        for kind in PEOPLE
    }
    assert finished.pop("gives-up") < VISITS / 2
    assert min(finished.values()) > VISITS / 2


def test_plan_is_repeated_by_its_seed() -> None:
    """Each visit hangs on seed and number alone, not on how many there are."""
    few, many = (list(plan(n, QUESTIONNAIRES, seed=4)) for n in (5, 50))
    assert many[:5] == few
    assert few[3].visit() == many[3].visit()
    assert list(plan(5, QUESTIONNAIRES, seed=5)) != few


@pytest.mark.parametrize(
    ("share", "least", "most"), [(0, 0, 0), (0.3, 95, 145), (1, 400, 400)]
)
def test_plan_has_the_share_of_programs(share: float, least: int, most: int) -> None:
    """As asked for, within chance."""
    found = plan(400, QUESTIONNAIRES, seed=1, bots=share)
    assert least <= sum(one.kind.is_bot for one in found) <= most


def test_every_kind_comes() -> None:
    """A few hundred visits hold all of them, on all surveys."""
    found = list(plan(600, QUESTIONNAIRES, seed=1))
    assert {one.kind.name for one in found} == {kind.name for kind in KINDS}
    assert {one.questionnaire.name for one in found} == {q.name for q in QUESTIONNAIRES}
