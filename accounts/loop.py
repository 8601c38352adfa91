"""A command as a service: the same pass again and again until somebody ends it."""

import logging
import signal
from collections.abc import Callable
from threading import Event

from django.db import Error, close_old_connections

logger = logging.getLogger(__name__)


def again_and_again(one_pass: Callable[[Event], object], *, pause: float) -> None:
    """Call ``one_pass`` with a pause of so many seconds after each, until SIGTERM or SIGINT.

    The pass under way is finished first; a long one may look at the event it gets. A database that does not
    answer is waited for: the next pass asks again.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_received: stop.set())
    while not stop.is_set():
        # After a pause the database may have been restarted.
        close_old_connections()
        try:
            one_pass(stop)
        except Error as error:
            logger.error("database does not answer: %s", type(error).__name__)
        stop.wait(pause)
