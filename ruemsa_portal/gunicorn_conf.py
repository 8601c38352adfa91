"""gunicorn behind nginx: ``gunicorn -c ruemsa_portal/gunicorn_conf.py ruemsa_portal.wsgi``."""

import gc
import os
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from ruemsa_portal.counters import begin_anew
from ruemsa_portal.logs import JsonFormatter

bind = os.environ.get("BIND", "127.0.0.1:8000")
# One process a core; more of them cost memory and bring no speed.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# nginx holds the slow visitors, so a worker needs no threads. They would share one core anyway.
worker_class = "sync"
# One socket for all: with a socket each, a reload would drop what waits on the socket of a worker that goes.
reuse_port = False
timeout = 30
graceful_timeout = 30
# No second log with addresses and query strings.
accesslog = None
errorlog = "-"


class JsonLogger(Logger):
    """gunicorn's own lines in the form of ours: it would quote whole addresses when something breaks."""

    def setup(self, cfg: Any) -> None:
        """Give the one log that is left our formatter."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())


logger_class = JsonLogger
# Who may say that a visitor came by HTTPS: nginx on this machine, or the one the containers name.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
# HUP has to load new code.
preload_app = False
# No control socket in the home folder.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Forget the figures of an earlier start; a reload keeps them."""
    begin_anew(Path("var/metrics"))


def post_worker_init(worker: Any) -> None:
    """Take the code out of what the garbage collector looks through: a pass cost 50 to 80 ms, in somebody's request."""
    gc.collect()
    gc.freeze()
