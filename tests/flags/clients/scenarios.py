"""OpenFeature's scenarios as questions with what their answers must say."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gherkin.parser import Parser

FOLDER: Final = (
    Path(__file__).resolve().parents[4] / "shared/data/flags/openfeature-spec-gherkin"
)
# The specification's two conditions, in our words.
EMAIL: Final = {
    "attribute": "email",
    "operator": "IN",
    "values": ["ballmer@macrosoft.com"],
}
CONDITIONS: Final[Mapping[str, list[dict[str, Any]]]] = {
    "email == 'ballmer@macrosoft.com'": [EMAIL],
    "!customer && email == 'ballmer@macrosoft.com' && age > 10": [
        {"attribute": "customer", "operator": "IN", "values": ["false"]},
        EMAIL,
        {"attribute": "age", "operator": "NUM_GT", "value": "10"},
    ],
}
# What a scenario that is about a server can say; any other step is about a client.
GIVEN_FLAG: Final = re.compile(
    r'a (\w+)-flag with key "(.*?)" and a fallback value "(.*)"'
)
GIVEN_CONTEXT: Final = re.compile(
    r'a context containing a key "(.*?)", with type "(\w+)" and with value "(.*)"'
)
GIVEN_NULL: Final = re.compile(r'a context containing a key "(.*?)" with null value')
EXPECTED: Final = {
    "the resolved details value should be": "value",
    "the reason should be": "reason",
    "the error-code should be": "error",
    "the variant should be": "variant",
    "the flag key should be": "flag",
}
NOTHING_TO_DO: Final = {"a stable provider", "the flag was evaluated with details"}


@dataclass
class Scenario:
    """What is asked, and what has to come."""

    name: str
    type: str = ""
    flag: str = ""
    fallback: Any = None
    context: dict[str, Any] = field(default_factory=dict)
    expected: dict[str, Any] = field(default_factory=dict)
    # A step that only a client can do something about.
    beyond: str = ""

    @property
    def question(self) -> dict[str, Any]:
        """Return it as clients are asked."""
        return {
            "type": self.type,
            "flag": self.flag,
            "fallback": self.fallback,
            # The scenarios name nobody, and rollouts would want somebody.
            "context": {"targetingKey": "somebody", **self.context},
        }


def scenarios() -> list[Scenario]:
    """Return every example of every scenario."""
    document: Any = Parser().parse((FOLDER / "evaluation_v2.feature").read_text())
    children = document["feature"]["children"]
    background = [s for c in children for s in c.get("background", {}).get("steps", ())]
    return [
        _read(name, [*background, *steps])
        for child in children
        if "scenario" in child
        for name, steps in _expanded(child["scenario"])
    ]


def definitions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the specification's flags as ours."""
    flags = json.loads((FOLDER / "test-flags.json").read_text())
    for name, said in flags.items():
        values = said["variants"]
        definition: dict[str, Any] = {
            "type": _type_of(next(iter(values.values()))),
            "variants": [{"name": n, "value": v} for n, v in values.items()],
            "default": said.get("defaultVariant"),
            "enabled": not said.get("disabled", False),
            "metadata": said.get("flagMetadata") or {},
        }
        if said.get("contextEvaluator"):
            condition, _ask, served = said["contextEvaluator"].partition(" ? ")
            rule = {"id": "rule", "constraints": CONDITIONS[condition]}
            definition["rules"] = [{**rule, "serve": served.split("'")[1]}]
        yield name, definition


def _type_of(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case int() | float():
            return "number"
    return "json"


def _expanded(scenario: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    if not scenario["examples"]:
        yield scenario["name"], scenario["steps"]
    for examples in scenario["examples"]:
        heads = [cell["value"] for cell in examples["tableHeader"]["cells"]]
        for row in examples["tableBody"]:
            cells = [cell["value"] for cell in row["cells"]]
            filled = dict(zip(heads, cells, strict=True))
            steps = [
                {**step, "text": _filled(step["text"], filled)}
                for step in scenario["steps"]
            ]
            yield f"{scenario['name']} {filled}", steps


def _filled(text: str, cells: Mapping[str, str]) -> str:
    for name, value in cells.items():
        text = text.replace(f"<{name}>", value)
    return text


def _read(name: str, steps: Sequence[Mapping[str, Any]]) -> Scenario:
    found = Scenario(name)
    for step in steps:
        text = step["text"].strip()
        if text in NOTHING_TO_DO:
            continue
        # Whatever was kept, was kept by a client.
        if not _take(found, text, step) or found.expected.get("reason") == "CACHED":
            found.beyond = text
    return found


def _take(found: Scenario, text: str, step: Mapping[str, Any]) -> bool:
    """Read a step into a scenario; say whether it is about a server."""
    if said := GIVEN_FLAG.fullmatch(text):
        found.type, found.flag = said[1], said[2]
        found.fallback = _value(said[1], said[3])
    elif said := GIVEN_CONTEXT.fullmatch(text):
        found.context[said[1]] = _value(said[2], said[3])
    elif said := GIVEN_NULL.fullmatch(text):
        found.context[said[1]] = None
    elif text == "the resolved metadata should contain":
        rows = [
            [cell["value"] for cell in row["cells"]]
            for row in step["dataTable"]["rows"][1:]
        ]
        found.expected["metadata"] = {n: _value(kind, v) for n, kind, v in rows}
    elif said := re.fullmatch(r'(.*?) "(.*)"', text):
        place = EXPECTED.get(said[1])
        if place is None:
            return False
        kind = found.type if place == "value" else "String"
        found.expected[place] = _value(kind, said[2])
    else:
        return False
    return True


def _value(kind: str, text: str) -> Any:
    text = text.replace('\\"', '"')
    return text if kind == "String" else json.loads(text)
