"""Ask all addresses of other sites whether they are still there."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from directory.linkcheck import fetch
from directory.linkcheck.run import check, due_addresses, note_findings, note_uses, used_addresses
from directory.models import LinkCheck

LIMIT = 500
MINUTES = 30
PAUSE = 1.0


class Command(BaseCommand):
    """Meant to run once a day; each run takes the addresses that wait longest."""

    help = "Prüft Links nach außen. Was zweimal im Abstand eines Tages nicht antwortet, kommt in die Aufgabenliste."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much at once, and whether to write anything down."""
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"höchstens so viele Adressen (sonst {LIMIT})")
        parser.add_argument("--minutes", type=float, default=MINUTES, help=f"höchstens so lange (sonst {MINUTES})")
        parser.add_argument("--dry-run", action="store_true", help="prüfen und berichten, nichts speichern")

    def handle(self, *args: Any, limit: int, minutes: float, dry_run: bool, **options: Any) -> None:
        """Collect, ask, write down, and say what came of it."""
        uses = used_addresses()
        if dry_run:
            addresses, num_too_long = sorted(uses)[:limit], 0
        else:
            num_too_long = note_uses(uses)
            addresses = due_addresses(limit)
        agent = fetch.USER_AGENT.format(base_url=settings.BASE_URL)
        ask = partial(fetch.ask, network=fetch.public_network(), user_agent=agent)
        run = check(addresses, ask=ask, pause=PAUSE, seconds=minutes * 60)
        for item in run.findings:
            if item.status in (LinkCheck.Status.BROKEN, LinkCheck.Status.MOVED):
                words = item.reason or f"umgezogen nach {item.redirect_to}"
                self.stdout.write(f"{item.address}: {words}")
        self.stdout.write(f"{len(run.findings)} von {len(uses)} Adressen geprüft.")
        if num_too_long:
            self.stdout.write(f"{num_too_long} Adressen sind zu lang und werden nicht geprüft.")
        if run.is_out_of_time:
            self.stdout.write("Die Zeit war um. Der nächste Lauf macht weiter.")
        if run.is_offline:
            raise CommandError(
                "Mehr als die Hälfte der Websites antwortet nicht. Wahrscheinlich fehlt hier das Netz. "
                "Kein Link wurde als kaputt vermerkt."
            )
        if not dry_run:
            note_findings(run.findings, at=timezone.now())
