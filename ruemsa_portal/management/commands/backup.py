"""Copy the database while the portal runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ruemsa_portal.backups import BackupError, back_up, remove_old


class Command(BaseCommand):
    """Meant to run once a day; where the copies go from there is the operator's choice."""

    help = "Sichert die Datenbank im laufenden Betrieb und löscht Sicherungen, die älter als 30 Tage sind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("folder", nargs="?", default=settings.BACKUP_DIR, help="Ordner (sonst BACKUP_DIR)")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        """Print the name of the copy."""
        if not folder:
            raise CommandError("Bitte einen Ordner nennen oder BACKUP_DIR setzen.")
        at = timezone.now()
        try:
            path = back_up(Path(folder), at=at)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        old = remove_old(Path(folder), at=at)
        self.stdout.write(f"{path} ({path.stat().st_size:,} Byte), {len(old)} alte gelöscht".replace(",", "."))
