"""Unleash's definitions as ours, and its questions and answers.

Decides as its client specification says (version 6.1.0; `benchmarks.unleash_cases`
runs its cases). Where the specification is silent and its clients differ, the answer is
"not enabled".
"""

from .answering import (
    PayloadDocument,
    VariantDocument,
    context_from,
    is_enabled,
    variant_of,
)
from .importing import Imported, import_state, import_unleash

__all__ = [
    "Imported",
    "PayloadDocument",
    "VariantDocument",
    "context_from",
    "import_state",
    "import_unleash",
    "is_enabled",
    "variant_of",
]
