"""Turn Unleash's constraints, segments and strategies into ours."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias, get_args

from ..constraints import check_constraint, is_network
from ..definitions import RANDOM, TARGETING_KEY, Constraint, Operator, Rollout, Value
from ..issues import Issue
from ..reading import text
from . import documents

# How Unleash calls what OpenFeature calls the targeting key.
USER_ID: Final = "userId"
SESSION_ID: Final = "sessionId"
# Not a field of Unleash's: what its clients know about the machine they run on.
HOSTNAME: Final = "hostname"
_OPERATORS: Final = frozenset(get_args(Operator))

# The conditions of a strategy and its rollout.
Activation: TypeAlias = tuple[tuple[Constraint, ...], Rollout | None]
Parameters: TypeAlias = Mapping[str, Value]


def attribute_of(context_name: str) -> str:
    """Return how we call a field of Unleash's context."""
    return TARGETING_KEY if context_name == USER_ID else context_name


def sticky_on(stickiness: str | None) -> tuple[str, ...]:
    """Return what a rollout sticks to."""
    if stickiness in {None, "default"}:
        return (TARGETING_KEY, SESSION_ID, RANDOM)
    return (RANDOM,) if stickiness == "random" else (attribute_of(str(stickiness)),)


def variants_stick_to(stickiness: str | None) -> tuple[str, ...]:
    """Return what variants stick to: without the field they are drawn at random."""
    found = sticky_on(stickiness)
    return found if RANDOM in found else (*found, RANDOM)


def convert_constraints(
    read: Sequence[documents.Constraint] | None, place: str, issues: list[Issue]
) -> tuple[Constraint, ...] | None:
    """Return constraints of ours, or None if one of them cannot be read.

    Nobody passes what nobody understands, so its strategy is left out.
    """
    found: list[Constraint] = []
    faults: list[Issue] = []
    for index, one in enumerate(read or ()):
        at = f"{place}/constraints/{index}"
        if one.operator not in _OPERATORS:
            faults.append(Issue(at + "/operator", "operator_unknown", one.operator))
            continue
        constraint = _constraint(one, at, issues)
        faults.extend(check_constraint(constraint, at))
        found.append(constraint)
    issues.extend(faults)
    return None if faults else tuple(found)


def _constraint(
    read: documents.Constraint, place: str, issues: list[Issue]
) -> Constraint:
    """Return a constraint whose operator is known."""
    values = tuple(word for word in map(text, read.values or ()) if word is not None)
    if read.operator == "IN_CIDR":
        values = _networks(values, place + "/values", issues)
    return Constraint(
        attribute=attribute_of(read.context_name),
        operator=read.operator,  # type: ignore[arg-type] # it is one of them
        value=text(read.value),
        values=values,
        # Unleash compares whole words as they are written.
        case_insensitive=bool(read.case_insensitive)
        and read.operator not in {"IN", "NOT_IN"},
        inverted=bool(read.inverted),
    )


def _networks(
    values: Iterable[str], place: str, issues: list[Issue]
) -> tuple[str, ...]:
    """Return the values that are networks, and say which are none."""
    found: list[str] = []
    for index, value in enumerate(values):
        if is_network(value):
            found.append(value)
        else:
            issues.append(Issue(f"{place}/{index}", "not_a_network", value))
    return tuple(found)


def activation(
    strategy: documents.Strategy, place: str, issues: list[Issue]
) -> Activation | None:
    """Return what a strategy asks for beside its constraints; None if nobody has it."""
    convert = _STRATEGIES.get(strategy.name)
    if convert is None:
        issues.append(Issue(place + "/name", "strategy_unknown", strategy.name))
        return None
    found = convert(strategy.parameters or {}, place + "/parameters", issues)
    if found is None:
        issues.append(Issue(place + "/parameters", "rollout_missing", strategy.name))
    return found


def _default(
    _parameters: Parameters, _place: str, _issues: list[Issue]
) -> Activation | None:
    """Return what everybody passes."""
    return (), None


def _user_with_id(
    parameters: Parameters, _place: str, _issues: list[Issue]
) -> Activation | None:
    """Return a list of users."""
    return _listed(TARGETING_KEY, "IN", _words(parameters.get("userIds")))


def _remote_address(
    parameters: Parameters, place: str, issues: list[Issue]
) -> Activation | None:
    """Return a list of addresses and networks."""
    words = _words(parameters.get("IPs")) or ()
    return _listed(
        "remoteAddress", "IN_CIDR", _networks(words, place + "/IPs", issues) or None
    )


def _hostname(
    parameters: Parameters, _place: str, _issues: list[Issue]
) -> Activation | None:
    """Return a list of machines."""
    return _listed(
        HOSTNAME, "IN", _words(parameters.get("hostNames")), case_insensitive=True
    )


def _listed(
    attribute: str,
    operator: Operator,
    values: tuple[str, ...] | None,
    *,
    case_insensitive: bool = False,
) -> Activation | None:
    """Return a condition that lists values; None without a list."""
    if values is None:
        return None
    constraint = Constraint(
        attribute=attribute,
        operator=operator,
        values=values,
        case_insensitive=case_insensitive,
    )
    return (constraint,), None


def _flexible_rollout(
    parameters: Parameters, _place: str, _issues: list[Issue]
) -> Activation | None:
    """Return a rollout that sticks to whatever it says."""
    percent = _percent(parameters.get("rollout"))
    if percent is None:
        return None
    keys = sticky_on(text(parameters.get("stickiness")))
    group = text(parameters.get("groupId"))
    return (), Rollout(percent=percent, sticky_on=keys, group=group)


def _random_rollout(
    parameters: Parameters, _place: str, _issues: list[Issue]
) -> Activation | None:
    """Return a rollout that sticks to nothing."""
    percent = _percent(parameters.get("percentage"))
    if percent is None:
        return None
    return (), Rollout(percent=percent, sticky_on=(RANDOM,))


def _old_rollout(
    attribute: str,
) -> Callable[[Parameters, str, list[Issue]], Activation | None]:
    """Return how the older rollouts are read: each has its field, and needs a group."""

    def convert(
        parameters: Parameters, _place: str, _issues: list[Issue]
    ) -> Activation | None:
        percent = _percent(parameters.get("percentage"))
        group = text(parameters.get("groupId"))
        if percent is None or group is None:
            return None
        return (), Rollout(percent=percent, sticky_on=(attribute,), group=group)

    return convert


_STRATEGIES: Final[
    Mapping[str, Callable[[Parameters, str, list[Issue]], Activation | None]]
] = {
    "default": _default,
    "userWithId": _user_with_id,
    "gradualRolloutUserId": _old_rollout(TARGETING_KEY),
    "gradualRolloutSessionId": _old_rollout(SESSION_ID),
    "gradualRolloutRandom": _random_rollout,
    "flexibleRollout": _flexible_rollout,
    "remoteAddress": _remote_address,
    "applicationHostname": _hostname,
}


def _words(listed: Value) -> tuple[str, ...] | None:
    """Return what stands between commas; None if there is no list at all."""
    return (
        tuple(word.strip() for word in listed.split(","))
        if isinstance(listed, str)
        else None
    )


def _percent(value: Value) -> float | None:
    """Return a whole percentage, which Unleash writes as text; None if it is none."""
    word = text(value) or ""
    percent = int(word) if word.isascii() and word.isdigit() and len(word) < 4 else 101  # noqa: PLR2004 - "100" has three
    return float(percent) if percent <= 100 else None  # noqa: PLR2004 - the whole
