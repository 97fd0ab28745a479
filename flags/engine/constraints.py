"""What is wrong with a constraint."""

from collections.abc import Iterator
from ipaddress import ip_network

from .definitions import Constraint
from .issues import Code, Issue
from .patterns import PatternError, pattern
from .reading import moment, number
from .versions import precedence


def check_constraint(constraint: Constraint, place: str) -> Iterator[Issue]:
    """Yield each fault: a missing value, or one that the operator cannot read."""
    name = constraint.operator
    if not constraint.attribute:
        yield Issue(place + "/attribute", "name_missing")
    if name in {"IN", "NOT_IN"}:
        return
    if name == "IN_CIDR" or name.startswith("STR_"):
        yield from _check_values(constraint, place + "/values")
    elif constraint.value is None:
        yield Issue(place + "/value", "value_missing")
    else:
        code = _misread(name, constraint.value)
        if code is not None:
            yield Issue(place + "/value", code, constraint.value)


def _check_values(constraint: Constraint, place: str) -> Iterator[Issue]:
    """Yield what is wrong with a list of values."""
    if not constraint.values:
        yield Issue(place, "values_missing")
    if constraint.operator == "IN_CIDR":
        for index, value in enumerate(constraint.values):
            if not is_network(value):
                yield Issue(f"{place}/{index}", "not_a_network", value)


def is_network(value: str) -> bool:
    """Say whether a text is an address or a network."""
    try:
        ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _misread(operator: str, value: str) -> Code | None:
    """Return why an operator cannot read its value, or None."""
    match operator.partition("_")[0]:
        case "NUM":
            return None if number(value) is not None else "not_a_number"
        case "DATE":
            return None if moment(value) is not None else "not_a_date"
        case "SEMVER":
            return None if precedence(value) is not None else "not_a_version"
    return None if _is_expression(value) else "not_an_expression"


def _is_expression(value: str) -> bool:
    """Say whether a text is a regular expression that RE2 knows."""
    try:
        pattern(value)
    except PatternError:
        return False
    return True
