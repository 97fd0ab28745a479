"""What an experiment shows, and what to do: `analyse(design, figures)` is the entry.

figures     what was counted, as the analysis takes it
comparing   treatments against the control, on every day at once
looking     how sure one may be on each day
health      whether it can be believed at all
deciding    ship, roll back, keep running, or broken
report      all of it together
"""

from ..deciding import Verdict
from ..figures import Figure, Figures
from .health import Health
from .report import Bounds, Measured, Outcome, Report, analyse
from .segments import Segment, by_segment

__all__ = [
    "Bounds",
    "Figure",
    "Figures",
    "Health",
    "Measured",
    "Outcome",
    "Report",
    "Segment",
    "Verdict",
    "analyse",
    "by_segment",
]
