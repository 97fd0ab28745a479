"""A few made-up sessions for whoever has just started: nobody likes empty lists."""

import threading
from typing import Final

import structlog
from django.db import connections

from .calling import Address, Caller, RefusedError, StoppedError, UnreachableError
from .selectors import has_survey
from .sending import Crew, ensure_surveys
from .services import lent_key
from .simulation.kinds import plan
from .simulation.questionnaires import QUESTIONNAIRES

log = structlog.get_logger(__name__)

# Enough to see most kinds, and done within half a minute in the background.
SESSIONS: Final = 24
# Everyone gets to see the same.
SEED: Final = 1
# Leaves most of the process to whoever opens a page meanwhile.
PAUSE_S: Final = 0.02


class Seeding:
    """Sends a few made-up sessions to a server, once, from a thread of its own."""

    def __init__(self, address: str) -> None:
        self._address = Address.read(address)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="seeding", daemon=True)

    def start(self) -> None:
        """Begin, unless there are made-up surveys already."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the request that is under way."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            if not has_survey(QUESTIONNAIRES[0].name):
                self._seed()
        except (RefusedError, UnreachableError) as error:
            # The server works without; the operator may want to know why.
            log.warning("seeding.failed", reason=str(error))
        except StoppedError:
            log.info("seeding.stopped")
        finally:
            connections.close_all()

    def _seed(self) -> None:
        """Send them."""
        with lent_key("seeding") as key:
            caller = Caller(self._address, self._stop)
            surveys = ensure_surveys(caller, key, QUESTIONNAIRES)
            caller.close()
            visits = plan(SESSIONS, QUESTIONNAIRES, seed=SEED)
            crew = Crew(
                self._address, key, surveys, visits, pause_s=PAUSE_S, stop=self._stop
            )
            sent = sum(not one.problem for one in crew.work())
        log.info("seeding.done", sessions=sent)
