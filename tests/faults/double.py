"""F7: double click, the same form by many windows at once, F5, and sending again after "Back".

python tests/faults/double.py [--db sqlite|pg] [--control]   control: without the form's token
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import parser, say, set_up

STAGE = set_up()

from tests.faults.crowd import CODE, FORM, Form
from tests.faults.records import readers, verdict
from tests.faults.server import Server

AT_ONCE = 8
ROUNDS = 6


def send(server: Server, form: Form, **changes: str) -> str:
    """Send a form and return the code it showed, or what else happened."""
    status, page = server.ask(FORM, form.body(**changes), source=form.source)
    found = CODE.search(page)
    return found[1] if found else str(status)


def main() -> int:
    """Send each form many times; True when every form became one enquiry with one code."""
    given = parser(__doc__).parse_args()
    agency = readers()[0]
    codes: dict[str, set[str]] = {}
    with Server(broken="token" if given.control else "") as server, ThreadPoolExecutor(AT_ONCE) as pool:
        for _round in range(ROUNDS):
            form = Form(agency)
            at_once = list(pool.map(lambda form: send(server, form), [form] * AT_ONCE))
            reloaded = send(server, form)
            # Back, a word changed, sent again: still the same form.
            changed = send(server, form, message=f"Noch ein Wort. {form.mark}")
            codes[form.mark] = {*at_once, reloaded, changed}
    found = verdict({mark: min(shown) for mark, shown in codes.items()})
    several = sum(len(shown) > 1 for shown in codes.values())
    text = f"{STAGE.name}: {ROUNDS} forms × {AT_ONCE} at once, F5, back and send: {found.stored} stored, {found.double} double"
    text += f", {several} with more than one code"
    return 0 if say("F7", text, ok=found.holds and found.stored == ROUNDS and not several) else 1


if __name__ == "__main__":
    sys.exit(main())
