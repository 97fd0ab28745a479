"""How much processor time a server took, with all that it started.

On a machine that others use as well the time a request takes says who else was there;
the processor time it takes says what it costs.
"""

import os
from pathlib import Path
from typing import Final

TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")
# Of /proc/PID/stat, after the name in brackets: state, parent, …
PARENT, FIRST_TIME, TIMES = 1, 11, 4


def spent_s(*roots: int) -> float:
    """Return the seconds that these processes and their descendants took so far.

    Those that ended are in it too, as soon as their parents know.
    """
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            # It ended while we looked.
            continue
        number = int(folder.name)
        parents[number] = int(fields[PARENT])
        ticks[number] = sum(map(int, fields[FIRST_TIME : FIRST_TIME + TIMES]))
    return sum(ticks[one] for one in ticks if _is_under(one, roots, parents)) / (
        TICKS_A_SECOND
    )


def _is_under(one: int, roots: tuple[int, ...], parents: dict[int, int]) -> bool:
    while one in parents:
        if one in roots:
            return True
        one = parents[one]
    return False
