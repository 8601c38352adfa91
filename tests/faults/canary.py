"""Planted words are nowhere outside ciphertext: database files, log of the database, dump, copy, logs, mails; purged, nowhere.

python tests/faults/canary.py [--db sqlite|pg] [--control]   control: texts are not encrypted
"""

import html
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import ROOT, parser, say, set_up

STAGE = set_up()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from counseling.actions.desk import answer, open_enquiry
from counseling.models import Enquiry, Message
from tests.factories.mail import mail_server
from tests.faults.crowd import CODE, FORM, Form
from tests.faults.records import readers
from tests.faults.server import Server
from tools.production.setup import environment

WORD = f"Kanari{secrets.token_hex(6)}"
PHONE = f"+49 391 {secrets.randbelow(10**9):09}"
COPIES = STAGE.folder / "copies"


def plant(server: Server) -> list[str]:
    """Ask by mail and by phone, look, write back, make mistakes; return the codes."""
    codes = []
    for number, way in enumerate(
        (
            {"way": "mail", "email": f"{WORD}@example.org"},
            {"way": "phone", "phone": PHONE, "call_when": f"{WORD} abends"},
        )
    ):
        form = Form(readers()[number % 2])
        body = form.body(message=f"Hilfe {WORD} bitte {WORD}", first_name=WORD, **way)
        server.ask(FORM, form.body(message=WORD, way="brieftaube", first_name=WORD))
        found = CODE.search(server.ask(f"{FORM}?thema={WORD}", body)[1])
        codes.append(found[1] if found else "")
        _status, page = server.ask("/antwort/", urlencode({"code": codes[-1]}).encode())
        ticket = re.search(r'name="ticket" value="([^"]+)"', page)
        fields = {
            "ticket": html.unescape(ticket[1]) if ticket else "",
            "tun": "schreiben",
            "text": f"Noch etwas: {WORD}",
        }
        server.ask("/antwort/", urlencode(fields).encode())
    server.ask("/antwort/", urlencode({"code": codes[0][:-1] + "2", "text": WORD}).encode())
    server.ask(FORM, f"message={WORD}%00&stelle={WORD}&token={WORD}".encode())
    server.ask(f"/suche/?q={WORD}")
    return codes


def work(codes: list[str]) -> list[str]:
    """Let counsellors read and answer, let mails leave, copy the database; return the mails."""
    for enquiry in Enquiry.objects.select_related("agency"):
        user = User.objects.filter(membership__agency=enquiry.agency, membership__role="counselor").first()
        assert user is not None
        open_enquiry(enquiry=enquiry, user=user, at=timezone.now())
        answer(enquiry=enquiry, user=user, text=f"Antwort {WORD}", is_question=False, at=timezone.now())
    with mail_server() as mails:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", mails.server_address[1], False
        call_command("send_outbox", stdout=(STAGE.folder / "jobs.log").open("w"))
        taken = list(mails.taken)
    call_command("backup", str(COPIES), stdout=(STAGE.folder / "backup.log").open("w"))
    # Whoever has an address left gets mail there; it says nothing else of them.
    return [body.replace(f"{WORD}@example.org", "") for _recipient, body in taken]


def places(mails: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield everything that lies anywhere."""
    for path in [*STAGE.folder.rglob("*.log"), *COPIES.rglob("*"), *STAGE.folder.glob("portal.sqlite3*")]:
        if path.is_file():
            yield path.name, path.read_bytes()
    yield "mails", "\n".join(mails).encode()
    if STAGE.cluster is not None:
        dump = STAGE.folder / "plain.dump"
        STAGE.cluster.dump(STAGE.url.rpartition("/")[2], dump)
        yield "pg_dump", dump.read_bytes()
        subprocess.run(
            STAGE.cluster._named(*STAGE.cluster._client("psql"), "-c", "CHECKPOINT", "postgres"),
            check=True,
            capture_output=True,
            cwd="/",
        )
        for path in (STAGE.cluster.folder / "data").rglob("*"):
            if path.is_file() and path.parent.name != "static":
                yield f"PostgreSQL {path.parent.name}/{path.name}", path.read_bytes()
        yield "PostgreSQL log", (STAGE.cluster.folder / "server.log").read_bytes()


def hits(needles: list[bytes], mails: list[str]) -> tuple[int, list[str]]:
    """Return how many places were looked at, and those that hold one of the words."""
    looked, found = 0, []
    for name, content in places(mails):
        looked += 1
        if any(needle in content for needle in needles):
            found.append(name)
    return looked, found


def purge() -> list[bytes]:
    """Let everything be older than it may be, purge, and return the ciphertexts that were there."""
    sealed = [bytes(row) for row in Enquiry.objects.values_list("about_sealed", flat=True)]
    sealed += [bytes(row) for row in Message.objects.values_list("text_sealed", flat=True)]
    Enquiry.objects.update(received_at=timezone.now() - timedelta(days=200))
    connection.close()
    done = subprocess.run(
        [sys.executable, "manage.py", "purge"], cwd=ROOT, env=environment(0), capture_output=True, check=True
    )
    assert Enquiry.objects.count() == 0, done.stdout
    return sealed


def main() -> int:
    """Plant, work, look; purge, look again."""
    given = parser(__doc__).parse_args()
    with Server(broken="plain" if given.control else "") as server:
        codes = plant(server)
        if given.control:
            mails: list[str] = []
        else:
            mails = work(codes)
        secret = [code.encode() for code in codes] + [code.replace("-", "")[4:17].encode() for code in codes]
        needles = [WORD.encode(), WORD.encode("utf-16-le"), PHONE.encode(), PHONE[-9:].encode(), *secret]
        looked, found = hits(needles, mails)
    stored = Enquiry.objects.count()
    left: list[str] = []
    if not given.control:
        for copy in COPIES.rglob("*"):
            copy.unlink()  # copies live for thirty days; what is looked at is the database
        sealed = purge()
        if STAGE.cluster is None:
            left = hits(sealed, [])[1]
        else:
            STAGE.cluster.dump(STAGE.url.rpartition("/")[2], STAGE.folder / "after.dump")
            text = (STAGE.folder / "after.dump").read_bytes()
            left = ["pg_dump"] if any(part.hex().encode() in text for part in sealed) else []
    text = f"{STAGE.name}: {len(needles)} planted words, {looked} files and mails looked at, {len(found)} hits {found[:3] or ''}"
    text += f", ciphertext after purging in {len(left)} places {left[:3] or ''}"
    return 0 if say("canary", text, ok=not found and not left and stored == 2 and all(codes)) else 1


if __name__ == "__main__":
    sys.exit(main())
