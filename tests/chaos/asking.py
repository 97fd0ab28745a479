"""A process that asks for a flag all the time, and says what it heard, line by line.

python -m tests.chaos.asking FLAG        (ends with its standard input)
"""

import json
import sys
import threading
import time

import django

BETWEEN_S = 0.005


def ask(name: str) -> None:
    """Ask until nobody listens; each line is a version, a value and milliseconds."""
    from flags.facade import evaluate, facts  # noqa: PLC0415 - after `setup`

    over = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait_for_the_end).start()
    while not over.is_set():
        began = time.perf_counter()
        found = evaluate(name)
        took = (time.perf_counter() - began) * 1000
        heard = [found.version, found.value, facts()["source"], round(took, 3)]
        sys.stdout.write(json.dumps(heard) + "\n")
        sys.stdout.flush()
        time.sleep(BETWEEN_S)


if __name__ == "__main__":
    django.setup()
    ask(sys.argv[1])
