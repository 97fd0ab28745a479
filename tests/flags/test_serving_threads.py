"""The thread that keeps flags fresh: nobody waits for it, and it lives on."""

import threading
import time
from typing import Any

import pytest

from flags.serving.content import INSTALLATION
from flags.serving.sources import EVERY_S

from .world import World, ask, eventually, large, needs_redis, version


def test_the_thread_lives_on_after_a_crash(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the process would serve old flags until it ends."""
    world.put(1)
    one = world.loader(redis="")
    assert version(one) == 1
    crashed = threading.Event()

    def crash(*_args: Any) -> Any:
        crashed.set()
        message = "a bug"
        raise RuntimeError(message)

    with monkeypatch.context() as patched:
        patched.setattr(one, "_refresh", crash)
        one.poke()
        assert crashed.wait(5)
    world.put(2)
    one.poke()
    assert eventually(lambda: version(one) == 2)


def test_the_thread_outlives_what_else_it_does(world: World) -> None:
    """Counts that cannot be written are no reason to serve old flags."""
    world.put(1)
    one = world.loader(redis="")
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        message = "a bug"
        raise RuntimeError(message)

    one._after = fail
    assert version(one) == 1
    assert failed.wait(5)
    world.put(2)
    one.poke()
    assert eventually(lambda: version(one) == 2)


@needs_redis
def test_a_new_process_is_not_kept_by_a_database_that_hangs(world: World) -> None:
    """Redis has all that it needs to begin."""
    world.put(3)
    world.announce()
    world.database.hangs = threading.Event()
    one = world.loader(files=False)
    assert eventually(lambda: version(one) == 3)
    assert world.database.asked == 0
    world.database.hangs.set()


def test_who_starts_together_gets_what_is_stored(world: World) -> None:
    """No thread is served safe values while another one's question is under way."""
    world.put(1, "off")
    one = world.loader(redis="")
    seen: list[object] = []
    start = threading.Barrier(16)

    def go() -> None:
        start.wait()
        seen.append(ask(one).value)

    threads = [threading.Thread(target=go) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert seen == [False] * 16


def test_a_database_that_hangs_holds_nobody_up(world: World) -> None:
    """The first evaluations wait 40 ms together, no later one at all."""
    world.database.hangs = threading.Event()
    one = world.loader(redis="", files=False)
    began = time.monotonic()
    for _ in range(200):
        assert ask(one).error == "FLAG_NOT_FOUND"
    # 200 times 40 ms would be 8 s.
    assert time.monotonic() - began < 4
    world.database.hangs.set()


def test_a_thousand_flags_and_ten_thousand_overrides(world: World) -> None:
    """Asked all the time while they are read and compiled: nobody waits for that."""
    world.put(1)
    one = world.loader(redis="")
    assert version(one) == 1
    world.database.contents[INSTALLATION] = large(1_000, 10_000)
    one.poke()
    waits = []
    until = time.monotonic() + 20
    while one.state().base.version != 7 and time.monotonic() < until:
        began = time.perf_counter()
        ask(one)
        waits.append(time.perf_counter() - began)
    assert one.state().base.version == 7
    assert len(one.state().base.snapshot) >= 1_000
    waits.sort()
    # The longest may be the machine's; of a hundred, ninety-nine are ours.
    assert waits[int(len(waits) * 0.99)] < 0.05


def test_the_thread_asks_every_second(world: World) -> None:
    """Also when nobody evaluates anything: the next one to ask is not told old news."""
    world.put(1)
    one = world.loader(redis="")
    assert version(one) == 1
    world.put(2)
    began = time.monotonic()
    assert eventually(lambda: one.state().base.version == 2)
    assert time.monotonic() - began < EVERY_S * 3
