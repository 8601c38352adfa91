"""Say what must be confirmed before going live."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from offers.launch import launch_findings


class Command(BaseCommand):
    """Thin: asks for the findings and prints them by topic."""

    help = "Nennt alles, was vor dem Start zu bestätigen ist. Endet mit 1, solange die Koordinierungsstelle Lücken hat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list; fail while a blocking point is open."""
        slug = settings.REGION.get("coordination_point", "")
        findings = launch_findings(coordination_slug=slug, on=timezone.localdate())
        for topic, group in groupby(
            sorted(findings, key=lambda found: not found.is_blocking), lambda found: found.topic
        ):
            points = list(group)
            self.stdout.write(f"{topic} ({len(points)})")
            for found in points:
                self.stdout.write(f"  {'!' if found.is_blocking else '-'} {found.text}")
        blocking = sum(found.is_blocking for found in findings)
        if blocking:
            raise CommandError(
                f"Noch nicht bereit: {blocking} Punkte bei der Koordinierungsstelle, {len(findings)} offene Punkte insgesamt."
            )
        self.stdout.write(
            f"Bereit: Die Koordinierungsstelle ist bestätigt. Offene Punkte, die den Start nicht verhindern: {len(findings)}."
        )
