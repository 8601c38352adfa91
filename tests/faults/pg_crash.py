"""F3: PostgreSQL is stopped hard, three times, while people send enquiries and read.

python tests/faults/pg_crash.py [--crashes 3] [--away 4] [--control]
"""

import sys
import time
from pathlib import Path

sys.argv[1:] = ["--db", "pg", *sys.argv[1:]]
sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up

STAGE = set_up()

from tests.faults.crowd import FORM, Crowd, Form, keeps
from tests.faults.records import readers, verdict
from tests.faults.server import Server

BACK_SECONDS = 5.0
WITHOUT_DATABASE = ("/health/live", "/raus/", "/robots.txt", "/zustaendigkeit/gibt-es-nicht/")


def while_away(server: Server) -> list[str]:
    """Ask what needs no database, and send a form: what is wrong with the answers."""
    wrong = []
    for path in WITHOUT_DATABASE:
        status, _page = server.ask(path)
        if status not in (200, 302, 404):
            wrong.append(f"{path}: {status}")
    for path in ("/", "/angebote/", FORM, "/admin/"):
        begin = time.monotonic()
        status, page = server.ask(path)
        if status != 503 and not (path == "/admin/" and status == 302):
            wrong.append(f"{path}: {status} without a database")
        if time.monotonic() - begin > BACK_SECONDS:
            wrong.append(f"{path}: {time.monotonic() - begin:.1f} s for a 503")
    form = Form(AGENCIES[0])
    status, page = server.ask(FORM, form.body(first_name="Mira"))
    if status != 503 or not keeps(page, form) or 'name="first_name" value="Mira"' not in page:
        wrong.append(f"form: {status}, the text is {'kept' if keeps(page, form) else 'lost'}")
    return wrong


def crash(server: Server, away: float) -> tuple[float, list[str]]:
    """Stop the database for so many seconds; return how long the portal needed afterwards, and what was wrong."""
    assert STAGE.cluster is not None
    STAGE.cluster.crash()
    begin = time.monotonic()
    wrong = while_away(server)
    time.sleep(max(0.0, begin + away - time.monotonic()))
    STAGE.cluster.start()
    begin = time.monotonic()
    while server.ask("/angebote/")[0] != 200 and time.monotonic() - begin < 60:
        time.sleep(0.05)
    return time.monotonic() - begin, wrong


def main() -> int:
    """Crash, look, and count afterwards."""
    options = parser(__doc__)
    options.add_argument("--crashes", type=int, default=3)
    options.add_argument("--away", type=float, default=2.0, help="seconds without a database")
    given = options.parse_args()
    back, wrong = [], []
    with Server(broken="token" if given.control else "") as server:
        with Crowd(server.port, AGENCIES, people=10, impatient=0.05).at_work() as crowd:
            for _time in range(given.crashes):
                crowd.wait_for(10, seconds=60)
                seconds, found = crash(server, given.away)
                back.append(seconds)
                wrong += found
            crowd.wait_for(10, seconds=60)
        found_rows = verdict(crowd.acknowledged)
    wrong += crowd.wrong
    text = f"{len(back)} × stopped, {amount(len(crowd.acknowledged))} acknowledged, {found_rows.lost} lost, {found_rows.double} double"
    text += f", {found_rows.half} half, {crowd.seen['503']} × 503 with the text, back after {max(back):.1f} s"
    text += "".join(f"; {problem}" for problem in sorted(set(wrong))[:5])
    return 0 if say("F3", text, ok=found_rows.holds and not wrong and max(back) <= BACK_SECONDS) else 1


AGENCIES = readers()

if __name__ == "__main__":
    sys.exit(main())
