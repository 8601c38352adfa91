"""F14: the database is lost; the last copy is put back on a new one, and every agency can read again.

python tests/faults/restore.py [--db sqlite|pg]
"""

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import ROOT, parser, say, set_up

STAGE = set_up()

from tests.faults.crowd import CODE, FORM, Form
from tests.faults.records import readers
from tests.faults.server import Server

RTO_SECONDS = 30 * 60
COPIES = STAGE.folder / "copies"


def manage(url: str, *arguments: str) -> None:
    """Run a command on a database."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def new_database() -> str:
    """Return an empty place, as a new server has it."""
    if STAGE.cluster is None:
        return f"sqlite:///{STAGE.folder / 'new.sqlite3'}"
    name = f"new_{os.getpid()}"
    STAGE.cluster.create_database(name)
    return STAGE.cluster.url(name) + "?sslmode=disable"


def main() -> int:
    """Store, copy, store once more, lose everything, put the copy back."""
    parser(__doc__).parse_args()
    old = STAGE.url + ("?sslmode=disable" if STAGE.cluster else "")
    agencies = readers()
    with Server() as server:
        forms = [Form(agency) for agency in agencies]
        codes = [CODE.search(server.ask(FORM, form.body())[1]) for form in forms]
        manage(old, "backup", str(COPIES))
        copied = time.monotonic()
        late = CODE.search(server.ask(FORM, Form(agencies[0]).body())[1])
    lost = time.monotonic()
    (copy,) = COPIES.iterdir()
    url = new_database()
    manage(url, "restore", str(copy), "--yes")
    wrong = []
    with Server(DATABASE_URL=url) as server:
        took = time.monotonic() - lost
        for agency, form, code in zip(agencies, forms, codes, strict=True):
            _status, page = server.ask("/antwort/", f"code={code[1] if code else ''}".encode())
            if form.mark not in page:
                wrong.append(f"{agency}: does not open")
        if server.ask("/angebote/")[0] != 200:
            wrong.append("the offers are not there")
        _status, page = server.ask("/antwort/", f"code={late[1] if late else ''}".encode())
        if "kennen wir nicht" not in page:
            wrong.append("the copy holds what came after it")
    if STAGE.cluster is not None:
        STAGE.cluster.drop_database(url.rpartition("/")[2].partition("?")[0])
    text = f"{STAGE.name}: one enquiry of each of {len(agencies)} agencies opens; RPO: what came after the copy ({lost - copied:.1f} s here, ≤ 24 h by a daily one)"
    text += f", RTO {took:.1f} s with the start of the portal"
    return 0 if say("F14", "; ".join(wrong) or text, ok=not wrong and took < RTO_SECONDS) else 1


if __name__ == "__main__":
    sys.exit(main())
