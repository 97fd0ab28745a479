"""Lists of addresses: stored, looked up in the process, loaded by a command."""

from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from common.errors import ConflictError, InvalidInputError, NotFoundError
from detection.engine.requests.addresses import AddressClass, NamedRange, read_address
from detection.management.commands import load_networks
from detection.models import NetworkList
from detection.selectors.networks import address_book, network_lists
from detection.services import networks as services

from .lists import load

pytestmark = pytest.mark.django_db


def class_of(text: str) -> AddressClass | None:
    """Return the class of an address, after the lists were looked at anew."""
    address_book.forget()
    address = read_address(text)
    assert address
    return address_book().class_of(address)


def run(*args: object) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("load_networks", *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


def named(name: str = "tor", source: str = "Test") -> tuple[str, ...]:
    """Return the options that name a list and its terms."""
    return (f"--class={name}", f"--source={source}", "--licence=CC0")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A small list, as people write them."""
    path = tmp_path / "exits.txt"
    path.write_text(
        "\ufeff# exits\n192.0.2.0/25\n192.0.2.128 - 192.0.2.255\r\n\n"
        "2001:db8::/32 ; all"
    )
    return path


def test_stored_ranges_are_looked_up() -> None:
    """Both versions, from two sources of one class."""
    load("tor", "192.0.2.0/24", "2001:db8::/32")
    load("tor", "198.51.100.7", source="another")
    found = ["192.0.2.255", "2001:db8::1", "198.51.100.7"]
    assert {class_of(text) for text in found} == {AddressClass.TOR}
    others = ["192.0.3.0", "2001:db9::", "198.51.100.8"]
    assert {class_of(text) for text in others} == {None}


def test_the_relay_in_the_data_centre_is_a_relay() -> None:
    """Private Relay leaves by the networks of clouds, and is nobody's fraud."""
    load("datacenter", "192.0.2.0/24")
    load("relay", "192.0.2.64/26")
    assert class_of("192.0.2.1") is AddressClass.DATACENTER
    assert class_of("192.0.2.65") is AddressClass.RELAY


def test_nothing_loaded_is_nothing_known() -> None:
    """No list is shipped."""
    assert address_book().lists == frozenset()


def test_warm_look_ups_ask_the_database_nothing() -> None:
    """And cold ones ask twice."""
    load("tor", "192.0.2.0/24")
    address_book.forget()
    with CaptureQueriesContext(connection) as cold:
        address_book()
    with CaptureQueriesContext(connection) as warm:
        address_book()
    assert (len(cold), len(warm)) == (2, 0)


def test_change_of_a_list_is_another_version() -> None:
    """So that processes notice it."""
    load("tor", "192.0.2.0/24")
    before = address_book._version()
    services.remove_list(address_class="tor", source="a test")
    load("tor", "192.0.2.0/24")
    assert address_book._version() != before


@pytest.mark.parametrize(
    "wrong",
    [
        {"address_class": "spies"},
        {"source": " "},
        {"source": "x" * 201},
        {"licence": ""},
        {"ranges": []},
    ],
)
def test_incomplete_lists_are_refused(wrong: dict[str, Any]) -> None:
    """Each list says whose it is and under which terms."""
    right = {
        "address_class": "tor",
        "source": "Test",
        "licence": "CC0",
        "ranges": [NamedRange(4, 1, 2)],
    }
    with pytest.raises(InvalidInputError):
        services.store_list(**{**right, **wrong})
    assert not NetworkList.objects.exists()


def test_too_many_ranges_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value of the database stays of a size that it can be read at."""
    monkeypatch.setattr(services, "MOST_RANGES", 1)
    with pytest.raises(InvalidInputError, match="between 1 and 1"):
        load("tor", "192.0.2.1", "192.0.2.3")


def test_list_is_replaced_only_on_request() -> None:
    """Loading the wrong file twice must not lose the right one."""
    load("tor", "192.0.2.0/24")
    with pytest.raises(ConflictError):
        load("tor", "198.51.100.0/24")
    assert class_of("192.0.2.1") is AddressClass.TOR


def test_the_database_knows_the_rules() -> None:
    """One list of a class per source, and no unknown class."""
    load("tor", "192.0.2.0/24")
    row = NetworkList.objects.get()
    for change in ({}, {"address_class": "spies"}):
        values = {
            name: getattr(row, name)
            for name in ("address_class", "source", "licence", "range_count", "ipv4")
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            NetworkList.objects.create(**{**values, "ipv6": b"", **change})


def test_what_is_not_there_cannot_be_removed() -> None:
    """It says so."""
    with pytest.raises(NotFoundError):
        services.remove_list(address_class="tor", source="nobody")


def test_overview_leaves_the_ranges_where_they_are() -> None:
    """Megabytes that nobody asked for."""
    load("tor", "192.0.2.0/24")
    row = network_lists().get()
    assert row.get_deferred_fields() == {"ipv4", "ipv6"}
    assert str(row) == "tor: a test"


def test_files_are_loaded_as_one_list(listed: Path, tmp_path: Path) -> None:
    """With a mark at the start, comments and the ends of lines of Windows."""
    more = tmp_path / "more.txt"
    more.write_text("198.51.100.0/24,GB,GB-ENG,London,\n")
    printed = run(listed, more, *named())
    assert printed == "4 ranges were loaded, 3 after merging.\n"
    assert class_of("192.0.2.200") is AddressClass.TOR
    assert class_of("198.51.100.1") is AddressClass.TOR


def test_input_can_be_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list comes straight from the program that fetched it."""
    monkeypatch.setattr("sys.stdin", StringIO("192.0.2.0/24\n"))
    run("-", *named())
    assert class_of("192.0.2.1") is AddressClass.TOR


def test_dry_run_changes_nothing(listed: Path) -> None:
    """It reads and counts."""
    assert run(listed, *named(), "--dry-run") == "3 ranges could be loaded.\n"
    load("tor", "192.0.2.0/24", source="Test")
    removed = run("--remove", *named()[:2], "--dry-run")
    assert removed == "1 lists would be removed.\n"
    assert NetworkList.objects.count() == 1


def test_list_is_replaced_and_removed(listed: Path) -> None:
    """And what is loaded can be seen."""
    run(listed, *named())
    with pytest.raises(CommandError, match="already"):
        run(listed, *named())
    listed.write_text("203.0.113.0/24")
    run(listed, *named(), "--replace")
    assert class_of("192.0.2.1") is None
    assert run("--list").split("\t")[:3] == ["tor", "Test", "1"]
    assert run("--remove", *named()[:2]) == "The list was removed.\n"
    assert run("--list") == ""
    with pytest.raises(CommandError, match="no such list"):
        run("--remove", *named()[:2])


def test_broken_lines_load_nothing(listed: Path) -> None:
    """Each is named with file, number and reason, and the old list stays."""
    run(listed, *named())
    listed.write_text("198.51.100.0/24\nexample.com\n192.0.2.1/24\n")
    with pytest.raises(CommandError) as caught:
        run(listed, *named(), "--replace")
    first, *others = str(caught.value).splitlines()
    assert first == "Nothing was loaded."
    assert [line.partition(": ")[0] for line in others] == [
        f"{listed}:2",
        f"{listed}:3",
    ]
    assert class_of("192.0.2.1") is AddressClass.TOR
    assert class_of("198.51.100.1") is None


def test_many_broken_lines_are_summed_up(listed: Path) -> None:
    """A page of HTML instead of a list does not fill the terminal."""
    listed.write_text("<p>\n" * 500)
    with pytest.raises(CommandError, match="480 lines more") as caught:
        run(listed, *named())
    assert len(str(caught.value).splitlines()) == 22


def test_long_files_show_progress(
    listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone is waiting."""
    monkeypatch.setattr(load_networks, "LINES_A_NOTICE", 2)
    errors = StringIO()
    call_command(
        "load_networks", str(listed), *named(), stdout=StringIO(), stderr=errors
    )
    assert errors.getvalue().splitlines() == [
        f"{listed}: {n} lines read" for n in (2, 4)
    ]


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ((), "which list"),
        (("--class=tor",), "which list"),
        (("--class=tor", "--source=Test"), "terms"),
        (named(), "at least one file"),
        (("nowhere.txt", *named()), "cannot be read: No such file"),
        (("--remove",), "which list"),
        (("--class=spies",), "invalid choice"),
        (("--list", "--remove"), "not allowed with"),
    ],
)
def test_mistakes_at_the_terminal_are_answered(
    args: tuple[str, ...], reason: str
) -> None:
    """With what is missing."""
    with pytest.raises(CommandError, match=reason):
        run(*args)


def test_other_files_are_refused(tmp_path: Path) -> None:
    """A packed file is no list."""
    path = tmp_path / "list.gz"
    path.write_bytes(b"\x1f\x8b\x08\xff\xff")
    with pytest.raises(CommandError, match="no text"):
        run(path, *named())


def test_a_hundred_thousand_ranges_are_one_row(tmp_path: Path) -> None:
    """As many as the largest public lists hold, in either database."""
    start = int(ip_network("11.0.0.0/8")[0])
    lines = [str(ip_network((start + 64 * n, 27))) for n in range(100_000)]
    path = tmp_path / "long.txt"
    path.write_text("\n".join(lines))
    assert run(path, *named("datacenter")).startswith("100000 ranges were loaded")
    assert NetworkList.objects.get().range_count == 100_000
    assert class_of("11.0.0.31") is AddressClass.DATACENTER
    assert class_of("11.0.0.32") is None
