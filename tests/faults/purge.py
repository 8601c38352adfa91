"""F16: purging is killed in the middle, run twice, and run by several at once: afterwards the same is gone.

python tests/faults/purge.py [--db sqlite|pg]
"""

import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import ROOT, parser, say, set_up

STAGE = set_up()

from django.db import connection
from django.utils import timezone

from accounts.models import OutboxMessage, Throttle
from counseling.models import Enquiry, EnquiryCount
from directory.models import Agency
from tests.factories.enquiries import sent
from tests.faults.records import readers
from tools.production.setup import environment

OLD, SILENT, YOUNG = 60, 20, 20
COMMAND = [sys.executable, "manage.py", "purge"]


def plant(at: datetime) -> None:
    """Enquiries whose time is over, some that only fell silent, and some of today."""
    agency = Agency.objects.get(slug=readers()[0])
    for number, (many, days) in enumerate(((OLD, 200), (SILENT, 100), (YOUNG, 1))):
        for one in range(many):
            sent(agency, at=at - timedelta(days=days), source=f"192.0.{number}.{one}")


def start() -> subprocess.Popen[str]:
    """Begin a run; each rule says a line at once."""
    variables = {**environment(0), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        COMMAND, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def killed(after: int) -> None:
    """Kill a run once it has said so many lines."""
    with start() as run:
        assert run.stdout is not None
        for _line in range(after):
            run.stdout.readline()
        run.send_signal(signal.SIGKILL)


def state() -> tuple[int, ...]:
    """Return how many rows of each kind there are."""
    connection.close()
    closed = Enquiry.objects.filter(status="closed").count()
    counted = EnquiryCount.objects.count()
    return Enquiry.objects.count(), closed, counted, OutboxMessage.objects.count(), Throttle.objects.count()


def main() -> int:
    """Kill, run by two at once, run again."""
    parser(__doc__).parse_args()
    plant(timezone.now())
    before = state()
    for lines in (0, 1, 3):
        killed(lines)
    both = [start(), start()]
    said = [run.communicate(timeout=120)[0] for run in both]
    codes = [run.returncode for run in both]
    once = state()
    with start() as again:
        again.communicate(timeout=120)
    twice = state()
    good = codes == [0, 0] and again.returncode == 0 and once == twice and once[:2] == (SILENT + YOUNG, SILENT)
    text = f"{STAGE.name}: 3 × killed, 2 at once, 1 again: {before[0]} enquiries, {once[0]} left, {once[1]} closed, nothing differs afterwards"
    if not good:
        text = f"{STAGE.name}: {before} → {once} → {twice}, exit codes {codes}, {again.returncode} {[line[-300:] for line in said]}"
    return 0 if say("F16", text, ok=good) else 1


if __name__ == "__main__":
    sys.exit(main())
