"""What every operation of the OpenAPI document shares."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class FieldProblem(serializers.Serializer[Any]):
    """One thing wrong in what was sent."""

    pointer = serializers.CharField(help_text="JSON pointer (RFC 6901).")
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs; never changes.")
    detail = serializers.CharField()
    request_id = serializers.CharField(
        required=False, help_text="From 500 on: what to ask about."
    )
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment] # a field of that name


PROBLEMS: Final = {
    (code, "application/problem+json"): OpenApiResponse(Problem, description)
    for code, description in (
        (400, "What was sent cannot be accepted; `errors` says where and why."),
        (401, "No valid key or token."),
        (403, "The key or token may not do this."),
        (404, "Not there, or another organization's."),
        (405, "No such method here; `Allow` names those there are."),
        (409, "It does not go with the state that things are in."),
        (411, "A body without a length."),
        (412, "It was changed since; `version` says to what."),
        (413, "Too large."),
        (415, "Not JSON in UTF-8, or packed with something else than gzip."),
        (422, "The Idempotency-Key was used for another request."),
        (428, "Say which version the change is based on."),
        (429, "Too many requests; `Retry-After` says when to come back."),
        (500, "Our mistake; `request_id` is what to tell us."),
        (503, "Try again; `Retry-After` says when."),
    )
}


# Where each of them comes from: docs/http.md.
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-ID": {
        "description": "Names this request; our log has it as well.",
        "schema": {"type": "string"},
    },
    "RateLimit-Limit": {
        "description": "Requests in a window, by the tightest limit that applied.",
        "schema": {"type": "integer"},
    },
    "RateLimit-Remaining": {
        "description": "Requests that may be sent at once.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Reset": {
        "description": "Seconds until the whole limit is there again.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Policy": {
        "description": "The limit and its window in seconds.",
        "schema": {"type": "string", "examples": ["6000;w=60"]},
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "Idempotency-Replayed": {
        "description": "`true`: this is the answer that the key got the first time.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
_ALWAYS: Final = ("X-Request-ID",)
_COUNTED: Final = (
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "RateLimit-Policy",
)
# Refused before anything was counted, or by somebody who counts nothing.
_UNCOUNTED: Final = frozenset({"401", "403", "405", "411", "500"})
_WAITING: Final = frozenset({"429", "503"})
_REPEATED: Final = "Idempotency-Key"
_MATCHED: Final = "If-Match"
# What only requests with a body, or with a key, can be told.
_OF_BODIES: Final = frozenset({"411", "413", "415"})
_OF_KEYS: Final = frozenset({"422"})
_OF_VERSIONS: Final = frozenset({"412", "428"})


def finish(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Say of each answer what its headers tell, and of each body what it may hold."""
    result["components"]["headers"] = _HEADERS
    for name, schema in result["components"]["schemas"].items():
        # `common.api.serializers.Strict` refuses what it does not know.
        if name.endswith("Request"):
            schema["additionalProperties"] = False
    for operations in result["paths"].values():
        for operation in operations.values():
            _describe(operation)
    return result


def _describe(operation: dict[str, Any]) -> None:
    parameters = operation.get("parameters", ())
    is_repeated = any(one["name"] == _REPEATED for one in parameters)
    impossible = set() if "requestBody" in operation else set(_OF_BODIES)
    impossible |= set() if is_repeated else _OF_KEYS
    is_matched = any(one["name"] == _MATCHED for one in parameters)
    impossible |= set() if is_matched else _OF_VERSIONS
    responses = operation["responses"]
    for status in impossible & set(responses):
        del responses[status]
    for status, response in responses.items():
        names = [*_ALWAYS]
        names += () if status in _UNCOUNTED else _COUNTED
        names += ["Retry-After"] if status in _WAITING else ()
        names += ["Idempotency-Replayed"] if is_repeated and status == "201" else ()
        response["headers"] = {
            name: {"$ref": f"#/components/headers/{name}"} for name in names
        }
