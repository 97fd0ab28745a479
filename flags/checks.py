"""What is wrong with how code asks for flags."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from .registry import declared

_DOOR: Final = "flags.facade"
_ASKS: Final = "evaluate"


@register()
def check_declared(app_configs: Any, **_kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse code that asks for a flag by a name that nobody declared."""
    return [
        Error(
            f"{place} asks for the flag {name!r}, which is declared nowhere.",
            hint="declare() it beside the code that asks: docs/flags.md.",
            id="flags.E001",
        )
        for place, name in asked(_files())
        if name not in declared()
    ]


def asked(files: Iterator[Path]) -> Iterator[tuple[str, str]]:
    """Yield where code asks for which flag, by a name that stands there."""
    for path in files:
        text = path.read_text(encoding="utf-8")
        if _DOOR not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and _name(node.func) == _ASKS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{path.name}:{node.lineno}", first.value


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _files() -> Iterator[Path]:
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if folder.is_relative_to(settings.ROOT) and ".venv" not in folder.parts:
            yield from sorted(folder.rglob("*.py"))
