"""Write rules and examples of a set into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counseling.models import RuleSet
from counseling.rule_files import content_of, export_text


class Command(BaseCommand):
    """Thin: finds the set and writes the file."""

    help = "Schreibt Regeln und Beispiele in eine JSON-Datei; load_rules --as-draft liest sie wieder ein."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which set and where to."""
        parser.add_argument("file", type=Path, help="Zieldatei, zum Beispiel regeln.json")
        parser.add_argument("--rule-set", type=int, help="Nummer des Regelwerks (ohne: das von heute)")

    def handle(self, *args: Any, file: Path, rule_set: int | None, **options: Any) -> None:
        """Write the file."""
        if file.suffix != ".json":
            raise CommandError("Die Zieldatei muss auf .json enden.")
        if rule_set is None:
            found = RuleSet.objects.in_force(on=timezone.localdate())
        else:
            found = RuleSet.objects.filter(number=rule_set).first()
        if found is None:
            raise CommandError("Dieses Regelwerk gibt es nicht.")
        content = content_of(found)
        file.write_text(export_text(content), encoding="utf-8")
        self.stdout.write(f"{found}: {len(content.rules)} Regeln, {len(content.scenarios)} Beispiele in {file}")
