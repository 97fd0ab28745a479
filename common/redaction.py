"""What of an error, or of another library's words, may stand in a log.

Programs quote what they choke on: PostgreSQL the row, Python the text that is no
number, gunicorn the request. So quoted text, addresses and credentials go, whoever
wrote them; types, files, lines and names of constraints stay.
"""

import linecache
import re
import sqlite3
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

# What a value is replaced with.
LEFT_OUT: Final = "…"
# A sentence says what went wrong; a page holds what came in.
MOST_WORDS: Final = 300
# A recursion error has a thousand frames; the last ones tell.
MOST_FRAMES: Final = 40
# Errors that caused errors: more than three say nothing new.
MOST_CAUSES: Final = 4

# Packages whose errors are worded here, with values in quotes at most.
OURS: Final = frozenset(
    {
        *("accounts", "common", "config", "console", "detection", "experiments"),
        *("flags", "fraud", "integrations", "portal", "sessions_app"),
    }
)

_VALUES: Final = re.compile(
    r"""
      "(?:[^"\\]|\\.)*"?                               # what stands in quotes, or
    | (?<!\w)'(?:[^'\\]|\\.)*'?                        # in single ones (not: don't)
    | [\w.+-]+ @ [\w-]+ (?:\.[\w-]+)*                  # mail
    | \bbf_\w\w_[\w.:=-]*                              # keys and tokens of ours
    | \beyJ[\w-]+ (?:\.[\w-]+)*                        # tokens of members
    | (?i:\b(?:bearer|basic)\s+\S+)
    | \b\w+://\S+                                      # addresses, with passwords
    | (?<![\w.]) \d{1,3} (?:\.\d{1,3}){3} (?![\w.])    # IPv4
    | (?<![\w:]) [0-9a-fA-F]{0,4} (?::[0-9a-fA-F]{0,4}){3,7} (?![\w:])  # IPv6
    | \([^()=]*\)=\([^()]*\)                           # PostgreSQL: Key (a)=(b)
    """,
    re.VERBOSE,
)


def without_values(text: str) -> str:
    """Return the first line of a message without what it quotes.

    Examples
    --------
    >>> without_values("invalid literal for int() with base 10: 'Ada'")
    'invalid literal for int() with base 10: …'
    >>> without_values("Worker (pid:7) was sent SIGTERM!")
    'Worker (pid:7) was sent SIGTERM!'
    """
    return _VALUES.sub(LEFT_OUT, text.partition("\n")[0])[:MOST_WORDS]


def error_in_a_line(error: BaseException) -> str:
    """Return an error's type and what may be told of it."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    told = _of_database(error) or _of_system(error) or _of_ours(error)
    return f"{name}: {told}" if told else name


def place_of(error: BaseException) -> str:
    """Return where an error was raised, such as ``accounts/letters.py:68``."""
    last = deque(_steps(error.__traceback__), 1)
    if not last:
        return ""
    path = Path(last[0].tb_frame.f_code.co_filename)
    return f"{'/'.join(path.parts[-2:])}:{last[0].tb_lineno}"


def traceback_text(error: BaseException) -> str:
    """Return a traceback: where it happened and what kind it was, without values."""
    return "\n".join(
        line for one in _with_causes(error) for line in _lines(one)
    ).lstrip("\n")


def _lines(error: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    for trace in deque(_steps(error.__traceback__), MOST_FRAMES):
        code, line = trace.tb_frame.f_code, trace.tb_lineno
        yield f'  File "{code.co_filename}", line {line}, in {code.co_name}'
        # The program's own text; what its variables held is not in it.
        if text := linecache.getline(code.co_filename, line).strip():
            yield f"    {text}"
    yield error_in_a_line(error)


def _steps(trace: TracebackType | None) -> Iterator[TracebackType]:
    """Yield the frames; Celery's pool brings copies that `traceback` cannot read."""
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what caused an error, first cause first, then itself."""
    chain: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in chain and len(chain) < MOST_CAUSES:
        chain.append(step)
        hidden = None if step.__suppress_context__ else step.__context__
        step = step.__cause__ or hidden
    yield from reversed(chain)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # noqa: BLE001 - anybody's __str__ runs here
        return f"(its text raised {type(broken).__name__})"


def _of_system(error: BaseException) -> str:
    """Return the operating system's words, which name no file and no value."""
    return (isinstance(error, OSError) and error.strerror) or ""


def _of_ours(error: BaseException) -> str:
    """Return the words of an error of our own; anybody else's may hold anything."""
    package = type(error).__module__.partition(".")[0]
    return without_values(_text(error)) if package in OURS else ""


def _of_database(error: BaseException) -> str:
    """Return what PostgreSQL says beside its sentence, which may quote the row."""
    cause: Any = error if hasattr(error, "diag") else error.__cause__
    if isinstance(cause, sqlite3.Error):
        # It names columns and constraints, and no values.
        return without_values(_text(cause))
    diag: Any = getattr(cause, "diag", None)
    if diag is None or diag.sqlstate is None:
        return ""
    found = {
        "sqlstate": diag.sqlstate,
        "table": diag.table_name,
        "column": diag.column_name,
        "constraint": diag.constraint_name,
    }
    return " ".join(f"{name}={value}" for name, value in found.items() if value)
