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
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment] # a field of that name


PROBLEMS: Final = {
    (code, "application/problem+json"): OpenApiResponse(Problem, description)
    for code, description in (
        (400, "What was sent cannot be accepted; `errors` says where and why."),
        (401, "No valid key or token."),
        (403, "The key or token may not do this."),
        (404, "Not there, or another organization's."),
        (409, "The session is over, or the seq was used for other events."),
        (413, "Too large."),
        (415, "Not JSON in UTF-8, or packed with something else than gzip."),
        (429, "Too many requests; `Retry-After` says when to come back."),
        (503, "Try again; `Retry-After` says when."),
    )
}
