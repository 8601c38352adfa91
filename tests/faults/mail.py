"""F6: the mail server is down for a day, hangs, refuses for now or for good, refuses one of two people; the sender is killed.

python tests/faults/mail.py [--db sqlite|pg] [--control]   control: without an outbox
"""

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import ROOT, parser, say, set_up

STAGE = set_up()

from django.conf import settings
from django.utils import timezone

from accounts.models import OutboxMessage, User
from accounts.outbox import deliver_next, recover
from counseling.models import Enquiry
from directory.models import Membership
from tests.factories.mail import MailServer, mail_server
from tests.faults.crowd import CODE, FORM, Form
from tests.faults.records import readers
from tests.faults.server import Server
from tools.production.setup import environment

SECOND = "zweite@example.org"
FAULTS: dict[str, dict[str, str]] = {
    "hanging": {"greeting": "hang"},
    "4xx": {"mail": "451 later"},
    "5xx": {"rcpt": "550 no"},
    "hung up": {"data": "drop"},
    "one refused": {f"rcpt:{SECOND}": "550 no"},
}
FORMS = 3


def send_all(at: datetime) -> None:
    """Send what is due at a moment."""
    while deliver_next(at=at) is not None:
        pass


def one_fault(server: Server, mails: MailServer, agency: str, script: dict[str, str], at: datetime) -> int:
    """Let people ask while the mail server misbehaves; return how many got their code all the same."""
    mails.script.update(script)
    stored = sum(CODE.search(server.ask(FORM, Form(agency).body())[1]) is not None for _form in range(FORMS))
    send_all(at)
    return stored


def killed(at: datetime) -> int:
    """Kill the sender while mails leave; return how many times."""
    done = 0
    for _time in range(2):
        command = [sys.executable, "manage.py", "send_outbox"]
        variables = {
            **environment(0),
            "EMAIL_PORT": str(settings.EMAIL_PORT),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_USE_TLS": "0",
        }
        with subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as sender:
            end = time.monotonic() + 30
            while time.monotonic() < end and not OutboxMessage.objects.exclude(leaving="").exists():
                time.sleep(0.02)
            time.sleep(0.3)  # the mail is with the server, whose last word does not come
            sender.send_signal(signal.SIGKILL)
            sender.wait()
            done += 1
    return done


def main() -> int:
    """Every fault, a day without a server, a killed sender; then everything must have left once."""
    given = parser(__doc__).parse_args()
    agency = readers()[0]
    first = User.objects.get(membership__agency__slug=agency)
    second = User.objects.create(username="zweite", email=SECOND, is_staff=True)
    Membership.objects.create(user=second, agency=first.membership.agency, role="counselor")
    at, stored = timezone.now(), 0
    with mail_server() as mails, Server(broken="outbox" if given.control else "") as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = (
            "127.0.0.1",
            mails.server_address[1],
            False,
            0.5,
        )
        for script in FAULTS.values():
            at = max(at, timezone.now()) + timedelta(seconds=1)
            stored += one_fault(server, mails, agency, script, at)
            mails.script.clear()
        # Nobody listens for a day.
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
        stored += sum(CODE.search(server.ask(FORM, Form(agency).body())[1]) is not None for _form in range(FORMS))
        for hour in range(25):
            send_all(at + timedelta(hours=hour))
        settings.EMAIL_PORT, at = port, at + timedelta(hours=25)
        kills = _kill_some(server, mails, agency)
        stored += kills[1]
        for hour in (1, 8, 16):
            recover(at=at + timedelta(hours=hour))
            send_all(at + timedelta(hours=hour))
        return _report(stored, kills[0], Counter(mails.taken), first.email)


def _kill_some(server: Server, mails: MailServer, agency: str) -> tuple[int, int]:
    """Kill the sender while it waits for the server's last word."""
    stored = sum(CODE.search(server.ask(FORM, Form(agency).body())[1]) is not None for _form in range(FORMS))
    mails.script["body"] = "hang"
    done = killed(timezone.now())
    mails.script.clear()
    return done, stored


def _report(stored: int, kills: int, taken: Counter[tuple[str, str]], first: str) -> int:
    rows = list(OutboxMessage.objects.filter(kind="enquiry.new"))
    states = Counter(row.state for row in rows)
    told = {
        (person, code)
        for person, body in taken
        for code in Enquiry.objects.values_list("public_id", flat=True)
        if code in body
    }
    twice = sum(number - 1 for number in Counter((person, _code(body)) for person, body in taken.elements()).values())
    doubtful = sum(len(row.in_doubt.split()) for row in rows)
    missing = 2 * Enquiry.objects.count() - len(told) - doubtful
    open_rows = sum(states[state] for state in ("waiting", "sending", "failed"))
    text = f"{STAGE.name}: {stored} of {FORMS * (len(FAULTS) + 2)} stored while mail failed ({', '.join(FAULTS)}, down 24 h), sender killed {kills} times"
    text += f": {len(told)} mails left once, {twice} twice, {doubtful} marked doubtful, {max(missing, 0)} lost, {open_rows} still open"
    good = stored == FORMS * (len(FAULTS) + 2) == len(rows) and not twice and missing <= 0 and not open_rows
    return 0 if say("F6", text, ok=good) else 1


def _code(body: str) -> str:
    """Return which enquiry a mail is about."""
    return next((code for code in Enquiry.objects.values_list("public_id", flat=True) if code in body), "")


if __name__ == "__main__":
    sys.exit(main())
