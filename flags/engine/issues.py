"""What is wrong with a definition, and where."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Code = Literal[
    "unreadable",
    "name_missing",
    "name_too_long",
    "name_taken",
    "variant_unknown",
    "value_of_other_type",
    "value_too_large",
    "flag_unknown",
    "flag_needs_itself",
    "too_many_prerequisites",
    "segment_unknown",
    "value_missing",
    "values_missing",
    "not_a_number",
    "not_a_date",
    "not_a_version",
    "not_a_network",
    "not_an_expression",
    "percent_out_of_range",
    "points_missing",
    "points_out_of_order",
    "window_empty",
    "weight_negative",
    "weights_missing",
    "key_missing",
    "nobody_named",
    # What only an import meets.
    "strategy_unknown",
    "strategy_disabled",
    "rule_left_out",
    "operator_unknown",
    "dependency_never_met",
    "rollout_missing",
]


class Issue(Struct, frozen=True):
    """A fault: a JSON pointer to its place, a code, and the word that is wrong."""

    place: str
    code: Code
    word: str = ""


class DefinitionError(ValueError):
    """Definitions have faults."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        listed = "; ".join(f"{i.place}: {i.code} {i.word}".strip() for i in issues)
        super().__init__(listed)


def pointer(*parts: str | int) -> str:
    """Return the JSON pointer to a place.

    >>> pointer("flags", 3, "a/b")
    '/flags/3/a~1b'
    """
    return "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts
    )
