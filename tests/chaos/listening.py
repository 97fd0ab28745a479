"""What processes that ask for a flag hear, while everything around them breaks."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.services.processes import wait_until

from .installation import ROOT, Installation

# Version, value, source, milliseconds.
Heard = tuple[int, Any, str, float]


class Listener:
    """A process of its own, which asks every few milliseconds."""

    def __init__(self, here: Installation, flag: str, folder: Path) -> None:
        self._where = here.environment | {"FLAGS_FOLDER": str(folder)}
        self._flag = flag
        self.heard: list[Heard] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.asking", self._flag],
            cwd=ROOT,
            env=self._where,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._thread.join(30)
        if self._process.stdout:
            self._process.stdout.close()
        self._process.wait(30)

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self.heard.append(tuple(json.loads(line)))

    @property
    def is_alive(self) -> bool:
        """Say whether it still asks."""
        return self._process.poll() is None

    def hears(self, wanted: Callable[[Heard], bool], limit_s: float) -> bool:
        """Say whether the last word is what is wanted, within a while."""
        return wait_until(
            lambda: bool(self.heard) and wanted(self.heard[-1]), limit_s=limit_s
        )

    def goes_on(self, more: int = 100) -> bool:
        """Say whether it hears so many more words."""
        goal = len(self.heard) + more
        return wait_until(lambda: len(self.heard) >= goal, limit_s=30)
