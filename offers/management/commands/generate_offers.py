"""Make many example offers, to see how the portal feels when it is full."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from offers.generated import MissingRegionError, generate_offers, remove_generated_offers

MAX_NUMBER = 100_000


class Command(BaseCommand):
    """Thin: reads the number and calls the generator."""

    help = "Füllt mit erzeugten Beispielangeboten auf N auf (Kurzname gen-…), oder nimmt sie mit --remove wieder weg."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many there shall be."""
        parser.add_argument(
            "number", type=int, nargs="?", default=0, metavar="N", help="so viele sollen es danach sein"
        )
        parser.add_argument("--remove", action="store_true", help="alle erzeugten Angebote löschen")

    def handle(self, *args: Any, number: int, remove: bool, **options: Any) -> None:
        """Remove or top up; both can be run again and again."""
        if remove:
            self.stdout.write(f"{remove_generated_offers()} erzeugte Angebote gelöscht.")
            return
        if not 0 < number <= MAX_NUMBER:
            raise CommandError(f"N muss zwischen 1 und {MAX_NUMBER} liegen.")
        try:
            created = generate_offers(number, on=timezone.localdate())
        except MissingRegionError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{created} Angebote erzeugt; jetzt sind es mindestens {number}.")
