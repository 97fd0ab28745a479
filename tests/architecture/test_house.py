"""The rules of the house that no linter knows."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from rest_framework.views import APIView

from common.api.permissions import NobodyYet

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_FILE = 400
ENGINES = {
    "detection": {"msgspec", "numpy", "scipy"},
    "sessions_app": {"msgspec", "numpy", "scipy"},
}
# A clock, a coin, the outside world.
IMPURE = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.monotonic",
    "time.perf_counter",
    "os.environ",
    "os.getenv",
    "uuid.uuid4",
    "uuid.uuid1",
}
IMPURE_NAMES = {"open", "print", "input", "uuid4", "uuid7", "perf_counter"}
IMPURE_MODULES = {"random", "secrets", "socket", "subprocess", "urllib", "http", "os"}


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
    """Return every file of every engine."""
    return sorted(p for app in ENGINES for p in (ROOT / app / "engine").rglob("*.py"))


def impurities(path: Path, allowed: set[str]) -> Iterator[str]:
    """Yield what an engine's file may not hold."""
    for node in ast.walk(ast.parse(path.read_text())):
        for name in imported(node):
            if name in IMPURE_MODULES or name not in sys.stdlib_module_names | allowed:
                yield f"imports {name}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            dotted = f"{node.value.id}.{node.attr}"
            if dotted in IMPURE:
                yield f"uses {dotted}"
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in IMPURE_NAMES:
            yield f"uses {called.id}"


def imported(node: ast.AST) -> list[str]:
    """Return the packages that a statement imports, its own left out."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [str(node.module).partition(".")[0]]
    return []


@pytest.mark.parametrize("path", engine_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_engine_is_pure(path: Path) -> None:
    """An engine has no clock, no coin, no files, and no foreign import."""
    app = path.relative_to(ROOT).parts[0]
    assert list(impurities(path, ENGINES[app])) == []


def test_impurity_is_noticed(tmp_path: Path) -> None:
    """The test above can fail."""
    path = tmp_path / "impure.py"
    path.write_text("import time, django\nt = time.time()\nopen('x')\n")
    found = set(impurities(path, set()))
    assert found == {"imports django", "uses time.time", "uses open"}


def test_no_file_is_longer_than_400_lines() -> None:
    """A file that grows past the limit is split by subject."""
    files = tracked("*.py", "*.ts", "*.html", "*.js", "*.css", ":!sdk/browser/dist/*")
    assert len(files) > 50
    long = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in files}
    assert {name: n for name, n in long.items() if n > LONGEST_FILE} == {}


def api_views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Any]:
    """Yield every address of the API with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from api_views(entry, address)
        elif address.startswith("api/v1/"):
            yield address, getattr(entry.callback, "view_class", entry.callback)


@pytest.mark.parametrize(("address", "view"), list(api_views()))
def test_api_view_names_permission_and_throttle(address: str, view: type) -> None:
    """A view that names neither is a mistake, not a default."""
    assert issubclass(view, APIView)
    own = vars(view)
    if "permission_classes" not in own:
        assert "get_permissions" in own, address
    else:
        assert NobodyYet not in own["permission_classes"]
        assert own["permission_classes"]
    assert own.get("throttle_classes"), address


@pytest.mark.parametrize(("address", "view"), list(api_views()))
def test_api_methods_are_short(address: str, view: type) -> None:
    """A view reads input, calls, and answers, in under 20 lines."""
    for name in ("get", "post", "patch", "put", "delete"):
        if name in vars(view):
            body = inspect.getsource(vars(view)[name]).splitlines()
            code = [ln for ln in body if not ln.strip().startswith(("@", ")", '"""'))]
            assert len(code) <= 30, f"{address} {name}"


def test_requirements_name_no_index() -> None:
    """Pinned files hold hashes, and no address of anybody's mirror."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--index|--find-links|--trusted-host", text)


def test_no_tenant_table_without_organization() -> None:
    """Each table of ours that holds an organization's rows names it."""
    from django.apps import apps  # noqa: PLC0415 - apps are ready by now

    installation = {"Organization", "User", "OutboxRow"}
    ours = [
        model
        for label in ("accounts", "common", "detection", "sessions_app")
        for model in apps.get_app_config(label).get_models()
        if model.__name__ not in installation
    ]
    assert len(ours) > 5
    without = [m.__name__ for m in ours if not hasattr(m, "organization_id")]
    assert without == []
