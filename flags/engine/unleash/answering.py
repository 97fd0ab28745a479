"""Ask as Unleash's clients ask, and answer as they are answered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NotRequired, TypedDict

from ..definitions import CURRENT_TIME, Value
from ..evaluation import Context, Evaluation
from .conversion import HOSTNAME, SESSION_ID, USER_ID, attribute_of
from .variants import ENABLED, NAME, NO_VARIANT, PAYLOAD, PAYLOAD_TYPE

# What stands beside the properties.
_FIELDS: Final = (
    USER_ID,
    SESSION_ID,
    CURRENT_TIME,
    HOSTNAME,
    "environment",
    "appName",
    "remoteAddress",
)


class PayloadDocument(TypedDict):
    """What a variant carries."""

    type: str
    value: str


class VariantDocument(TypedDict):
    """A variant as Unleash's clients return it."""

    name: str
    enabled: bool
    feature_enabled: bool
    payload: NotRequired[PayloadDocument]


def context_from(
    asked: Mapping[str, Value], *, now: datetime, draw: str | None = None
) -> Context:
    """Return the context of a question in Unleash's words."""
    attributes: dict[str, Value] = {
        name: value
        for name, value in (asked.get("properties") or {}).items()
        if value is not None and name not in _FIELDS
    }
    for name in _FIELDS:
        if asked.get(name) is not None:
            attributes[attribute_of(name)] = asked[name]
    return Context(attributes, now, draw)


def is_enabled(evaluation: Evaluation) -> bool:
    """Say whether Unleash would call the feature enabled."""
    return bool(evaluation.metadata.get(ENABLED, evaluation.variant))


def variant_of(evaluation: Evaluation) -> VariantDocument:
    """Return which variant Unleash would say it is."""
    enabled = is_enabled(evaluation)
    if not evaluation.variant or ENABLED in evaluation.metadata:
        return {"name": NO_VARIANT, "enabled": False, "feature_enabled": enabled}
    metadata = evaluation.metadata
    found: VariantDocument = {
        "name": str(metadata.get(NAME, evaluation.variant)),
        "enabled": True,
        "feature_enabled": enabled,
    }
    if PAYLOAD_TYPE in metadata:
        found["payload"] = {
            "type": str(metadata[PAYLOAD_TYPE]),
            "value": str(metadata[PAYLOAD]),
        }
    return found
