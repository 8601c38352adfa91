"""Send the mails that wait in the outbox."""

from argparse import ArgumentParser
from collections import Counter
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.loop import again_and_again
from accounts.outbox import deliver_next, recover

PAUSE_SECONDS = 10


class Command(BaseCommand):
    """One pass for a timer, or ``--loop`` for a service; any number of them may run at the same time."""

    help = "Verschickt die wartenden Mails. Jede geht ein Mal hinaus oder ist als „vielleicht verschickt“ vermerkt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long to go on."""
        parser.add_argument("--loop", action="store_true", help="weiterlaufen, bis der Dienst beendet wird")
        parser.add_argument("--limit", type=int, default=500, help="höchstens so viele in einem Durchgang")

    def handle(self, *args: Any, loop: bool, limit: int, **options: Any) -> None:
        """Print how many rows came to which state; a service says nothing while nothing happens."""
        if loop:
            again_and_again(lambda stop: self._say_if_any(self._one_pass(limit, stop)), pause=PAUSE_SECONDS)
        else:
            self._say(self._one_pass(limit, Event()))

    def _one_pass(self, limit: int, stop: Event) -> Counter[str]:
        result: Counter[str] = Counter()
        if lost := recover(at=timezone.now()):
            result["recovered"] = lost
        for _number in range(limit):
            state = None if stop.is_set() else deliver_next(at=timezone.now())
            if state is None:
                break
            result[state] += 1
        return result

    def _say_if_any(self, result: Counter[str]) -> None:
        if result:
            self._say(result)

    def _say(self, result: Counter[str]) -> None:
        self.stdout.write(
            ", ".join(f"{state}: {number}" for state, number in sorted(result.items())) or "nichts zu tun"
        )
