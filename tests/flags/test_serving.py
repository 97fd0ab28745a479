"""The failure matrix: whatever is away, an evaluation answers what is known."""

import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from redis import Redis

from common import counters
from flags.engine import Context
from flags.facade import Kind
from flags.registry import declare, declared
from flags.serving import database, loader as loading
from flags.serving.content import INSTALLATION, Content
from flags.serving.loader import FAILED, Loader
from flags.serving.shelf import Shelf
from flags.serving.sources import DAMAGED, WITHOUT_REDIS_S, AwayError, Sources

from .world import (
    NOBODY_LISTENS,
    NOW,
    ORGANIZATION,
    World,
    ask,
    eventually,
    needs_redis,
    silent_port,
    version,
)


@needs_redis
def test_a_change_comes_by_redis_alone(world: World) -> None:
    """Other processes find the content there: the database is asked by nobody."""
    world.put(1)
    first, second = world.loader(), world.loader()
    for each in (first, second):
        each.look()
    world.put(2, "off")
    world.announce()
    asked = world.database.asked
    for each in (first, second):
        each.look()
        assert (version(each), ask(each).value) == (2, False)
    assert world.database.asked == asked


@needs_redis
def test_a_lost_word_is_found_and_said_again(world: World) -> None:
    """A writer died between its commit and its word to the others."""
    world.put(1)
    one, other = world.loader(), world.loader()
    one.look()
    other.look()
    world.put(2)
    one.look()
    assert version(one) == 1
    one._sources.look_at_database()
    one.look()
    assert version(one) == 2
    other.look()
    assert version(other) == 2


def test_without_redis_the_database_is_asked(world: World) -> None:
    """Redis refuses connections: what changes still comes, a few seconds later."""
    world.put(1)
    one = world.loader(redis=NOBODY_LISTENS)
    one.look()
    assert (version(one), one.state().source) == (1, "store")
    world.put(2)
    asked = world.database.asked
    one.look()
    assert (version(one), world.database.asked) == (1, asked)
    one._sources.look_at_database()
    one.look()
    assert version(one) == 2


@needs_redis
def test_a_redis_that_goes_away_is_replaced_within_seconds(world: World) -> None:
    """The database had half a minute's rest while Redis answered; that ends then."""
    world.put(1)
    one = world.loader()
    one.look()
    sources = one._sources
    assert sources._database_next is not None
    assert sources._database_next > time.monotonic() + WITHOUT_REDIS_S
    sources._shelf = Shelf(NOBODY_LISTENS)
    one.look()
    assert sources._database_next <= time.monotonic() + WITHOUT_REDIS_S


def test_nobody_waits_for_a_redis_that_hangs(world: World) -> None:
    """The thread waits 30 ms, once in five seconds; who asks does not wait at all."""
    world.put(1)
    with silent_port() as url:
        one = world.loader(redis=url)
        one.look()
        assert version(one) == 1
        began = time.monotonic()
        for _ in range(20):
            one.look()
        # One time-out would be 30 ms; the breaker is open.
        assert time.monotonic() - began < 0.03 * 20


@needs_redis
def test_a_new_process_starts_by_redis_while_the_database_is_away(
    world: World,
) -> None:
    """It finds the version and the content there."""
    world.put(3)
    world.announce()
    world.database.is_away = True
    one = world.loader(files=False)
    one.look()
    assert (version(one), one.state().source) == (3, "store")


def test_what_is_warm_is_served_for_ever(world: World) -> None:
    """Both are away; the age grows, the answers stay."""
    world.put(4)
    one = world.loader(redis=NOBODY_LISTENS)
    one.look()
    world.database.is_away = True
    one._sources.look_at_database()
    heard = one.heard_at
    for _ in range(3):
        one.look()
    assert (version(one), one.heard_at) == (4, heard)


@pytest.mark.parametrize("damage", ["none", "cut off", "changed", "empty", "gone"])
def test_a_cold_start_while_everything_is_away(world: World, damage: str) -> None:
    """The file of the last process is served; a damaged one is as none."""
    world.put(5)
    world.put(6, "off", owner=ORGANIZATION)
    before = world.loader(redis=NOBODY_LISTENS)
    before.look()
    assert version(before, INSTALLATION) == 5
    before._sources.look_at_database()
    before._wanted[ORGANIZATION] = 0.0
    before.look()
    spoil(world.folder, damage)
    world.database.is_away = True
    one = world.loader(redis=NOBODY_LISTENS)
    one.look()
    if damage == "none":
        assert (version(one), one.state().source) == (5, "file")
        one.served(ORGANIZATION)
        one.look()
        assert one.state().own.keys() == {ORGANIZATION}
    else:
        assert ask(one).error == "FLAG_NOT_FOUND"
        assert one.state().source == "nothing"


def test_a_cold_start_where_only_an_organization_has_flags(world: World) -> None:
    """The installation stored none; that is known, and no reason to know nothing."""
    world.put(6, "off", owner=ORGANIZATION)
    before = world.loader(redis="")
    before._wanted[ORGANIZATION] = 0.0
    before.look()
    assert version(before, ORGANIZATION) == 6
    world.database.is_away = True
    one = world.loader(redis=NOBODY_LISTENS)
    one.served(ORGANIZATION)
    assert eventually(lambda: version(one, ORGANIZATION) == 6)


def spoil(folder: Path, damage: str) -> None:
    """Damage each file of a folder."""
    for file in folder.iterdir():
        data = file.read_bytes()
        if damage == "cut off":
            file.write_bytes(data[:-7])
        elif damage == "changed":
            file.write_bytes(data[:-7] + bytes(7))
        elif damage == "empty":
            file.write_bytes(b"")
        elif damage == "gone":
            file.unlink()


def test_with_nothing_at_all_what_is_safe_holds(world: World) -> None:
    """A detector is on, whatever nobody can say about it."""
    one = declare(
        "tests.cold", "For tests.", kind=Kind.DETECTION, default="off", safe="on"
    )

    def said(loader: Loader) -> Any:
        snapshot = loader.served(INSTALLATION).snapshot
        return snapshot.evaluate(one.name, Context({}, NOW)).value

    try:
        world.database.is_away = True
        cold = world.loader(redis=NOBODY_LISTENS)
        assert said(cold) is True
        world.database.is_away = False
        # The loader's own thread looks as well, and may be looking now.
        cold.poke()
        assert eventually(lambda: said(cold) is False)
    finally:
        declared().pop(one.name)  # type: ignore[attr-defined] # it is a dict


def test_look_that_fails_does_not_put_off_who_asks_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A change that is told of meanwhile is not left for five seconds."""
    sources, asked = Sources(NOBODY_LISTENS), []

    def away(version: int) -> dict[UUID, int]:
        asked.append(version)
        if len(asked) == 1:
            sources.look_at_database()
            raise OperationalError
        return {INSTALLATION: 7}

    monkeypatch.setattr(database, "changed_since", away)
    with pytest.raises(AwayError):
        sources.changed_since(0)
    assert sources.changed_since(0) == {INSTALLATION: 7}


@needs_redis
def test_damaged_content_in_redis_is_read_anew(world: World) -> None:
    """And counted."""
    world.put(2)
    world.announce()
    redis = Redis.from_url(world.redis_url)
    for key in redis.scan_iter("bonafide:flags:1:*:2"):
        redis.set(key, b"bonafide-flags-1 0000 not what was summed")
    before = counters.read()[DAMAGED]
    one = world.loader()
    one.look()
    assert version(one) == 2
    assert counters.read()[DAMAGED] == before + 1


def test_a_crash_in_a_rebuild_leaves_what_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted, and the next attempt may succeed."""
    world.put(1)
    one = world.loader(redis="")
    one.look()
    world.put(2)
    before = counters.read()[FAILED]

    def crash(_content: Content) -> Any:
        message = "a bug"
        raise RuntimeError(message)

    with monkeypatch.context() as patched:
        patched.setattr(loading, "serve_base", crash)
        one._sources.look_at_database()
        one.look()
        assert version(one) == 1
        assert counters.read()[FAILED] == before + 1
    one._sources.look_at_database()
    one.look()
    assert version(one) == 2


def test_an_organizations_flags_come_when_they_are_asked_for(world: World) -> None:
    """Those of others are not read, and who has none of their own costs nothing."""
    world.put(1)
    world.put(2, "off", owner=ORGANIZATION)
    one = world.loader(redis="")
    one.look()
    asked = world.database.asked
    assert version(one, UUID(int=9)) == 1
    assert world.database.asked == asked
    # A name of the installation's stays the installation's.
    assert version(one, ORGANIZATION) == 1
    assert eventually(lambda: ORGANIZATION in one.state().own)


@needs_redis
def test_an_older_snapshot_never_follows_a_newer_one(world: World) -> None:
    """Not from a Redis that was set back, nor from a database that was."""
    world.put(5)
    world.announce()
    one = world.loader()
    one.look()
    for older in (4, 3):
        world.put(older)
        Redis.from_url(world.redis_url).zadd(
            "bonafide:flags:1:versions", {str(INSTALLATION): older}
        )
        one._sources.look_at_database()
        one.look()
        assert version(one) == 5
    world.put(6)
    one._sources.look_at_database()
    one.look()
    assert version(one) == 6
