"""Load a region folder into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from offers.region.folder import unread_files
from offers.region.load import load_region
from offers.region.plan import Action, Plan
from offers.region.problems import RegionError

SHOWN_VANISHED = 50


class Command(BaseCommand):
    """Thin: reads options, calls the loader, prints its plan."""

    help = "Lädt einen Regionsordner (Orte, Stellen, Anlaufstellen, Angebote, Seiten) in die Datenbank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One folder and two switches."""
        parser.add_argument("path", type=Path, help="Regionsordner, zum Beispiel regions/<schlüssel>")
        parser.add_argument("--dry-run", action="store_true", help="nur zeigen, was sich ändern würde")
        parser.add_argument(
            "--overwrite", action="store_true", help="auch Einträge ersetzen, die von Hand geändert wurden"
        )

    def handle(self, *args: Any, path: Path, dry_run: bool, overwrite: bool, **options: Any) -> None:
        """Load, or show what loading would do."""
        if not path.is_dir():
            raise CommandError(f"Den Ordner {path} gibt es nicht.")
        try:
            plan = load_region(path, dry_run=dry_run, overwrite=overwrite)
        except RegionError as error:
            number = len(error.problems)
            raise CommandError(f"{error}\n{number} Fehler. Es wurde nichts geändert.") from None
        verbosity: int = options["verbosity"]
        self._print_changes(plan, with_created=dry_run or verbosity > 1)
        if verbosity > 0:
            for name in unread_files(path):
                self.stdout.write(f"Nicht geladen: {path / name} (kein Teil des Ladens; steht der Name richtig?)")
            self._print_summary(plan, dry_run=dry_run)

    def _print_changes(self, plan: Plan, *, with_created: bool) -> None:
        for change in plan.changes:
            if change.action is Action.UNCHANGED or (change.action is Action.CREATED and not with_created):
                continue
            reason = " (von Hand geändert; ersetzen mit --overwrite)" if change.action is Action.SKIPPED else ""
            self.stdout.write(f"{change.action}: {change.label}{reason}")
            for difference in change.differences:
                self.stdout.write(f"    {difference}")

    def _print_summary(self, plan: Plan, *, dry_run: bool) -> None:
        for model, counts in plan.by_model().items():
            numbers = ", ".join(f"{counts[action]} {action}" for action in Action if counts[action])
            self.stdout.write(f"{model._meta.verbose_name_plural}: {numbers}")
        for model, key in plan.vanished[:SHOWN_VANISHED]:
            self.stdout.write(f"Nicht mehr im Ordner (bleibt stehen): {model._meta.verbose_name} {' / '.join(key)}")
        if len(plan.vanished) > SHOWN_VANISHED:
            self.stdout.write(f"… und {len(plan.vanished) - SHOWN_VANISHED} weitere nicht mehr im Ordner")
        total = ", ".join(f"{plan.count(action)} {action}" for action in Action)
        self.stdout.write(f"{'Probelauf, nichts geschrieben' if dry_run else 'Fertig'}: {total}")
