"""Print the record of processing, or check that it is complete."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ruemsa_portal.processing import RECORD, missing


class Command(BaseCommand):
    """Art. 30 DSGVO, built from the models."""

    help = "Gibt das Verzeichnis der Verarbeitungen als Tabelle aus; --check prüft, dass kein Feld fehlt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether only to check."""
        parser.add_argument("--check", action="store_true", help="nur prüfen")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Print a Markdown table, or fail with what is missing."""
        if gaps := missing():
            raise CommandError("\n".join(gaps))
        if check:
            self.stdout.write("Vollständig.")
            return
        self.stdout.write("| Daten | Felder | Zweck | Empfänger | Frist |\n|---|---|---|---|---|")
        for entry in RECORD:
            cells = (entry.model, ", ".join(entry.fields), entry.purpose, entry.receiver, entry.period)
            self.stdout.write(f"| {' | '.join(cells)} |")
