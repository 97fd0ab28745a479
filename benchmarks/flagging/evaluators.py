"""Ours and others: each as its documentation says, and without what can be left out.

Usage counts, logging of each evaluation and look-ups over the network are off.
"""

import atexit
import importlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flags.engine import (
    TARGETING_KEY,
    Constraint,
    Context,
    Definitions,
    Flag,
    Rollout,
    Rule,
    compile_snapshot,
)

from .task import COUNTRIES, DOMAIN, EVERY, PERCENT, STATIC, TARGETED, Evaluator, Person

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)


def nothing() -> Evaluator:
    """Return what the measurement itself costs."""
    return Evaluator(
        name="an empty function",
        ask=lambda person: person,
        one=lambda _asked, _name: True,
        every=lambda _asked: EVERY,
    )


def ours() -> Evaluator:
    """Return our engine."""
    rule = Rule(
        id="half",
        serve="on",
        constraints=(
            Constraint(attribute="country", operator="IN", values=COUNTRIES),
            Constraint(attribute="email", operator="STR_ENDS_WITH", values=(DOMAIN,)),
        ),
        rollout=Rollout(percent=PERCENT),
    )
    static = (Flag(name=name, default="on") for name in STATIC)
    targeted = (Flag(name=name, rules=(rule,), default="off") for name in TARGETED)
    snapshot = compile_snapshot(Definitions(flags=(*static, *targeted)))
    evaluate, evaluate_all = snapshot.evaluate, snapshot.evaluate_all
    return Evaluator(
        name="Bonafide",
        ask=lambda person: Context(attributes_of(person, TARGETING_KEY), NOW),
        one=lambda context, name: evaluate(name, context).value,
        every=lambda context: evaluate_all(context, EVERY),
    )


def attributes_of(person: Person, key: str) -> dict[str, str]:
    """Return a person as most libraries want it."""
    return {key: person.id, "country": person.country, "email": person.email}


def growthbook() -> Evaluator:
    """Return GrowthBook: an instance for each person, as for each request."""
    library: Any = importlib.import_module("growthbook")
    rule = {
        "condition": {
            "country": {"$in": list(COUNTRIES)},
            "email": {"$regex": DOMAIN.replace(".", r"\.") + "$"},
        },
        "coverage": PERCENT / 100,
        "hashAttribute": "id",
        "force": True,
    }
    features: dict[str, Any] = {name: {"defaultValue": True} for name in STATIC}
    for name in TARGETED:
        features[name] = {"defaultValue": False, "rules": [rule]}
    return Evaluator(
        name="growthbook 4.0.0",
        ask=lambda person: library.GrowthBook(
            attributes=attributes_of(person, "id"), features=features
        ),
        one=lambda instance, name: instance.is_on(name),
        every=lambda instance: [instance.is_on(name) for name in EVERY],
    )


def flagd() -> Evaluator:
    """Return flagd's evaluator in Python."""
    core: Any = importlib.import_module("openfeature.contrib.tools.flagd.core")
    contexts: Any = importlib.import_module("openfeature.evaluation_context")
    conditions = [
        {"in": [{"var": "country"}, list(COUNTRIES)]},
        {"ends_with": [{"var": "email"}, DOMAIN]},
    ]
    fractional = {"fractional": [["on", PERCENT], ["off", 100 - PERCENT]]}
    targeting = {"if": [{"and": conditions}, fractional, "off"]}
    both = {"state": "ENABLED", "variants": {"on": True, "off": False}}
    flags: dict[str, Any] = {name: {**both, "defaultVariant": "on"} for name in STATIC}
    for name in TARGETED:
        flags[name] = {**both, "defaultVariant": "off", "targeting": targeting}
    evaluator = core.FlagdCore()
    evaluator.set_flags({"flags": flags})
    resolve = evaluator.resolve_boolean_value
    return Evaluator(
        name="openfeature-flagd-core 2.0.0",
        ask=lambda person: contexts.EvaluationContext(
            person.id, {"country": person.country, "email": person.email}
        ),
        one=lambda context, name: resolve(name, False, context).value,  # noqa: FBT003 - the library's order
        every=lambda context: [resolve(name, False, context) for name in EVERY],  # noqa: FBT003 - the same
    )


def unleash() -> Evaluator:
    """Return Unleash's client, which evaluates in Rust, without a server."""
    library: Any = importlib.import_module("UnleashClient")
    caches: Any = importlib.import_module("UnleashClient.cache")
    folder = tempfile.mkdtemp(prefix="bonafide-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    cache = caches.FileCache("benchmark", directory=folder)
    cache.bootstrap_from_dict(unleash_state())
    client = library.UnleashClient(
        "http://127.0.0.1:9",
        "benchmark",
        cache=cache,
        disable_metrics=True,
        disable_registration=True,
    )
    client.initialize_client(fetch_toggles=False)
    return Evaluator(
        name="UnleashClient 6.9.1",
        ask=lambda person: {
            "userId": person.id,
            "properties": {"country": person.country, "email": person.email},
        },
        one=lambda context, name: client.is_enabled(name, context),
        every=lambda context: [client.is_enabled(name, context) for name in EVERY],
    )


def unleash_state() -> dict[str, Any]:
    """Return the flags as Unleash's server would send them."""
    constraints = [
        {"contextName": "country", "operator": "IN", "values": list(COUNTRIES)},
        {"contextName": "email", "operator": "STR_ENDS_WITH", "values": [DOMAIN]},
    ]
    parameters = {"rollout": str(PERCENT), "stickiness": "userId"}
    half = {
        "name": "flexibleRollout",
        "parameters": parameters,
        "constraints": constraints,
    }
    features = [
        {"name": name, "enabled": True, "strategies": [strategy]}
        for names, strategy in ((STATIC, {"name": "default"}), (TARGETED, half))
        for name in names
    ]
    return {"version": 2, "features": features}


def flagsmith() -> Evaluator:
    """Return Flagsmith's engine, which always evaluates all flags."""
    library: Any = importlib.import_module("flag_engine.engine")
    conditions = [
        {"property": "country", "operator": "IN", "value": ",".join(COUNTRIES)},
        {
            "property": "email",
            "operator": "REGEX",
            "value": ".*" + DOMAIN.replace(".", r"\.") + "$",
        },
        {"property": "", "operator": "PERCENTAGE_SPLIT", "value": str(PERCENT)},
    ]
    features = {
        name: {"key": name, "name": name, "enabled": name in STATIC, "value": None}
        for name in EVERY
    }
    # A segment for each flag, as others have a rule for each.
    segments = {
        name: {
            "key": name,
            "name": name,
            "rules": [{"type": "ALL", "conditions": conditions}],
            "overrides": [{**features[name], "enabled": True}],
        }
        for name in TARGETED
    }
    environment = {"key": "benchmark", "name": "benchmark"}

    def ask(person: Person) -> dict[str, Any]:
        traits = {"country": person.country, "email": person.email}
        identity = {"identifier": person.id, "key": person.id, "traits": traits}
        return {
            "environment": environment,
            "identity": identity,
            "features": features,
            "segments": segments,
        }

    def every(context: dict[str, Any]) -> list[Any]:
        return list(library.get_evaluation_result(context)["flags"].values())

    return Evaluator(
        name="flagsmith-flag-engine 11.1.1", ask=ask, one=None, every=every
    )


def installed(makers: tuple[Callable[[], Evaluator], ...]) -> Iterator[Evaluator]:
    """Yield the evaluators whose library is there, and name the others."""
    for make in makers:
        try:
            yield make()
        except ModuleNotFoundError as error:
            print(f"{make.__name__} is left out: {error}")


def folder_of(root: Path) -> Path:
    """Return where `make bench` installs the libraries."""
    return root / "build" / "flags-peers"
