"""All that a flag can ever answer, made once: an evaluation only picks one of them."""

from collections.abc import Mapping

from .definitions import Flag, Variant
from .evaluation import ErrorCode, Evaluation, Reason
from .frozen import freeze


class Outcomes:
    """Makes the answers of one flag."""

    def __init__(self, flag: Flag) -> None:
        self._flag = flag
        self._variants: Mapping[str, Variant] = {v.name: v for v in flag.variants}
        self._values = {v.name: freeze(v.value) for v in flag.variants}
        self._metadata = {
            v.name: freeze({**flag.metadata, **v.metadata}) for v in flag.variants
        }

    def of(
        self,
        variant: str | None,
        reason: Reason,
        rule: str,
        error: ErrorCode | None = None,
    ) -> Evaluation:
        """Return the answer that serves a variant; None leaves it to the caller."""
        known = variant if variant in self._variants else None
        return Evaluation(
            flag=self._flag.name,
            value=None if known is None else self._values[known],
            variant=known or "",
            reason=reason,
            version=self._flag.version,
            rule=rule,
            error=error,
            metadata=freeze(self._flag.metadata)
            if known is None
            else self._metadata[known],
        )

    def failure(self, error: ErrorCode) -> Evaluation:
        """Return what holds when the flag cannot be evaluated: what is safe."""
        return self.of(self._flag.safe, "ERROR", "", error)
