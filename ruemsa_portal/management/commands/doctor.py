"""Look at a running installation and say what to do."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, SystemCheckError
from django.db import Error
from django.utils import timezone

from ruemsa_portal.condition import Grade, Line, condition

SIGNS = {Grade.OK: "ok ", Grade.LOOK: "?  ", Grade.BAD: "!! "}


class Command(BaseCommand):
    """Changes nothing; ends with an error while something is bad."""

    help = "Sieht nach, ob alles läuft, und sagt, was zu tun ist."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line a thing."""
        try:
            lines = [settings_line(), *condition(at=timezone.now())]
        except Error as error:
            lines = [Line("database", Grade.BAD, type(error).__name__, "manage.py migrate")]
        for line in lines:
            self.stdout.write(f"{SIGNS[line.grade]} {line.name:22} {line.text}")
            if line.grade is not Grade.OK and line.help:
                self.stdout.write(f"{'':26}→ {line.help}")
        bad = sum(line.grade is Grade.BAD for line in lines)
        if bad:
            raise CommandError(f"{bad} Punkte müssen behoben werden.")


def settings_line() -> Line:
    """Whether the settings suit a public installation."""
    try:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
    except SystemCheckError as error:
        first = str(error).strip().splitlines()[-1]
        return Line("settings", Grade.LOOK, first, "manage.py check --deploy")
    return Line("settings", Grade.OK, "ohne Befund")
