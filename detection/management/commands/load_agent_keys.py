"""Load the public keys that an agent signs its requests with (Web Bot Auth)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import BonafideError
from detection.selectors.agents import keys_of_agents
from detection.services.agents import read_directory, remove_keys, store_keys


class Command(BaseCommand):
    help = (
        "Load an agent's key directory, the JSON Web Key Set that it publishes at"
        " https://AGENT/.well-known/http-message-signatures-directory. Download it"
        " yourself: Bonafide asks nobody. The keys take the place of those that were"
        " loaded for this agent. Running servers know them half a minute later."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
        parser.add_argument(
            "--agent",
            default="",
            metavar="HOST",
            help="the host that its Signature-Agent header names",
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--remove", action="store_true", help="forget this agent's keys"
        )
        what.add_argument("--list", action="store_true", help="say what is loaded")
        what.add_argument(
            "--dry-run", action="store_true", help="read and check, change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["list"] and not options["agent"]:
            message = "Say whose keys you mean: --agent HOST."
            raise CommandError(message)
        try:
            if options["list"]:
                self._list()
            elif options["remove"]:
                count = remove_keys(agent=options["agent"])
                self.stdout.write(f"{count} keys were forgotten.")
            else:
                self._load(options)
        except BonafideError as error:
            raise CommandError(error.detail) from None

    def _list(self) -> None:
        """Print what is loaded, one key a line."""
        for key in keys_of_agents():
            end = f"{key.not_after:%Y-%m-%d}" if key.not_after else "no end"
            self.stdout.write(f"{key.agent}\t{key.thumbprint}\t{end}")

    def _load(self, options: dict[str, Any]) -> None:
        """Read a directory and store its keys."""
        if options["file"] is None:
            message = "Name the file that you downloaded."
            raise CommandError(message)
        found = read_directory(agent=options["agent"], text=_text(options["file"]))
        for reason in found.refused:
            self.stderr.write(f"{options['file']}: {reason}.")
        if options["dry_run"]:
            self.stdout.write(f"{len(found.usable)} keys could be loaded.")
            return
        self.stdout.write(f"{store_keys(keys=found.usable)} keys were loaded.")


def _text(path: Path) -> str:
    """Return a file's text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise CommandError(message) from None
    except UnicodeDecodeError:
        message = f"{path} is no text in UTF-8."
        raise CommandError(message) from None
