"""Show the whole portal on one's own computer."""

import secrets
from argparse import ArgumentParser
from datetime import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.keys import new_entry
from accounts.models import User
from accounts.second_factor import switch_off
from counseling.actions.desk import visit_inbox
from counseling.models import SlotRule
from directory.actions import raise_content_version
from directory.models import Agency, ContactPoint, Membership, Role

TECHNICIAN = "technik"
# Name of the login, role, and which agency of the region: the name of an entry in region.toml.
MEMBERS = (
    ("koordination", Role.COORDINATOR, "coordination_agency"),
    ("redaktion", Role.EDITOR, "youth_office_agency"),
    ("leitung", Role.LEAD, "youth_office_agency"),
    ("beratung", Role.COUNSELOR, "youth_office_agency"),
    ("erstberatung", Role.COUNSELOR, "intake_agency"),
)
DEMO_TIMES = ((1, time(14), time(16)), (3, time(9), time(11)))
PASSWORD_BYTES = 12
HOST = "127.0.0.1"
MAX_PORT = 65535


class Command(BaseCommand):
    """Migrate, load the region, make a few logins, serve. Can be run again and again."""

    help = "Richtet die Vorführung ein, nennt Adresse und Zugänge und startet den Server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether and where to serve."""
        parser.add_argument("--no-server", action="store_true", help="alles einrichten, aber nicht starten")
        parser.add_argument("--port", type=int, default=8000, help="Anschluss des Servers (8000)")

    def handle(self, *args: Any, no_server: bool, port: int, **options: Any) -> None:
        """Set up, print the logins, serve until Ctrl-C."""
        if settings.PRODUCTION:
            raise CommandError("Die Vorführung setzt Passwörter zurück. Im Betrieb (PRODUCTION=1) ist sie gesperrt.")
        if not 0 < port <= MAX_PORT:
            raise CommandError(f"--port muss zwischen 1 und {MAX_PORT} liegen.")
        make_key_file()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_region", str(settings.REGION_DIR), stdout=self.stdout, stderr=self.stderr)
        call_command("load_rules", str(settings.REGION_DIR), stdout=self.stdout, stderr=self.stderr)
        # Says what waits for a confirmation; nobody has a mailbox in the county's folder, so nobody is asked.
        call_command("remind_owners", stdout=self.stdout, stderr=self.stderr)
        if not settings.DEBUG:
            # Without DEBUG the server takes hashed files from STATIC_ROOT.
            call_command("collectstatic", interactive=False, verbosity=0)
        passwords = make_logins()
        make_times()
        self._print_logins(passwords, address=f"http://{HOST}:{port}/")
        if not no_server:
            call_command("runserver", f"{HOST}:{port}", use_reloader=False, stdout=self.stdout, stderr=self.stderr)

    def _print_logins(self, passwords: dict[str, str], *, address: str) -> None:
        self.stdout.write("")
        self.stdout.write(f"Portal:      {address}")
        self.stdout.write(f"Verwaltung:  {address}admin/")
        for name, password in passwords.items():
            self.stdout.write(f"Zugang:      {name}  Passwort: {password}")
        self.stdout.write(
            "„technik“, „leitung“ und die Beratungen richten beim ersten Anmelden eine App für Codes ein."
        )
        self.stdout.write("Die Passwörter gelten bis zum nächsten Aufruf. Beenden: Strg-C.")
        self.stdout.write("")


@transaction.atomic
def make_logins() -> dict[str, str]:
    """Create the demo accounts, or give them new passwords; return the passwords by name.

    Second factors are forgotten: whoever needs one sets it up at the first login, as everywhere.
    """
    passwords = {TECHNICIAN: _login(TECHNICIAN, is_superuser=True)[1]}
    Membership.objects.filter(user__username=TECHNICIAN).delete()
    for name, role, entry in MEMBERS:
        user, passwords[name] = _login(name, is_superuser=False)
        agency = Agency.objects.get(slug=settings.REGION[entry])
        Membership.objects.update_or_create(user=user, defaults={"agency": agency, "role": role})
        # As if the inbox had just been opened: without that the form for enquiries is not offered.
        visit_inbox(user=User.objects.get(pk=user.pk), at=timezone.now())
    return passwords


@transaction.atomic
def make_times() -> None:
    """Let the youth office of the demo give appointments on two days a week; what somebody changed stays."""
    point = ContactPoint.objects.get(slug=settings.REGION["youth_office_point"])
    for weekday, start, end in DEMO_TIMES:
        SlotRule.objects.get_or_create(
            agency=point.owner, contact_point=point, weekday=weekday, starts_at=start, ends_at=end
        )
    raise_content_version()


def make_key_file() -> None:
    """Write a master key beside the database of the demo, unless there is one."""
    file = Path(settings.ENQUIRY_KEY_FILE)
    if settings.ENQUIRY_KEYS or file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(new_entry("demo") + "\n", encoding="ascii")


def _login(name: str, *, is_superuser: bool) -> tuple[User, str]:
    user, _created = User.objects.get_or_create(username=name)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user.set_password(password)
    user.is_active = user.is_staff = True
    user.is_superuser = is_superuser
    user.save()
    switch_off(user=user)
    return user, password
