"""A school class behind one address gets through, a program does not.

python tests/faults/spam.py [--db sqlite|pg] [--posts 1000] [--control]   control: nobody counts
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up

STAGE = set_up()

from tests.faults.crowd import CODE, FORM, Form, keeps
from tests.faults.records import readers, verdict
from tests.faults.server import Server

PUPILS, MOST = 30, 40


def send(server: Server, form: Form, source: str) -> tuple[int, str]:
    """Send a form from an address; return the status and the code, "kept" or "lost"."""
    status, page = server.ask(FORM, form.body(), source=source)
    found = CODE.search(page)
    return status, found[1] if found else "kept" if keeps(page, form) else "lost"


def main() -> int:
    """Thirty pupils at once behind one address, then a program behind another one."""
    options = parser(__doc__)
    options.add_argument("--posts", type=int, default=1000)
    given = options.parse_args()
    agency = readers()[0]
    with Server(broken="limit" if given.control else "") as server, ThreadPoolExecutor(6) as pool:
        pupils = [Form(agency) for _pupil in range(PUPILS)]
        answers = list(pool.map(lambda form: send(server, form, "198.51.100.7"), pupils))
        stored = verdict({form.mark: code for form, (_status, code) in zip(pupils, answers, strict=True)})
        robots = list(
            pool.map(lambda form: send(server, form, "198.51.100.8"), [Form(agency) for _post in range(given.posts)])
        )
    after = verdict({})
    refused = [text for status, text in robots if status == 429]
    text = f"{STAGE.name}: {PUPILS} pupils behind one address, {stored.stored} stored; {amount(given.posts)} posts of a program"
    text += f", {after.stored - stored.stored} stored, {amount(len(refused))} × 429, {refused.count('lost')} without the text"
    good = stored.stored == PUPILS and stored.holds and after.stored - stored.stored <= MOST
    return 0 if say("spam", text, ok=good and "lost" not in refused and after.holds) else 1


if __name__ == "__main__":
    sys.exit(main())
