"""F18: the table of sessions is emptied, then gone: staff log in again, visitors notice nothing, never 500.

python tests/faults/tables.py [--db sqlite|pg]
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import parser, say, set_up

STAGE = set_up()

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests.factories.accounts import log_in, staff
from tests.faults.crowd import CODE, FORM, Form
from tests.faults.records import readers
from tests.faults.server import Server

PAGES = ("/", "/angebote/", "/zustaendigkeit/", FORM, "/admin/login/")


def visitors(server: Server, wrong: list[str], when: str) -> None:
    """Read and send as a visitor."""
    wrong += [f"{when}: {path}: {status}" for path in PAGES if (status := server.ask(path)[0]) != 200]
    if not CODE.search(server.ask(FORM, Form(readers()[0]).body())[1]):
        wrong.append(f"{when}: nothing is stored")


def main() -> int:
    """Log somebody in; take the rows away, then the table, then give it back."""
    parser(__doc__).parse_args()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.SECURE_SSL_REDIRECT = False
    client = log_in(Client(), staff("technik", is_superuser=True))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    wrong: list[str] = []
    with Server() as server:
        if (status := server.ask("/admin/", Cookie=cookie)[0]) != 200:
            wrong.append(f"logged in: {status}")
        Session.objects.all().delete()
        if (status := server.ask("/admin/", Cookie=cookie)[0]) != 302:
            wrong.append(f"emptied: {status}, not the way to the login")
        visitors(server, wrong, "emptied")
        with connection.schema_editor() as editor:
            editor.delete_model(Session)
        for path in ("/admin/", "/", "/angebote/"):
            if (status := server.ask(path, Cookie=cookie)[0]) not in (200, 302, 503):
                wrong.append(f"gone: {path} with a login: {status}")
        visitors(server, wrong, "gone")
        # What docs/operations says: the one table is made again, the others stay.
        call_command("migrate", "sessions", "zero", fake=True, verbosity=0)
        call_command("migrate", "sessions", verbosity=0)
        if (status := server.ask("/admin/", Cookie=cookie)[0]) != 302:
            wrong.append(f"made again: {status}")
    text = (
        f"{STAGE.name}: sessions emptied, table gone, made again: 0 × 500, visitors read and send, staff log in again"
    )
    return 0 if say("F18", "; ".join(wrong) or text, ok=not wrong) else 1


if __name__ == "__main__":
    sys.exit(main())
