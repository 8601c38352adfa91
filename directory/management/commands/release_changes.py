"""Release what was approved for today, and give up what everybody forgot."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from directory.editorial.releasing import give_up_forgotten, release_due


class Command(BaseCommand):
    """Run it once a day, soon after midnight. Can be run again and again."""

    help = "Veröffentlicht Änderungen, die für heute freigegeben sind. Verwirft, was 90 Tage niemand angefasst hat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Release, give up, print how many."""
        now = timezone.now()
        done, again = release_due(on=timezone.localdate(now), at=now)
        forgotten = give_up_forgotten(at=now)
        self.stdout.write(f"{done} veröffentlicht, {again} zurück in die Prüfung, {forgotten} verworfen.")
