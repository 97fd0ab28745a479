"""Flags compiled once, evaluated many times, and never changed."""

from collections.abc import Callable, Iterable
from typing import Final

from .building import NOTHING, Built, build
from .definitions import Definitions, Flag, ValueType
from .evaluation import Context, ErrorCode, Evaluation
from .issues import Issue
from .outcomes import Outcomes


class Snapshot:
    """Flags as they were at one version. Evaluating one takes no lock and no I/O.

    Made by `compile_snapshot`. A flag with a fault answers with an error and what is
    safe, and leaves the others alone; `issues` says what is wrong.
    """

    __slots__ = ("_decisions", "_flags", "built", "version")

    def __init__(self, version: int, built: Built) -> None:
        self.version: Final = version
        self.built: Final = built
        self._decisions: Final = built.decisions
        self._flags: Final = {flag.name: flag for flag in built.definitions.flags}

    @property
    def definitions(self) -> Definitions:
        """Return everything that is in it."""
        return self.built.definitions

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Return what is wrong with what was compiled."""
        return self.built.issues

    def evaluate(self, name: str, context: Context) -> Evaluation:
        """Return what a flag says to a context; what goes wrong is in the answer."""
        decide = self._decisions.get(name)
        if decide is None:
            return _without_value(name, "FLAG_NOT_FOUND")
        try:
            return decide(context)
        # A definition has been checked, so it is the context: a naive moment, half of a
        # surrogate pair. Whatever it is, no request may fail because of a flag.
        except Exception:  # noqa: BLE001 - the answer says so
            return Outcomes(self._flags[name]).failure("INVALID_CONTEXT")

    def evaluate_as(self, kind: ValueType, name: str, context: Context) -> Evaluation:
        """Return what a flag says, and an error if that is not of the kind."""
        flag = self._flags.get(name)
        if flag is None or flag.type == kind:
            return self.evaluate(name, context)
        return _without_value(name, "TYPE_MISMATCH")

    def evaluate_all(
        self, context: Context, names: Iterable[str] | None = None
    ) -> list[Evaluation]:
        """Return what several flags say, or all of them, in the order of their names.

        Whatever is random within it is drawn once.
        """
        chosen = sorted(self._decisions) if names is None else names
        return [self.evaluate(name, context) for name in chosen]

    def flag(self, name: str) -> Flag | None:
        """Return a flag's definition, None if there is none of that name."""
        return self._flags.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self._decisions

    def __len__(self) -> int:
        return len(self._decisions)


def compile_snapshot(
    definitions: Definitions,
    *,
    version: int = 0,
    base: Snapshot | None = None,
    known_as: Callable[[str], str] | None = None,
) -> Snapshot:
    """Return a snapshot of definitions; nothing in them makes this fail.

    With a base, which is the installation's, its flags are there as well, and the
    definitions are an organization's: flags and segments of its own, and overrides for
    both. A name of the base stays the base's, whoever takes it later. Only what differs
    from the base is compiled. With `known_as` overrides name users by what it makes of
    them, so that a snapshot holds no person.
    """
    built = build(definitions, base.built if base else NOTHING, known_as)
    return Snapshot(version, built)


def _without_value(name: str, error: ErrorCode) -> Evaluation:
    """Return the answer that leaves everything to the caller."""
    return Evaluation(name, None, "", "ERROR", 0, "", error)
