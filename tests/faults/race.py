"""F12: the last place. 50 people want each of 20 times with 5 places: exactly 100 are booked, 900 hear what else is free.

python tests/faults/race.py [--db sqlite|pg] [--people 50] [--slots 20] [--places 5] [--control]
control: whoever looks first books later, without the lock and the numbered seat
"""

import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlencode

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up

STAGE = set_up()

from django.conf import settings
from django.utils import timezone

from counseling.models import Booking, SlotRule
from directory.actions import raise_content_version
from directory.models import Agency, ContactPoint
from directory.opening import BERLIN
from directory.public_holidays import public_holidays
from tests.faults.crowd import CODE, Form, headline
from tests.faults.records import readers
from tests.faults.server import Server

PAGE = "/beratung/termin/"
THREADS = ("--worker-class", "gthread", "--threads", "8", "--workers", "2")
MINUTES = 15


def rule_with(slots: int, places: int) -> tuple[SlotRule, list[str]]:
    """Make a rule with so many times on one working day in two weeks; return it with their names in a form."""
    agency = next(row for row in Agency.objects.filter(slug__in=readers()) if row.owned_contact_points.exists())
    point = ContactPoint.objects.filter(owner=agency).order_by("pk")[0]
    day = timezone.localdate() + timedelta(days=14)
    land = settings.REGION["holiday_subdivision"]
    free = {found for year in (day.year, day.year + 1) for found in public_holidays(land, year)}
    while day.weekday() > 3 or day in free or (day.month, day.day) in ((12, 24), (12, 31)):
        day += timedelta(days=1)
    end = (datetime.combine(day, time(8)) + timedelta(minutes=MINUTES * slots)).time()
    rule = SlotRule.objects.create(
        agency=agency, contact_point=point, weekday=day.weekday(), starts_at=time(8), ends_at=end,
        minutes=MINUTES, places=places, lead_hours=1, valid_from=day, valid_to=day,
    )  # fmt: skip
    raise_content_version()
    first = datetime.combine(day, time(8), BERLIN).astimezone(UTC)
    starts = [first + timedelta(minutes=MINUTES * number) for number in range(slots)]
    return rule, [f"{rule.pk}-{start:%Y%m%dT%H%M}" for start in starts]


def wish(server: Server, rule: SlotRule, key: str, source: str) -> str:
    """Try to book a time; return what came of it."""
    form = Form(rule.agency.slug)
    fields = {"stelle": rule.agency.slug, "bei": rule.contact_point.slug, "zeit": key, "token": form.token}
    body = urlencode({**fields, "topic": "reden", "way": "code", "website": ""}).encode()
    status, page = server.ask(PAGE, body, source=source)
    if CODE.search(page):
        return "booked"
    # Others that are free, or when one may come without an appointment.
    helps = 'name="zeit"' in page or "ohne Termin" in page or "keine Zeit frei" in page
    return "full" if status == 409 and helps else f"{status}: {headline(page)}"


def main() -> int:
    """Everybody wants everything; count what is stored."""
    options = parser(__doc__)
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--slots", type=int, default=20)
    options.add_argument("--places", type=int, default=5)
    given = options.parse_args()
    rule, keys = rule_with(given.slots, given.places)
    tries = [(key, f"198.51.{person // 250}.{person % 250 + 1}") for key in keys for person in range(given.people)]
    # All want the same time at the same moment, one time after the other.
    for start in range(0, len(tries), given.people):
        part = tries[start : start + given.people]
        random.shuffle(part)
        tries[start : start + given.people] = part
    with Server(broken="lock" if given.control else "", options=THREADS) as server, ThreadPoolExecutor(16) as pool:
        seen = Counter(pool.map(lambda one: wish(server, rule, *one), tries))
    taken = Counter(Booking.objects.taken().filter(rule=rule).values_list("starts_at", flat=True))
    wanted, stored = given.slots * given.places, sum(taken.values())
    over = sum(number - given.places for number in taken.values() if number > given.places)
    other = {name: number for name, number in seen.items() if name not in ("booked", "full")}
    text = f"{STAGE.name}: {given.people} people × {given.slots} times of {given.places}: {stored} booked, {amount(seen['full'])} full with alternatives"
    text += f", {over} too many" + (f", other answers {other}" if other else "")
    good = stored == seen["booked"] == wanted and seen["full"] == len(tries) - wanted and not over
    return 0 if say("F12", text, ok=good) else 1


if __name__ == "__main__":
    sys.exit(main())
