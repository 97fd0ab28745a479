"""A share that was measured, and where it should lie."""

from dataclasses import dataclass
from math import sqrt

# A share of 20,000 replicates that is right lies outside of this in 3 of 1,000 runs.
ERRORS = 3.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A share of replicates; `least` and `most` without the noise of measuring.

    Without either it is shown to compare with, and decides nothing.
    """

    what: str
    share: float
    replicates: int
    least: float | None = None
    most: float | None = None

    @property
    def margin(self) -> float:
        """Return how far noise alone takes it."""
        limits = [one for one in (self.least, self.most) if one is not None]
        # Around the limit that it is nearest to, if there is one.
        at = min(limits, key=lambda one: abs(one - self.share), default=self.share)
        return ERRORS * sqrt(max(at * (1 - at), 1e-6) / self.replicates)

    @property
    def is_fine(self) -> bool:
        """Say whether it is where it should be."""
        above = self.least is None or self.share >= self.least - self.margin
        return above and (self.most is None or self.share <= self.most + self.margin)

    def __str__(self) -> str:
        """Return a line of the table."""
        wanted = " to ".join(
            f"{one:.2%}" for one in (self.least, self.most) if one is not None
        )
        mark = "ok " if self.is_fine else "NOT"
        known = f"{mark} {wanted}" if wanted else ""
        return f"{self.what:64} {self.share:8.3%} ± {self.margin:.3%}  {known}"
