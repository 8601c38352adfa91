"""Ask owners whether their records are still right."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from directory.freshness.asking import remind


class Command(BaseCommand):
    """Meant to run once a day; running it again changes nothing."""

    help = "Fragt Stellen, ob ihre Angaben noch stimmen, erinnert, und verbirgt, was zu lange niemand bestätigt hat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to do it at all."""
        parser.add_argument("--dry-run", action="store_true", help="nur sagen, was geschehen würde")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Print how many questions reached which stage and how many mails that makes."""
        at = timezone.now()
        with transaction.atomic():
            run = remind(on=timezone.localdate(at), at=at)
            transaction.set_rollback(dry_run)
        stages = ", ".join(f"{stage}: {number}" for stage, number in sorted(run.questions.items())) or "keine"
        self.stdout.write(f"{'Probelauf. ' if dry_run else ''}Fragen: {stages}. Mails: {run.mails.total()}.")
        if run.nobody_to_ask:
            self.stdout.write(f"Ohne Postfach, auch nicht bei der Koordination: {run.nobody_to_ask} Einträge.")
