"""Build the search index anew."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from directory.index.writing import rebuild

STEP_SECONDS = 1.0  # so that a long run says something now and then, and a short one little


class Command(BaseCommand):
    """Thin: calls the rebuild and says how far it is."""

    help = (
        "Bringt das Suchverzeichnis auf den Stand der Inhalte, im laufenden Betrieb. Ein zweiter Lauf schreibt nichts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--force", action="store_true", help="alle Einträge neu schreiben, auch die unveränderten")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        """Rebuild and print what was done."""
        self.last = monotonic()
        self.is_quiet = options["verbosity"] == 0
        done = rebuild(self._say, force=force)
        if not self.is_quiet:
            self.stdout.write(
                f"Fertig: {done.written} Einträge geschrieben, {done.removed} entfernt, {done.unchanged} gleich."
            )

    def _say(self, step: str, done: int, total: int) -> None:
        """Print a line of progress, at most one a second and always the last of a step."""
        if self.is_quiet or (monotonic() - self.last < STEP_SECONDS and done != total):
            return
        self.last = monotonic()
        self.stdout.write(f"{step}: {done} von {total}" if total else f"{step}: {done}")
        self.stdout.flush()
