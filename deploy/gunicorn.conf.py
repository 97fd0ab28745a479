"""How gunicorn serves the application in a container."""  # noqa: INP001 - no module, gunicorn reads it

import logging.config
import os
from typing import Any

from gunicorn.glogging import Logger

from common.logging import logging_settings
from common.metrics import processes

# Before anything counts: who counts first decides where.
processes.choose_folder()


def on_starting(server: Any) -> None:
    """Begin at nothing: Prometheus knows what a restart is."""
    processes.clear()


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker counted that is gone, and not its files."""
    processes.bury(worker.pid)


def on_exit(server: Any) -> None:
    """Leave no folder behind."""
    processes.remove()


class OneFormat(Logger):  # type: ignore[misc] # gunicorn publishes no types
    """Gunicorn's own words among the application's: lines of JSON.

    Its settings could say so as well (`logconfig_dict`), and would then log each
    request, with addresses and queries.
    """

    def setup(self, cfg: Any) -> None:
        """Send what it says to where everything goes."""
        super().setup(cfg)
        level = os.environ.get("LOG_LEVEL") or "INFO"
        logging.config.dictConfig(logging_settings(json=True, level=level))


logger_class = OneFormat
bind = "0.0.0.0:8000"

# Measured on two cores at 50 events a request: 2 x 4 serves 1,338 requests a second,
# 2 threads 1,100, 8 threads 1,280, a third process 1,380. More cores take more.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)

# Workers prove that they live by touching a file; on a disk that can block.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn makes an unlinked file there  # nosec B108

# The slowest answer is a report, far below this. What is under way when a stop comes
# gets the same time, and compose waits longer (stop_grace_period).
timeout = 30
graceful_timeout = 30

# Longer than proxies keep theirs (nginx 60 s), or they send into a closing connection
# and answer 502.
keepalive = 75

# A slow leak never becomes an outage; not all workers at once.
max_requests = 20_000
max_requests_jitter = 2_000

# The application logs what was refused or failed, by route and without addresses.
accesslog = None
errorlog = "-"

# It would lie in the home folder, which does not exist and could not be written.
control_socket_disable = True
