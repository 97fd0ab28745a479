"""What is kept in the process, and when it is read again."""

from collections.abc import Iterator
from itertools import count
from threading import Event, Thread

import pytest

from common.refreshed import Refreshed


class Shelf:
    """Something that has a version, and counts who asks."""

    def __init__(self) -> None:
        self.version = 1
        self.asked = 0
        self.read = 0

    def ask(self) -> int:
        """Return the version."""
        self.asked += 1
        return self.version

    def take(self) -> str:
        """Return the value."""
        self.read += 1
        return f"value {self.version}"


@pytest.fixture
def shelf() -> Shelf:
    """Provide one."""
    return Shelf()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Provide the time, to be changed."""
    now = [100.0]
    monkeypatch.setattr("common.refreshed.time.monotonic", lambda: now[0])
    return iter([now])


def test_value_is_read_once(shelf: Shelf) -> None:
    """However many ask."""
    kept = Refreshed(version=shelf.ask, read=shelf.take, every_s=60)
    assert {kept() for _ in range(9)} == {"value 1"}
    assert (shelf.asked, shelf.read) == (1, 1)


def test_version_is_asked_for_now_and_then(
    shelf: Shelf, clock: Iterator[list[float]]
) -> None:
    """The value is read again only if it is another one."""
    now = next(clock)
    kept = Refreshed(version=shelf.ask, read=shelf.take, every_s=30)
    kept()
    now[0] += 29
    shelf.version = 2
    assert kept() == "value 1"
    now[0] += 1
    assert kept() == "value 2"
    now[0] += 30
    assert kept() == "value 2"
    assert (shelf.asked, shelf.read) == (3, 2)


def test_forgotten_value_is_read_anew(shelf: Shelf) -> None:
    """Even though its time has not come."""
    kept = Refreshed(version=shelf.ask, read=shelf.take, every_s=60)
    kept()
    kept.forget()
    kept()
    assert shelf.read == 2


def test_failure_reaches_its_caller_and_the_next_one_tries_again() -> None:
    """A database that is away must not look like an empty list."""
    attempts = count()

    def version() -> int:
        if next(attempts) == 0:
            raise ConnectionError
        return 1

    kept = Refreshed(version=version, read=lambda: "there", every_s=60)
    with pytest.raises(ConnectionError):
        kept()
    assert kept() == "there"


def test_others_do_not_wait_for_the_one_who_reads(
    shelf: Shelf, clock: Iterator[list[float]]
) -> None:
    """They go on with what is there."""
    now = next(clock)
    begun, may_end = Event(), Event()
    kept = Refreshed(version=shelf.ask, read=shelf.take, every_s=30)
    kept()

    def slow() -> str:
        begun.set()
        assert may_end.wait(30)
        return "slow"

    kept._read = slow
    shelf.version = 2
    now[0] += 31
    reader = Thread(target=kept)
    reader.start()
    assert begun.wait(30)
    assert kept() == "value 1"
    may_end.set()
    reader.join(30)
    assert kept() == "slow"


def test_all_wait_for_the_first_value_and_it_is_read_once(shelf: Shelf) -> None:
    """There is nothing to go on with yet."""
    begun, may_end = Event(), Event()

    def slow() -> str:
        begun.set()
        assert may_end.wait(30)
        return shelf.take()

    kept = Refreshed(version=shelf.ask, read=slow, every_s=600)
    found: list[str] = []
    readers = [Thread(target=lambda: found.append(kept())) for _ in range(3)]
    for reader in readers:
        reader.start()
    assert begun.wait(30)
    assert found == []
    may_end.set()
    for reader in readers:
        reader.join(30)
    assert found == ["value 1"] * 3
    assert shelf.read == 1
