"""Give a person everything that is stored, when they tell their code."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counseling import booking_data, stored_data
from counseling.actions.lookup import WrongCodeError
from counseling.actions.upkeep import find_for_subject
from counseling.models import Booking


class Command(BaseCommand):
    """Print the data of one code as JSON. Knowing the code is the proof."""

    help = (
        "Gibt alles zu einem Code als JSON aus. Ohne Argument wird der Code abgefragt, damit er in keiner Liste steht."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The code."""
        parser.add_argument("code", nargs="?", default="")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Print it."""
        try:
            found = find_for_subject(typed=code or input("Code: "), at=timezone.now(), deed="export")
        except WrongCodeError as error:
            raise CommandError("Diesen Code gibt es nicht.") from error
        data = booking_data.as_json(found) if isinstance(found, Booking) else stored_data.as_json(found)
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
