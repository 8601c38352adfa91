"""Load the rules of responsibility and their examples."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counseling.actions.rule_import import LoadResult, load_draft, load_first
from counseling.rule_files import RuleFileError, read_content

SENTENCES = {
    "leer": "Keine Regeln gefunden.",
    "neu": "Regelwerk 1 ist neu und in Kraft.",
    "gleich": "Regelwerk {number} ist schon auf diesem Stand.",
    "geändert": "Regelwerk {number} ist auf dem neuen Stand.",
    "übersprungen": "Regelwerk {number} bleibt, wie es ist: Es gibt Änderungen von Hand. Mit --as-draft wird ein Entwurf daraus.",
    "Entwurf": "Regelwerk {number} ist ein neuer Entwurf.",
}


class Command(BaseCommand):
    """Thin: reads options, calls the action, prints what changed."""

    help = "Lädt Regeln und Beispiele aus einem Regionsordner oder einer Datei (TOML, JSON)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One path and two switches."""
        parser.add_argument("path", type=Path, help="Regionsordner oder Datei von export_rules")
        parser.add_argument(
            "--as-draft", action="store_true", help="als neuen Entwurf laden, nie als geltendes Regelwerk"
        )
        parser.add_argument("--dry-run", action="store_true", help="nur zeigen, was sich ändern würde")

    def handle(self, *args: Any, path: Path, as_draft: bool, dry_run: bool, **options: Any) -> None:
        """Load, or show what loading would do."""
        try:
            content = read_content(path)
            now = timezone.now()
            if as_draft:
                result = load_draft(content=content, at=now, note=f"Geladen aus {path.name}", dry_run=dry_run)
            else:
                result = load_first(content=content, at=now, dry_run=dry_run)
        except RuleFileError as error:
            raise CommandError(f"{error}\n{len(error.problems)} Fehler. Es wurde nichts geändert.") from None
        if options["verbosity"] > 0:
            self._print(result, dry_run=dry_run)

    def _print(self, result: LoadResult, *, dry_run: bool) -> None:
        for label, keys in (("neu", result.added), ("geändert", result.changed), ("entfällt", result.removed)):
            if keys and result.action != "neu":
                self.stdout.write(f"{label}: {', '.join(keys)}")
        if result.action == "neu":
            self.stdout.write(f"Regeln: {len(result.added)}")
        self.stdout.write(f"Beispiele: {result.scenarios}")
        sentence = SENTENCES[result.action].format(number=result.number)
        self.stdout.write(f"Probelauf, nichts geschrieben. {sentence}" if dry_run else sentence)
