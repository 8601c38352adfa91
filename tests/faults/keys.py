"""F17: the key of enquiries is absent at the start, broken, or another one. Never plain text, and the data is left alone.

python tests/faults/keys.py [--db sqlite|pg]
"""

import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import ROOT, parser, say, set_up

STAGE = set_up()

from counseling.models import Enquiry, Message
from tests.faults.crowd import CODE, FORM, Form, keeps
from tests.faults.records import readers, verdict
from tests.faults.server import Server
from tools.production.setup import environment, new_entry

CHECK = ("check", "--deploy", "--fail-level", "WARNING")


def start_refused(key: str, *command: str) -> str:
    """Return the sentence a start with this key ends with, "" when it did not end."""
    variables = {**environment(0), "ENQUIRY_KEYS": key, "ENQUIRY_KEY_FILE": ""}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=60
    )
    said = done.stdout + done.stderr
    return next((line for line in said.splitlines() if "ENQUIRY_KEYS" in line), said[-200:]) if done.returncode else ""


def ciphertexts() -> list[bytes]:
    """Return everything that is sealed, as it lies there."""
    rows = [*Enquiry.objects.order_by("pk").values_list("about_sealed", flat=True)]
    return [bytes(row) for row in [*rows, *Message.objects.order_by("pk").values_list("text_sealed", flat=True)]]


def main() -> int:
    """Store with the right key; then try without, with half a one and with another one; then the right one again."""
    parser(__doc__).parse_args()
    wrong: list[str] = []
    agency, form = readers()[0], Form(readers()[0])
    with Server() as server:
        found = CODE.search(server.ask(FORM, form.body())[1])
        code = found[1] if found else ""
    before = ciphertexts()
    gunicorn = ("-m", "gunicorn", "-c", "ruemsa_portal/gunicorn_conf.py", "ruemsa_portal.wsgi")
    other = new_entry("drill")
    for name, key, command in (
        ("absent", "", gunicorn),
        ("broken", "drill:zu-kurz", gunicorn),
        ("another one", other, ("manage.py", *CHECK)),
    ):
        if "ENQUIRY_KEYS" not in start_refused(key, *command):
            wrong.append(f"{name}: the start is not refused")
    # Somebody starts it all the same.
    with Server(ENQUIRY_KEYS=other) as server:
        typed = Form(agency)
        status, page = server.ask(FORM, typed.body())
        if status != 503 or not keeps(page, typed):
            wrong.append(f"another key, sending: {status}")
        status, page = server.ask("/antwort/", f"code={code}".encode())
        if (status >= 500 and status != 503) or form.mark in page:
            wrong.append(f"another key, reading: {status}")
    if ciphertexts() != before:
        wrong.append("the data was touched")
    with Server() as server:
        _status, page = server.ask("/antwort/", f"code={code}".encode())
        if form.mark not in page:
            wrong.append("the right key does not open it any more")
    rest = verdict({form.mark: code})
    text = f"{STAGE.name}: absent, broken, another key: start refused, 0 stored in plain, data untouched, the right key opens it"
    return 0 if say("F17", "; ".join(wrong) or text, ok=not wrong and rest.holds and rest.stored == 1) else 1


if __name__ == "__main__":
    sys.exit(main())
