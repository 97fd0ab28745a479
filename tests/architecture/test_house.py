"""The rules of the house that no linter knows."""

import ast
import inspect
import re
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from rest_framework.views import APIView

from accounts.api.permissions import ByTable, Open
from config.settings.tenancy import OUTSIDE

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_FILE = 400
APPS = (
    "accounts",
    "common",
    "detection",
    "experiments",
    "flags",
    "fraud",
    "integrations",
)
# What an engine may use beside itself: nothing here has a clock, a coin or a file.
ALLOWED = {
    "bisect",
    "collections",
    "dataclasses",
    "enum",
    "functools",
    "ipaddress",
    "itertools",
    "math",
    "msgspec",
    "operator",
    "re",
    "statistics",
    "typing",
    "zlib",
}
# What is for one engine (`tools-of-flags`) and is as pure; numbers are made of arrays,
# whose coin is among the calls below.
ALLOWED_TO = {"experiments": {"numpy", "scipy", "hashlib"}, "flags": {"mmh3", "re2"}}
# A moment is fine as a value; asking what time it is now is not.
ALLOWED_FROM = {"datetime": {"datetime", "timedelta"}}
IMPURE_CALLS = {"now", "utcnow", "today", "time", "open", "print", "input", "read_text"}
IMPURE_CALLS |= {"default_rng", "RandomState"}


def tracked(*patterns: str) -> list[Path]:
    """Return the project's own files."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).exists()]


def engine_files() -> list[Path]:
    """Return every file of every engine there is."""
    return sorted(ROOT.glob("*/engine/**/*.py"))


def impurities(path: Path, engine: Path) -> Iterator[str]:
    """Yield what an engine's file may not hold."""
    for node in ast.walk(ast.parse(path.read_text())):
        yield from foreign_imports(node, path, engine)
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            if name in IMPURE_CALLS:
                yield f"calls {name}"


def foreign_imports(node: ast.AST, path: Path, engine: Path) -> Iterator[str]:
    """Yield what a statement imports from outside the engine's world."""
    allowed = ALLOWED | ALLOWED_TO.get(engine.parent.name, set())
    if isinstance(node, ast.Import):
        yield from (
            f"imports {alias.name}"
            for alias in node.names
            if alias.name.partition(".")[0] not in allowed
        )
    if not isinstance(node, ast.ImportFrom):
        return
    if node.level:
        if engine not in [path.parents[node.level - 1], *path.parents[node.level :]]:
            yield f"leaves the engine by {node.level} dots"
        return
    module = str(node.module).partition(".")[0]
    names = {alias.name for alias in node.names}
    if module not in allowed and not names <= ALLOWED_FROM.get(module, set()):
        yield f"imports {module}"


@pytest.mark.parametrize("path", engine_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_engine_is_pure(path: Path) -> None:
    """An engine has no clock, no coin, no files, and no foreign import."""
    engine = ROOT / path.relative_to(ROOT).parts[0] / "engine"
    assert list(impurities(path, engine)) == []


@pytest.mark.parametrize(
    "line",
    [
        "from time import time",
        "import time, math",
        "import random",
        "import mmh3",
        "import numpy.random",
        "from pathlib import Path",
        "from datetime import date",
        "from ...common import ids",
        "from .. import models",
        "import django",
        "f = open('x')",
        "t = moment.now()",
        "text = path.read_text()",
        "coin = np.random.default_rng(1)",
    ],
)
def test_impurity_is_noticed(tmp_path: Path, line: str) -> None:
    """The test above can fail."""
    engine = tmp_path / "app" / "engine"
    engine.mkdir(parents=True)
    path = engine / "impure.py"
    path.write_text(line + "\n")
    assert len(list(impurities(path, engine))) == 1


def test_no_file_is_longer_than_400_lines() -> None:
    """A file that grows past the limit is split by subject."""
    files = tracked("*.py", "*.ts", "*.html", "*.js", "*.css", ":!sdk/browser/dist/*")
    assert len(files) > 50
    long = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in files}
    assert {name: n for name, n in long.items() if n > LONGEST_FILE} == {}


# Who signs in is nobody yet; whoever ends a token shows it.
OPEN_TO_ANYONE = {"auth/token", "auth/token/refresh", "auth/token/revoke"}


def api_views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Any]:
    """Yield every address of the API with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from api_views(entry, address)
        elif address.startswith(("api/v1/", "ofrep/v1/")):
            yield address, getattr(entry.callback, "view_class", entry.callback)


@pytest.mark.parametrize(("address", "view"), list(api_views()))
def test_api_view_names_permission_and_throttle(address: str, view: type) -> None:
    """A view that names neither is a mistake, not a default."""
    assert issubclass(view, APIView)
    own = vars(view)
    handlers = {name.upper() for name in view.http_method_names if name in own}
    assert handlers - {"OPTIONS"} == set(own["needs"]), address
    assert view.permission_classes == [ByTable], address
    assert own.get("throttle_classes"), address
    if Open.ANYONE in own["needs"].values():
        assert address.removeprefix("api/v1/") in OPEN_TO_ANYONE


@pytest.mark.parametrize(("address", "view"), list(api_views()))
def test_api_methods_are_short(address: str, view: type) -> None:
    """A view reads input, calls, and answers, in under 15 lines."""
    for name in ("get", "post", "patch", "put", "delete"):
        if name in vars(view):
            source = textwrap.dedent(inspect.getsource(vars(view)[name]))
            function = ast.parse(source).body[0]
            assert isinstance(function, ast.FunctionDef)
            # The docstring is the first statement.
            first, last = function.body[1], function.body[-1]
            lines = int(last.end_lineno or 0) - first.lineno + 1
            assert lines < 15, f"{address} {name}: {lines} lines"


def test_requirements_name_no_index() -> None:
    """Pinned files hold hashes, and no address of anybody's mirror."""
    names = ("requirements", "requirements-dev", "requirements-drivers")
    for name in (*names, "benchmarks/flags/requirements"):
        text = (ROOT / f"{name}.txt").read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--index|--find-links|--trusted-host", text)


def test_no_tenant_table_without_organization() -> None:
    """Each table of ours that holds an organization's rows names it."""
    from django.apps import apps  # noqa: PLC0415 - apps are ready by now

    ours = [
        model
        for label in (*APPS, "sessions_app")
        for model in apps.get_app_config(label).get_models()
        if model._meta.label not in {*OUTSIDE, "accounts.Organization"}
    ]
    assert len(ours) > 5
    without = [m.__name__ for m in ours if not hasattr(m, "organization_id")]
    assert without == []
