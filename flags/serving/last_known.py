"""The last content that was good, in a file, for a start while everything is away."""

import os
import tempfile
from pathlib import Path
from uuid import UUID

import structlog

from .content import Content, UnusableError, decode, encode

log = structlog.get_logger(__name__)


class LastKnown:
    """A folder with a file for each owner; a file is whole or not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, owner: UUID) -> Content | None:
        """Return what was known last; None if nothing is, or it was damaged."""
        try:
            path = self._path(owner)
            if path.stat().st_uid != os.getuid():
                log.warning("flags.file_of_another_user")
                return None
            return decode(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, UnusableError) as error:
            log.warning("flags.file_unusable", error=type(error).__name__)
            return None

    def write(self, owner: UUID, content: Content) -> None:
        """Keep what is newer than what is kept; a full disk is no reason to fail."""
        known = self.read(owner)
        if known is not None and known.version >= content.version:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(encode(content))
                Path(name).replace(self._path(owner))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            log.warning("flags.file_not_written", error=type(error).__name__)

    def _path(self, owner: UUID) -> Path:
        return self._folder / f"{owner}.flags"
