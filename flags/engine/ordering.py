"""In which order flags are compiled: what is needed comes first."""

from collections.abc import Collection, Iterable, Mapping

from .definitions import Flag


def needs(flag: Flag) -> set[str]:
    """Return the flags that have to be evaluated for this one."""
    # One that can never be met asks nobody.
    return {one.flag for one in flag.prerequisites if one.variants}


def in_order(flags: Mapping[str, Flag]) -> tuple[list[str], set[str]]:
    """Return the flags in order, and those that need themselves by some way round.

    Whoever needs one of the latter is among them. Flags that are not there count as
    needed by nobody.
    """
    waiting = {name: needs(flag) & flags.keys() for name, flag in flags.items()}
    needed_by = _turned(waiting)
    ready = [name for name, others in waiting.items() if not others]
    for name in ready:
        for other in needed_by.get(name, ()):
            waiting[other].discard(name)
            if not waiting[other]:
                ready.append(other)
    return ready, flags.keys() - ready


def costs(flags: Mapping[str, Flag]) -> dict[str, int]:
    """Return how many flags are evaluated for each, those that need none at first.

    One that is needed twice is evaluated twice: nothing is kept between.
    """
    order, _circular = in_order(flags)
    found: dict[str, int] = {}
    for name in order:
        found[name] = 1 + sum(found.get(other, 0) for other in needs(flags[name]))
    return found


def dependents(flags: Mapping[str, Flag], changed: Iterable[str]) -> set[str]:
    """Return those flags, and all that need one of them by any way."""
    needed_by = _turned({name: needs(flag) for name, flag in flags.items()})
    found = set(changed)
    queue = list(found)
    for name in queue:
        new = needed_by.get(name, set()) - found
        found |= new
        queue.extend(new)
    return found


def _turned(pairs: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return by whom each is needed."""
    turned: dict[str, set[str]] = {}
    for name, others in pairs.items():
        for other in others:
            turned.setdefault(other, set()).add(name)
    return turned
