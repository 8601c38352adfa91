"""Put a copy of the database back and make it ready for visitors."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from counseling.sealing import unusable_keys
from directory.actions import raise_content_version
from ruemsa_portal.backups import BackupError, back_up
from ruemsa_portal.restoring import RestoreError, holds_data, look_into, put_back


class Command(BaseCommand):
    """Stop the services before. What is there now is copied first, beside the copy that is put back."""

    help = "Spielt eine Sicherung zurück: alles, was jetzt in der Datenbank steht, wird dadurch ersetzt."
    # Some of them ask the database, which may be the very thing that is broken.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which copy, and that it is meant."""
        parser.add_argument("file", type=Path, help="die Sicherung: portal-….sqlite3 oder portal-….dump")
        parser.add_argument("--yes", action="store_true", help="ja, alles ersetzen")
        parser.add_argument(
            "--no-copy", action="store_true", help="den jetzigen Stand nicht vorher sichern, etwa weil er kaputt ist"
        )

    def handle(self, *args: Any, file: Path, yes: bool, no_copy: bool, **options: Any) -> None:
        """Print each step."""
        try:
            look_into(file)
            if not yes:
                raise CommandError(f"{file.name} ist in Ordnung. Mit --yes ersetzt sie die Datenbank.")
            if not no_copy and holds_data():
                folder = Path(settings.BACKUP_DIR or file.resolve().parent)
                self.stdout.write(f"jetziger Stand gesichert: {back_up(folder, at=timezone.now())}")
            put_back(file)
        except (RestoreError, BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"zurückgespielt: {file}")
        self.make_ready()

    def make_ready(self) -> None:
        """Bring the old rows up to the program of today, and end what should not come back with them."""
        call_command("migrate", verbosity=0, stdout=self.stdout)
        with transaction.atomic():
            # A login that was ended since must not be open again.
            Session.objects.all().delete()
            raise_content_version()
        call_command("rebuild_search", stdout=self.stdout)
        # The copy holds what was deleted since.
        call_command("purge", stdout=self.stdout, stderr=self.stderr)
        wrong = unusable_keys()
        for why, number in wrong.items():
            self.stderr.write(f"{number} Schlüssel von Stellen öffnen sich nicht: {why} → docs/operations/keys.md")
        if wrong:
            raise CommandError("Die Daten sind da, aber Anfragen lassen sich noch nicht lesen.")
        self.stdout.write("fertig. Jetzt die Dienste starten und manage.py doctor ausführen.")
