"""gunicorn behind nginx: ``gunicorn -c ruemsa_portal/gunicorn_conf.py ruemsa_portal.wsgi``."""

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger
from gunicorn.systemd import sd_notify

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
# Loaded once, before there are workers: they share it. New code comes with USR2, never with HUP.
preload_app = True
# No control socket in the home folder.
control_socket_disable = True


# Processes that served before the workers of this master were ready: its first worker, and a master before it.
elders: list[int] = []


def on_starting(server: Any) -> None:
    """Forget the figures of an earlier start; a reload keeps them."""
    if not server.master_pid:
        begin_anew(Path("var/metrics"))


def pre_fork(server: Any, worker: Any) -> None:
    """Load what all workers share: before the second one at a start, which lets the first one serve at once.

    At a reload before the first one: others still serve, and go on when pages break (HaltServer).
    """
    if worker.age == (1 if server.master_pid else min(2, server.num_workers)):
        elders[:] = [*server.WORKERS, *([server.master_pid] if server.master_pid else [])]
        module = sys.modules[server.app.app_uri.partition(":")[0]]
        if not getattr(module, "rehearse", lambda: True)() and server.master_pid:
            raise HaltServer("a page breaks; the version before goes on serving", 1)
        gc.collect()
        gc.freeze()
    else:
        elders[:] = [pid for pid in elders if pid in server.WORKERS or pid == server.master_pid]


def post_worker_init(worker: Any) -> None:
    """Take the code out of what the garbage collector looks through, and take over from those before.

    A pass over all cost 50 to 80 ms, in somebody's request. Whoever served before ends once it has
    answered; systemd hears which process it has to watch now.
    """
    gc.collect()
    gc.freeze()
    if elders:
        sd_notify(f"MAINPID={os.getppid()}\nSTATUS=Took over from {elders}", worker.log)
        for pid in elders:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
