"""Run all examples and the completeness sweep, and print the figures."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counseling.actions.rules import report_on
from counseling.models import RuleSet
from counseling.rule_check import CheckReport, check_content
from counseling.rule_files import RuleFileError, read_content


class Command(BaseCommand):
    """Thin: finds the rules, calls the check, prints the report."""

    help = "Prüft Regeln: alle Beispiele, alle Fälle, alle Texte. Endet mit 1, wenn etwas nicht stimmt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which rules, and for which day."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--rule-set", type=int, help="Nummer des Regelwerks (ohne: das von heute)")
        which.add_argument("--path", type=Path, help="Regionsordner oder Datei statt der Datenbank")
        parser.add_argument("--on", type=date.fromisoformat, help="Tag der Prüfung, zum Beispiel 2027-01-01")

    def handle(self, *args: Any, rule_set: int | None, path: Path | None, on: date | None, **options: Any) -> None:
        """Check and print; exit code 1 on problems."""
        day = on or timezone.localdate()
        report = self._check_path(path, day) if path else self._check_set(rule_set, day)
        self._print(report)
        if not report.passed:
            raise CommandError(f"{len(report.problems)} Probleme.", returncode=1)

    def _check_path(self, path: Path, on: date) -> CheckReport:
        try:
            content = read_content(path)
        except RuleFileError as error:
            raise CommandError(f"{error}\n{len(error.problems)} Fehler.") from None
        # A region folder names its offers itself; a single file says nothing about them.
        offers = {file.stem for file in (path / "offers").glob("*.toml")} or None
        return check_content(content.rules, content.scenarios, on, known_offers=offers)

    def _check_set(self, number: int | None, on: date) -> CheckReport:
        sets = RuleSet.objects
        found = sets.in_force(on=on) if number is None else sets.filter(number=number).first()
        if found is None:
            raise CommandError("Dieses Regelwerk gibt es nicht. Gibt es schon Regeln? manage.py load_rules")
        self.stdout.write(str(found))
        return report_on(rule_set=found, on=on)

    def _print(self, report: CheckReport) -> None:
        for problem in report.problems:
            self.stdout.write(f"Problem: {problem}")
        for hint in report.hints:
            self.stdout.write(f"Hinweis: {hint}")
        self.stdout.write(f"Tag: {report.on:%d.%m.%Y}")
        self.stdout.write(f"Regeln: {report.rules}")
        self.stdout.write(f"Beispiele: {report.scenarios}")
        self.stdout.write(f"Fälle im Durchlauf: {report.cases}")
        self.stdout.write(f"Wege: {report.paths}")
        median = f"{report.questions_median:g}".replace(".", ",")
        self.stdout.write(f"Fragen je Weg: Median {median}, höchstens {report.questions_max}")
        self.stdout.write(f"Sekunden: {report.seconds:.1f}".replace(".", ","))
        self.stdout.write(f"Probleme: {len(report.problems)}, Hinweise: {len(report.hints)}")
