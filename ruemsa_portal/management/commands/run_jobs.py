"""Run what is due by itself: mails, releases, purge, links, reminders."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.jobs import run_due
from accounts.loop import again_and_again
from ruemsa_portal.jobs import JOBS

PAUSE_SECONDS = 20


class Command(BaseCommand):
    """Once for a timer, or for ever as a service; several at a time never do the same job twice."""

    help = "Führt aus, was fällig ist. Mit --loop als Dienst; er endet nach dem laufenden Auftrag."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once or for ever."""
        parser.add_argument("--loop", action="store_true", help="immer wieder, bis jemand den Dienst beendet")

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        """Print the names of the jobs that ran."""
        if loop:
            again_and_again(lambda stop: self._one_pass(), pause=PAUSE_SECONDS)
        else:
            self._one_pass()

    def _one_pass(self) -> None:
        for name in run_due(JOBS, at=timezone.now()):
            self.stdout.write(name)
