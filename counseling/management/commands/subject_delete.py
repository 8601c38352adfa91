"""Delete everything of a person, when they tell their code."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counseling.actions.bookings import delete_booking
from counseling.actions.enquiries import delete_enquiry
from counseling.actions.lookup import WrongCodeError
from counseling.actions.upkeep import find_for_subject
from counseling.erasing import wipe_deleted
from counseling.models import Booking


class Command(BaseCommand):
    """Delete the enquiry or the appointment of one code at once. Knowing the code is the proof."""

    help = "Löscht alles zu einem Code, sofort und ohne Grund. Ohne Argument wird der Code abgefragt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The code."""
        parser.add_argument("code", nargs="?", default="")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Delete it."""
        at = timezone.now()
        try:
            found = find_for_subject(typed=code or input("Code: "), at=at, deed="delete_on_request")
        except WrongCodeError as error:
            raise CommandError("Diesen Code gibt es nicht.") from error
        if isinstance(found, Booking):
            delete_booking(booking=found, at=at)
        else:
            delete_enquiry(enquiry=found, at=at)
        wipe_deleted()
        self.stdout.write(f"Gelöscht: {found.public_id}. In der Sicherung liegt der Text noch höchstens 30 Tage.")
