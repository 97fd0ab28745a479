"""Where the programs are that tests need, and their installation on Debian."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from .processes import ServiceError

# The oldest PostgreSQL that Django 5.2 works with.
POSTGRES_MAJOR: Final = 14

# The oldest Node.js that the browser client's build runs on.
NODE_MAJOR: Final = 18

# Debian and Red Hat keep PostgreSQL's servers out of PATH, Homebrew as well.
POSTGRES_PLACES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)

CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_PLACES: Final = (
    "/usr/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

CHROMEDRIVER_PLACES: Final = ("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver")

# Where distributions keep the service that screen readers ask.
AT_SPI_PLACES: Final = (
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
)

VERSION_LIMIT_S: Final = 10

# Chromium is 100 MB and more; a mirror can be slow.
APT_LIMIT_S: Final = 900

# Asked by Debian's package scripts before they start a server. 101 means no.
POLICY: Final = Path("/usr/sbin/policy-rc.d")
POLICY_TEXT: Final = "#!/bin/sh\n# For the time of one installation.\nexit 101\n"


@dataclass(frozen=True, slots=True)
class Program:
    """Something to be found on the machine, or else installed."""

    name: str
    find: Callable[[], Path | None]
    packages: tuple[str, ...]
    advice: str

    def obtain(self) -> Path:
        """Return where it is; as root on Debian install it if it is nowhere.

        Raises
        ------
        ServiceError
            It is not there and cannot be installed; says what to install.
        """
        found = self.find()
        if not found and _can_install():
            install(*self.packages)
            found = self.find()
        if not found:
            message = f"{self.name} was not found: {self.advice}"
            raise ServiceError(message)
        return found


def find_postgres() -> Path | None:
    """Return the folder with the newest PostgreSQL server's programs."""
    in_path = shutil.which("initdb")
    # A link may stand alone in PATH; the other programs are beside its target.
    folders = [Path(in_path).resolve().parent] if in_path else []
    for place in POSTGRES_PLACES:
        folders += Path("/").glob(place.lstrip("/"))
    programs = {"initdb", "postgres", "psql"}
    whole = [at for at in folders if all((at / name).exists() for name in programs)]
    newest = max(whole, key=lambda at: major_version(at / "postgres"), default=None)
    if newest and major_version(newest / "postgres") >= POSTGRES_MAJOR:
        return newest
    return None


def find_redis() -> Path | None:
    """Return the server's program, Redis or Valkey, which is its twin."""
    return _which("redis-server", "valkey-server")


def find_pgbouncer() -> Path | None:
    """Return the pooler's program; Debian keeps it where only root's PATH leads."""
    return _which("pgbouncer", "/usr/sbin/pgbouncer")


def find_chromium() -> Path | None:
    """Return a Chromium or Chrome; ``BONAFIDE_CHROMIUM`` has the first word.

    Raises
    ------
    ServiceError
        The variable names a program that is not there.
    """
    if wanted := os.environ.get("BONAFIDE_CHROMIUM"):
        if not os.access(wanted, os.X_OK):
            message = f"BONAFIDE_CHROMIUM names {wanted}, which is no program."
            raise ServiceError(message)
        return Path(wanted)
    places = (Path(place) for place in CHROMIUM_PLACES)
    at_place = next((at for at in places if os.access(at, os.X_OK)), None)
    return at_place or _which(*CHROMIUM_NAMES)


def find_chromedriver() -> Path | None:
    """Return what Selenium drives Chromium by; Debian keeps a second one inside."""
    return _which("chromedriver", *CHROMEDRIVER_PLACES)


def find_xvfb() -> Path | None:
    """Return the X server without a monitor."""
    return _which("Xvfb")


def find_xdotool() -> Path | None:
    """Return what moves an X server's pointer and presses its keys."""
    return _which("xdotool")


def find_bus() -> Path | None:
    """Return the message bus of a desktop, if its accessibility service is there."""
    bus = _which("dbus-daemon")
    return bus if bus and any(Path(place).exists() for place in AT_SPI_PLACES) else None


def find_node() -> Path | None:
    """Return a Node.js that is new enough, if npm is there as well."""
    node = _which("node", "nodejs")
    if node and _which("npm") and major_version(node) >= NODE_MAJOR:
        return node
    return None


def major_version(program: Path) -> int:
    """Return the first number that ``--version`` prints, 0 if there is none."""
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=VERSION_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    number = re.search(r"\d+", done.stdout)
    return int(number[0]) if number else 0


def install(*packages: str) -> None:
    """Install Debian packages without a question and without starting servers.

    Raises
    ------
    ServiceError
        The package manager failed; ends with its last words.
    """
    print(f"installing {' '.join(packages)} …", file=sys.stderr)  # noqa: T201
    with _servers_stay_off():
        _update_lists()
        _apt_get("install", "-y", "--no-install-recommends", *packages)


POSTGRES: Final = Program(
    "PostgreSQL",
    find_postgres,
    ("postgresql",),
    f"install its server, version {POSTGRES_MAJOR} or later "
    "(Debian: postgresql; Homebrew: postgresql@17), or set DATABASE_URL.",
)
REDIS: Final = Program(
    "Redis",
    find_redis,
    ("redis-server",),
    "install it (Debian: redis-server; Homebrew: redis), or set REDIS_URL.",
)
PGBOUNCER: Final = Program(
    "PgBouncer",
    find_pgbouncer,
    ("pgbouncer",),
    "install it (Debian and Homebrew: pgbouncer).",
)
CHROMIUM: Final = Program(
    "Chromium",
    find_chromium,
    ("chromium",),
    "install it (Debian: chromium), or set BONAFIDE_CHROMIUM to a Chrome.",
)
CHROMEDRIVER: Final = Program(
    "ChromeDriver",
    find_chromedriver,
    ("chromium-driver",),
    "install the one of your Chromium's version (Debian: chromium-driver; "
    "Homebrew: chromedriver).",
)
XVFB: Final = Program(
    "Xvfb", find_xvfb, ("xvfb",), "install it (Debian: xvfb; Homebrew: xquartz)."
)
XDOTOOL: Final = Program(
    "xdotool", find_xdotool, ("xdotool",), "install it (Debian and Homebrew: xdotool)."
)
ACCESSIBILITY: Final = Program(
    "Accessibility bus",
    find_bus,
    ("dbus-daemon", "at-spi2-core"),
    "install it (Debian: dbus-daemon at-spi2-core).",
)
NODE: Final = Program(
    "Node.js",
    find_node,
    ("nodejs", "npm"),
    f"install version {NODE_MAJOR} or later with npm (Debian: nodejs npm).",
)


def _which(*names: str) -> Path | None:
    found = (shutil.which(name) for name in names)
    return next((Path(at) for at in found if at), None)


def _can_install() -> bool:
    return os.geteuid() == 0 and _which("apt-get", "dpkg") is not None


@cache
def _update_lists() -> None:
    _apt_get("update")


def _apt_get(*arguments: str) -> None:
    """Run apt-get; another one may be running, so it may wait for the lock."""
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments]
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=APT_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"apt-get {arguments[0]} took longer than {APT_LIMIT_S} s."
        raise ServiceError(message) from error
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-20:])
        message = f"apt-get {arguments[0]} failed:\n{last}"
        raise ServiceError(message)


@contextmanager
def _servers_stay_off() -> Iterator[None]:
    """Keep Debian from starting what it installs: it would outlive the tests."""
    # One with our text is left from a run that was killed.
    ours = not POLICY.exists() or POLICY.read_text() == POLICY_TEXT
    if ours:
        POLICY.write_text(POLICY_TEXT)
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)
