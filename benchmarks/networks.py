"""Measure how the look-up of an address grows with the number of ranges.

Looks up the same addresses in lists of 1,000, 10,000 and 100,000 networks: by our
merged segments, by one after the other through `ipaddress` (what a plain list would
cost), and, where it is installed, by `pytricia`, a radix tree written in C, as the
ceiling (`pip install pytricia`; its licence is LGPL, and nothing of ours needs it).
A flat column is what is wanted; `ratio` is 100,000 against 1,000 ranges.
"""

import importlib
import importlib.util
import random
import sys
import time
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, ip_address
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 10_000, 100_000)
LOOK_UPS = 20_000
# A scan of 100,000 networks takes some 30 ms.
SCANS = 40
ROUNDS = 9

LookUp = Callable[[str], Any]


def main() -> None:
    """Measure all of them and print a table."""
    sys.path.insert(0, str(ROOT))
    chance = random.Random(7)  # noqa: S311 - a repeatable load
    addresses = [str(ip_address(chance.getrandbits(32))) for _ in range(LOOK_UPS)]
    print("microseconds a look-up, by number of ranges")
    print("            " + "".join(f"{size:>12,}" for size in SIZES) + "       ratio")
    report("segments", build_segments, addresses)
    if importlib.util.find_spec("pytricia"):
        report("pytricia", build_tree, addresses)
    else:
        print("pytricia     is not installed")
    report("scan", build_scan, addresses[:SCANS])


def networks(size: int) -> list[IPv4Network]:
    """Return networks of /20 to /30, none of which touches another."""
    chance = random.Random(size)  # noqa: S311 - a repeatable load
    step = 2**32 // size
    bits = step.bit_length() - 1
    found = []
    for number in range(size):
        prefix = max(32 - bits + 1, chance.randint(20, 30))
        start = number * step
        start += -start % 2 ** (32 - prefix)
        found.append(IPv4Network((start, prefix)))
    return found


def report(name: str, build: Callable[[int], LookUp], addresses: Sequence[str]) -> None:
    """Print one line of the table."""
    times = [measured(build(size), addresses) for size in SIZES]
    columns = "".join(f"{micros:12.2f}" for micros in times)
    print(f"{name:12}{columns}{times[-1] / times[0]:12.1f}")


def measured(look_up: LookUp, addresses: Sequence[str]) -> float:
    """Return the microseconds of a look-up in the round that was disturbed least."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for address in addresses:
            look_up(address)
        rounds.append((time.perf_counter() - start) / len(addresses))
    return 1e6 * min(rounds)


def build_segments(size: int) -> LookUp:
    """Return our own look-up, the reading of the address included."""
    from detection.engine.requests.addresses import (  # noqa: PLC0415 - the path is set now
        AddressBook,
        AddressClass,
        read_address,
    )

    ranges = [(int(one[0]), int(one[-1])) for one in networks(size)]
    book = AddressBook({AddressClass.DATACENTER: {4: ranges}})

    def look_up(text: str) -> object:
        address = read_address(text)
        return address and book.class_of(address)

    return look_up


def build_tree(size: int) -> LookUp:
    """Return the look-up of a radix tree."""
    tree: Any = importlib.import_module("pytricia").PyTricia()
    for one in networks(size):
        tree[str(one)] = "datacenter"
    get: LookUp = tree.get
    return get


def build_scan(size: int) -> LookUp:
    """Return a search through one network after the other."""
    found = networks(size)

    def look_up(text: str) -> object:
        address = ip_address(text)
        return any(address in one for one in found)

    return look_up


if __name__ == "__main__":
    main()
