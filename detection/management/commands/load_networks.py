"""Load lists of addresses by class: data centres, VPNs, Tor, relays and others."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import BonafideError
from detection.engine.requests.addresses import (
    AddressClass,
    BrokenRangeError,
    NamedRange,
    read_range,
)
from detection.selectors.networks import network_lists
from detection.services.networks import remove_list, store_list

# A terminal should say something every second or two.
LINES_A_NOTICE: Final = 100_000
# Enough to see what is wrong with a file.
MOST_ERRORS: Final = 20


class Command(BaseCommand):
    help = (
        "Load lists of networks of one class, one network, address or range"
        " (192.0.2.0 - 192.0.2.9) a line; # and ; begin comments, and a comma further"
        " columns. All files together are one list, named by its class and source."
        " Either all of it is loaded or nothing. Running servers know it half a minute"
        " later. No list is part of Bonafide; docs/networks.md says where some are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", metavar="FILE", help="a text file, or - for the input"
        )
        parser.add_argument(
            "--class",
            dest="address_class",
            choices=list(AddressClass),
            help="what kind of networks these are",
        )
        parser.add_argument(
            "--source", default="", metavar="NAME", help="whose list it is"
        )
        parser.add_argument(
            "--licence",
            default="",
            metavar="TEXT",
            help="under which terms you may use it; kept with the list",
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--replace",
            action="store_true",
            help="put it in the place of this source's list of this class",
        )
        what.add_argument(
            "--remove",
            action="store_true",
            help="remove this source's list of this class",
        )
        what.add_argument("--list", action="store_true", help="say what is loaded")
        parser.add_argument(
            "--dry-run", action="store_true", help="read and check, change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self._list()
            elif options["remove"]:
                self._remove(options)
            else:
                self._load(options)
        except BonafideError as error:
            raise CommandError(error.detail) from None

    def _list(self) -> None:
        """Print what is loaded, one list a line."""
        for one in network_lists():
            day = f"{one.created_at:%Y-%m-%d}"
            line = f"{one.address_class}\t{one.source}\t{one.range_count}\t{day}"
            self.stdout.write(f"{line}\t{one.licence}")

    def _remove(self, options: dict[str, Any]) -> None:
        """Remove one list."""
        named = _named(options)
        if options["dry_run"]:
            there = network_lists().filter(**named)
            self.stdout.write(f"{there.count()} lists would be removed.")
            return
        remove_list(**named)
        self.stdout.write("The list was removed.")

    def _load(self, options: dict[str, Any]) -> None:
        """Read the files, and store what they hold."""
        named = _named(options)
        if not options["licence"]:
            message = "Say under which terms you may use the list: --licence TEXT."
            raise CommandError(message)
        if not options["files"]:
            message = "Name at least one file, or - for the input."
            raise CommandError(message)
        ranges = self._read(options["files"])
        if options["dry_run"]:
            self.stdout.write(f"{len(ranges)} ranges could be loaded.")
            return
        made = store_list(
            **named,
            licence=options["licence"],
            ranges=ranges,
            replace=options["replace"],
        )
        self.stdout.write(
            f"{len(ranges)} ranges were loaded, {made.range_count} after merging."
        )

    def _read(self, names: Sequence[str]) -> list[NamedRange]:
        """Return every file's ranges, or say what is wrong with which lines."""
        ranges: list[NamedRange] = []
        wrong: list[str] = []
        for name in names:
            for number, line in enumerate(_lines(name), start=1):
                if number % LINES_A_NOTICE == 0:
                    self.stderr.write(f"{name}: {number} lines read")
                try:
                    found = read_range(line)
                except BrokenRangeError as error:
                    wrong.append(f"{name}:{number}: {error}.")
                    continue
                if found:
                    ranges.append(found)
        if wrong:
            shown = wrong[:MOST_ERRORS]
            if len(wrong) > MOST_ERRORS:
                shown.append(f"… and {len(wrong) - MOST_ERRORS} lines more.")
            raise CommandError("\n".join(["Nothing was loaded.", *shown]))
        return ranges


def _named(options: dict[str, Any]) -> dict[str, str]:
    """Return what a list is known by."""
    named = {name: options[name] or "" for name in ("address_class", "source")}
    if not all(named.values()):
        message = "Say which list you mean: --class CLASS --source NAME."
        raise CommandError(message)
    return named


def _lines(name: str) -> Iterator[str]:
    """Yield a file's lines.

    Raises
    ------
    CommandError
        It is missing, or no text.
    """
    try:
        if name == "-":
            yield from sys.stdin
            return
        with _opened(name) as file:
            yield from file
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror}."
        raise CommandError(message) from None
    except UnicodeDecodeError:
        message = f"{name} is no text in UTF-8."
        raise CommandError(message) from None


def _opened(name: str) -> TextIO:
    # Lists from Windows begin with a mark that is no part of the first line.
    return Path(name).open(encoding="utf-8-sig")
