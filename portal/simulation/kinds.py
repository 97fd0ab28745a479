"""The kinds of made-up respondents, and one visit of any of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from . import browsers, hand as hands, typing as typists
from .desk import Desk, KeyboardOnly, Paster, ScreenReader, Wanderer
from .glass import Glass
from .questionnaires import Questionnaire
from .scripts import Filler, Imitator, InstantTypist, Replayer, Ruler, Script
from .tape import Event
from .visitor import Given, Visitor

# Of those who see a page, how many leave there for good.
QUITS: Final = 0.02
# Panels report 30 to 40 % fraud of all kinds.
BOT_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Visit:
    """All that one respondent sends."""

    kind: str
    is_bot: bool
    headers: Mapping[str, str]
    batches: tuple[list[Event], ...]
    given: tuple[Given, ...]
    has_finished: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of respondent; `share` is how often it comes among people or programs."""

    name: str
    share: float
    make: Callable[[Random], Visitor]
    is_bot: bool = False

    def visit(self, questionnaire: Questionnaire, chance: Random) -> Visit:
        """Return a visit of one of them."""
        visitor = self.make(chance)
        visitor.answer(questionnaire)
        return Visit(
            self.name,
            self.is_bot,
            visitor.browser.headers,
            tuple(visitor.tape.batches()),
            tuple(visitor.given),
            visitor.has_finished,
        )


def _desktop(chance: Random) -> browsers.Browser:
    return browsers.somewhere(chance.choice(browsers.DESKTOPS), chance)


def _driven(chance: Random) -> browsers.Browser:
    """Return a browser that hides that it is driven."""
    browser = browsers.somewhere(browsers.WINDOWS_CHROME, chance)
    return replace(browser, found={**browser.found, "protocol_traces": ["console"]})


def _desk(chance: Random) -> Visitor:
    return Desk(_desktop(chance), chance, quits=QUITS)


def _fast(chance: Random) -> Visitor:
    return Desk(
        _desktop(chance),
        chance,
        quits=QUITS,
        pace=0.6,
        hand=hands.QUICK,
        typist=typists.QUICK,
    )


def _trembling(chance: Random) -> Visitor:
    return Desk(
        _desktop(chance),
        chance,
        quits=QUITS,
        pace=1.7,
        hand=hands.TREMBLING,
        typist=typists.SLOW,
    )


def _keyboard(chance: Random) -> Visitor:
    return KeyboardOnly(_desktop(chance), chance, quits=QUITS)


def _reader(chance: Random) -> Visitor:
    return ScreenReader(_desktop(chance), chance, quits=QUITS, pace=0.5)


def _phone(chance: Random) -> Visitor:
    is_android = chance.random() < 0.55
    browser = browsers.ANDROID if is_android else browsers.IPHONE
    return Glass(
        browsers.somewhere(browser, chance),
        chance,
        quits=2 * QUITS,
        composes=is_android,
        has_force=is_android,
        finger_px=chance.uniform(7, 13),
    )


def _tablet(chance: Random) -> Visitor:
    return Glass(
        browsers.somewhere(browsers.IPAD, chance),
        chance,
        quits=QUITS,
        finger_px=chance.uniform(9, 15),
    )


def _paster(chance: Random) -> Visitor:
    return Paster(_desktop(chance), chance, quits=QUITS)


def _wanderer(chance: Random) -> Visitor:
    return Wanderer(_desktop(chance), chance, quits=QUITS)


def _quitter(chance: Random) -> Visitor:
    return Desk(_desktop(chance), chance, quits=0.75)


PEOPLE: Final = (
    Kind("desk", 30, _desk),
    Kind("fast", 8, _fast),
    Kind("trembling", 3, _trembling),
    Kind("keyboard-only", 3, _keyboard),
    Kind("screen-reader", 2, _reader),
    # Two thirds of respondents come by phone; the desk's details are wanted here.
    Kind("phone", 34, _phone),
    Kind("tablet", 5, _tablet),
    Kind("pastes", 4, _paster),
    Kind("returns", 5, _wanderer),
    Kind("gives-up", 6, _quitter),
)
BOTS: Final = (
    Kind("teleports", 4, lambda c: Script(_driven(c), c), is_bot=True),
    Kind("straight-lines", 4, lambda c: Ruler(_driven(c), c), is_bot=True),
    Kind("instant-text", 3, lambda c: InstantTypist(_driven(c), c), is_bot=True),
    Kind("whole-values", 3, lambda c: Filler(_desktop(c), c), is_bot=True),
    Kind("headless", 4, lambda c: Script(browsers.HEADLESS, c), is_bot=True),
    Kind("even-rhythm", 3, lambda c: Replayer(_driven(c), c), is_bot=True),
    Kind("imitates-a-hand", 3, lambda c: Imitator(_driven(c), c), is_bot=True),
)
KINDS: Final = (*PEOPLE, *BOTS)


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit that is still to be made: by whom, to which survey."""

    number: int
    kind: Kind
    questionnaire: Questionnaire
    seed: str

    def visit(self) -> Visit:
        """Make it; the same plan gives the same visit."""
        return self.kind.visit(self.questionnaire, Random(self.seed))  # noqa: S311 - a model  # nosec B311


def plan(
    sessions: int,
    questionnaires: Sequence[Questionnaire],
    *,
    seed: int,
    bots: float = BOT_SHARE,
) -> Iterator[Planned]:
    """Yield so many visits; each depends on the seed and on its number alone."""
    for number in range(1, sessions + 1):
        own = f"{seed}/{number}"
        chance = Random(f"{own}/plan")  # noqa: S311 - a model  # nosec B311
        kinds = BOTS if chance.random() < bots else PEOPLE
        shares = [kind.share for kind in kinds]
        kind = chance.choices(kinds, shares)[0]
        yield Planned(number, kind, chance.choice(questionnaires), own)
