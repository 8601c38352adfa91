"""Change the keys for enquiries."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.app_keys import UnreadableKeyError
from accounts.keys import KeyMissingError
from accounts.second_factor import seal_anew
from counseling.actions.upkeep import drop_unused_keys, renew_keys, rewrap_keys
from counseling.encryption import UnreadableError
from counseling.erasing import wipe_deleted


class Command(BaseCommand):
    """Wrap the agencies' keys and seal the second factors with the first master key; on demand encrypt all texts anew."""

    help = (
        "Verpackt die Schlüssel der Stellen und die zweiten Faktoren mit dem ersten Hauptschlüssel. "
        "Mit --texts wird alles neu verschlüsselt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether the texts need new keys as well."""
        parser.add_argument("--texts", action="store_true", help="neue Schlüssel für alle Stellen und alle Texte")

    def handle(self, *args: Any, texts: bool, **options: Any) -> None:
        """Do it and say how much it was; may be run again at any time."""
        try:
            self.stdout.write(f"Neu verpackt: {rewrap_keys()}")
            self.stdout.write(f"Zweite Faktoren neu verschlüsselt: {seal_anew()}")
            if texts:
                agencies, number = renew_keys(at=timezone.now())
                self.stdout.write(f"Neue Schlüssel: {agencies}, neu verschlüsselt: {number}")
        except UnreadableKeyError as error:
            raise CommandError(
                "Ein zweiter Faktor öffnet sich mit keinem Schlüssel; alle blieben, wie sie waren. "
                "Den alten Schlüssel zurückholen oder den zweiten Faktor der Person zurücksetzen: docs/operations/keys.md"
            ) from error
        except (KeyMissingError, UnreadableError) as error:
            raise CommandError(f"{error} Es wurde nichts verändert, was sich nicht öffnen ließ.") from error
        self.stdout.write(f"Gelöscht: {drop_unused_keys()} alte Schlüssel")
        wipe_deleted()
