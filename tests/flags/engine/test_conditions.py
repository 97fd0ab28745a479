"""Each operator: what satisfies it, and what does not."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from flags.engine import Constraint, Flag, Rule, Segment

from .asking import NOON, ask, context, holds


@pytest.mark.parametrize(
    ("value", "operator", "wanted", "expected"),
    [
        ("NO", "IN", ("NO", "SE"), True),
        ("no", "IN", ("NO", "SE"), False),
        (None, "IN", ("NO",), False),
        ("NO", "IN", (), False),
        ("NO", "NOT_IN", ("NO",), False),
        ("FI", "NOT_IN", ("NO",), True),
        (None, "NOT_IN", ("NO",), True),
        ("NO", "NOT_IN", (), True),
        (7, "IN", ("7",), True),
        (True, "IN", ("true",), True),
        (False, "IN", ("false",), True),
        (["NO"], "IN", ("NO",), False),
        (UUID(int=1), "IN", ("00000000-0000-0000-0000-000000000001",), True),
        (NOON, "IN", ("2026-11-23T12:00:00+00:00",), True),
        ("ada@example.com", "STR_ENDS_WITH", ("@example.com", "@x.org"), True),
        ("ada@example.com", "STR_STARTS_WITH", ("bob", "ada"), True),
        ("ada@example.com", "STR_CONTAINS", ("exam",), True),
        ("ada@example.com", "STR_CONTAINS", ("Exam",), False),
        (None, "STR_CONTAINS", ("",), False),
    ],
)
def test_lists(
    *, value: Any, operator: str, wanted: tuple[str, ...], expected: bool
) -> None:
    """A field is text; a missing one is in no list."""
    assert holds(value, operator, values=wanted) is expected
    assert holds(value, operator, values=wanted, inverted=True) is not expected


@pytest.mark.parametrize(
    ("value", "operator", "expected"),
    [
        ("ADA@EXAMPLE.COM", "STR_ENDS_WITH", True),
        ("example.comic", "STR_ENDS_WITH", False),
        ("EXAMPLE.com", "IN", True),
        (None, "IN", False),
        ("Example.Com", "NOT_IN", False),
    ],
)
def test_case_can_be_ignored(*, value: Any, operator: str, expected: bool) -> None:
    """In the field and in what is wanted."""
    wanted = ("Example.COM",)
    assert holds(value, operator, values=wanted, case_insensitive=True) is expected


@pytest.mark.parametrize(
    ("value", "operator", "wanted", "expected"),
    [
        ("12.0", "NUM_EQ", "12", True),
        (12, "NUM_EQ", "12.0", True),
        (0.1 + 0.2, "NUM_EQ", "0.3", True),
        ("13", "NUM_GT", "12", True),
        ("12", "NUM_GT", "12", False),
        ("12", "NUM_GTE", "12", True),
        ("-1e3", "NUM_LT", "0", True),
        ("12", "NUM_LTE", "11.9", False),
        ("twelve", "NUM_LT", "13", False),
        (" 12", "NUM_EQ", "12", False),
        ("1_2", "NUM_EQ", "12", False),
        (True, "NUM_EQ", "1", False),
        (None, "NUM_LT", "13", False),
        (10**400, "NUM_GT", "0", False),
        ("2.0.0-beta", "SEMVER_GT", "2.0.0-alpha.9", True),
        ("2.0.0-alpha.10", "SEMVER_GT", "2.0.0-alpha.9", True),
        ("2.0.0-1", "SEMVER_LT", "2.0.0-alpha", True),
        ("2.0.0-alpha", "SEMVER_LT", "2.0.0-alpha.1", True),
        ("2.0.0", "SEMVER_GT", "2.0.0-rc.1", True),
        ("2.0.0+linux", "SEMVER_EQ", "2.0.0+windows", True),
        ("10.0.0", "SEMVER_GTE", "9.9.9", True),
        ("1.9.0", "SEMVER_LTE", "1.10.0", True),
        ("v2.0.0", "SEMVER_EQ", "2.0.0", False),
        ("2.0", "SEMVER_EQ", "2.0.0", False),
        ("2.0.0-01", "SEMVER_LT", "2.0.0", False),
        ("1." + "9" * 5_000 + ".0", "SEMVER_GT", "1.0.0", False),
        (2, "SEMVER_LT", "3.0.0", False),
        ("2022-01-30T13:00:00Z", "DATE_AFTER", "2022-01-29T13:00:00.000Z", True),
        ("2022-01-29T15:00:00+02:00", "DATE_AFTER", "2022-01-29T13:00:00Z", False),
        ("2022-01-29T14:59:59+02:00", "DATE_BEFORE", "2022-01-29T13:00:00Z", True),
        (datetime(2020, 1, 1, tzinfo=UTC), "DATE_BEFORE", "2022-01-29T13:00:00Z", True),
        ("2020-01-01T00:00:00", "DATE_BEFORE", "2022-01-29T13:00:00Z", False),
        ("yesterday", "DATE_BEFORE", "2022-01-29T13:00:00Z", False),
    ],
)
def test_comparisons(*, value: Any, operator: str, wanted: str, expected: bool) -> None:
    """What cannot be read as what is asked does not compare."""
    assert holds(value, operator, value=wanted) is expected
    assert holds(value, operator, value=wanted, inverted=True) is not expected


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("11.1.2.3", ("10.0.0.0/8", "11.1.2.3"), True),
        ("11.1.2.4", ("10.0.0.0/8", "11.1.2.3"), False),
        ("9.255.255.255", ("10.0.0.0/8",), False),
        ("10.1.3.255", ("10.1.2.5/23",), True),
        ("2001:db8:7::1", ("2001:db8::/32", "10.0.0.0/8"), True),
        ("::ffff:10.1.2.3", ("10.0.0.0/8",), True),
        ("10.1.2.3", ("::/0",), False),
        ("no address", ("0.0.0.0/0",), False),
        (None, ("0.0.0.0/0",), False),
    ],
)
def test_networks(*, value: Any, wanted: tuple[str, ...], expected: bool) -> None:
    """IPv4 and IPv6 side by side; IPv4 within IPv6 is IPv4."""
    assert holds(value, "IN_CIDR", values=wanted) is expected


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        ("a cat sat", r"\bcat\b", True),
        ("concatenate", r"\bcat\b", False),
        ("CAT", "^(?i)cat$", True),
        ("x\nfoo\ny", "(?m)^foo$", True),
        ("x\nfoo\ny", "^foo$", False),
        ("naïve", "^na.ve$", True),
        (None, "", False),
        (42, "^4", True),
    ],
)
def test_expressions(*, value: Any, wanted: str, expected: bool) -> None:
    """They are searched for anywhere, in text and not in bytes."""
    assert holds(value, "REGEX", value=wanted) is expected


def test_case_of_an_expression_can_be_ignored() -> None:
    """As if it began with (?i)."""
    assert holds("CAT", "REGEX", value="^cat$", case_insensitive=True)
    assert not holds("CAT", "REGEX", value="^cat$")


@pytest.mark.timeout(5)
def test_no_expression_takes_for_ever() -> None:
    """With Python's own engine this one would run until the end of the world."""
    assert not holds("a" * 50_000 + "!", "REGEX", value="^(a+)+$")


def test_current_time_is_that_of_the_context() -> None:
    """Unless a field of this name says otherwise."""
    constraint = Constraint(
        attribute="currentTime", operator="DATE_AFTER", value="2026-11-23T11:00:00Z"
    )
    flag = Flag(name="f", rules=(Rule(id="r", serve="on", constraints=(constraint,)),))
    assert ask(flag, context()).value is True
    assert ask(flag, context(currentTime="2026-11-23T10:00:00Z")).value is None


@pytest.mark.parametrize("number_of", [0, 1, 2, 3, 4, 6])
def test_all_constraints_have_to_hold(number_of: int) -> None:
    """However many there are; one that does not is enough."""
    names = [f"field-{number}" for number in range(number_of)]
    constraints = tuple(
        Constraint(attribute=name, operator="IN", values=("x",)) for name in names
    )
    flag = Flag(name="f", rules=(Rule(id="r", serve="on", constraints=constraints),))
    fields: dict[str, Any] = dict.fromkeys(names, "x")
    assert ask(flag, context(**fields)).value is True
    for name in names:
        assert ask(flag, context(**{**fields, name: "y"})).value is None


def test_segments_and_constraints_have_to_hold() -> None:
    """A segment without constraints is everybody."""
    beta = Constraint(attribute="beta", operator="IN", values=("yes",))
    norway = Constraint(attribute="country", operator="IN", values=("NO",))
    rule = Rule(
        id="r", serve="on", segments=("testers", "everybody"), constraints=(norway,)
    )
    segments = (
        Segment(name="testers", constraints=(beta,)),
        Segment(name="everybody"),
    )
    flag = Flag(name="f", rules=(rule,))
    both = context(beta="yes", country="NO")
    assert ask(flag, both, segments=segments).value is True
    assert ask(flag, context(beta="yes"), segments=segments).value is None
    assert ask(flag, context(country="NO"), segments=segments).value is None
