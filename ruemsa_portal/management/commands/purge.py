"""Delete what may not be kept any longer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from counseling.actions.upkeep import close_silent
from counseling.erasing import wipe_deleted
from ruemsa_portal.retention import RULES, purge


class Command(BaseCommand):
    """Apply every retention rule of today; meant to run once a day."""

    help = "Löscht, was nicht länger gespeichert werden darf, und sagt für jede Regel, wie viel es war."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to delete at all."""
        parser.add_argument("--dry-run", action="store_true", help="nur zählen, nichts löschen")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Print one line a rule."""
        on = timezone.localdate()
        verb = "zu löschen" if dry_run else "gelöscht"
        if not dry_run:
            number = close_silent(at=timezone.now())
            self.stdout.write(f"enquiries_silent: {number} geschlossen (Anfragen, in denen 90 Tage nichts geschah)")
        for rule in RULES:
            number = purge(rule, on=on, dry_run=dry_run)
            self.stdout.write(f"{rule.name}: {number} {verb} ({rule.text})")
        if not dry_run and not wipe_deleted():
            self.stderr.write(
                "Das Protokoll von SQLite ließ sich nicht leeren: Jemand liest gerade. Bitte noch einmal."
            )
