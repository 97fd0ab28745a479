"""Private folders of servers, and the removal of those left behind.

A folder is locked by its starter and by its server. The kernel drops the lock
when both are gone, however they went: an unlocked folder is a leftover. Process
numbers would not do, since the system uses them again.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from .processes import server_account

PREFIX: Final = "bonafide-services-"

# Under this name a folder waits for its lock, out of reach of `remove_leftovers`.
UNLOCKED_PREFIX: Final = "bonafide-unlocked-"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that only the server account and root can enter."""

    path: Path
    lock: int

    @classmethod
    def claim(cls) -> Self:
        """Make a new folder and lock it."""
        made = Path(tempfile.mkdtemp(prefix=UNLOCKED_PREFIX))
        if account := server_account():
            os.chown(made, account.uid, account.gid)
        lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = made.rename(
            made.with_name(made.name.replace(UNLOCKED_PREFIX, PREFIX, 1))
        )
        return cls(path, lock)

    @property
    def log(self) -> Path:
        """The file that everything running in the folder writes to."""
        return self.path / "log"

    def remove(self) -> None:
        """Delete the folder with all that is in it, and give up the lock."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.lock)


def remove_leftovers() -> list[Path]:
    """Remove the folders whose starter and server are gone; return them."""
    found = sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    return [path for path in found if _remove_if_unlocked(path)]


def _remove_if_unlocked(path: Path) -> bool:
    account = server_account()
    ours = {os.geteuid(), account.uid if account else os.geteuid()}
    # Gone in the meantime, somebody else's, or locked by a living server.
    with suppress(OSError):
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            # Anyone may use the name in a shared folder, even to fool root.
            if os.fstat(lock).st_uid in ours:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
                return True
        finally:
            os.close(lock)
    return False
