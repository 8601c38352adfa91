"""F11: the nights of the clock, the leap day, the end of the year: no time in the gap, two in the fold, none twice.

python tests/faults/dst.py [--db sqlite|pg]
"""

import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import parser, say, set_up

STAGE = set_up()

from counseling.actions.bookings import FullError
from counseling.models import Booking
from counseling.slots import Pattern, Slot, slots_on
from directory.models import Agency
from directory.opening import BERLIN, Subject
from tests.factories.appointments import booked, slot_rule
from tests.factories.opening import CALENDAR, slot
from tests.faults.records import readers

DAYS = (date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29), date(2026, 12, 31), date(2027, 12, 31))


def times(day: date) -> list[Slot]:
    """Return every appointment from one to four at night, half an hour each."""
    return slots_on(Pattern(slot(day.weekday(), "01:00", "04:00"), 30), Subject(), CALENDAR, day)


def main() -> int:
    """Look at each night, then book the two times that look the same."""
    parser(__doc__).parse_args()
    wrong: list[str] = []
    found = {day: times(day) for day in DAYS}
    for day, slots in found.items():
        starts = [one.starts_at for one in slots]
        wall = [f"{start.astimezone(BERLIN):%H:%M}" for start in starts]
        wanted = {DAYS[0]: 4, DAYS[1]: 8}.get(day, 6)
        if len(starts) != wanted or len(set(starts)) != len(starts) or sorted(starts) != starts:
            wrong.append(f"{day}: {wall}")
        if day == DAYS[0] and any(text.startswith("02") for text in wall):
            wrong.append(f"{day}: a time in the gap")
        if day == DAYS[1] and wall.count("02:00") != 2:
            wrong.append(f"{day}: {wall.count('02:00')} × 02:00")
        if any(one.ends_at - one.starts_at != timedelta(minutes=30) for one in slots):
            wrong.append(f"{day}: not half an hour")
    rule = slot_rule(
        Agency.objects.get(slug=readers()[0]), weekday=DAYS[1].weekday(), starts_at=time(1), ends_at=time(4)
    )
    at = datetime(2027, 10, 29, 12, tzinfo=UTC)
    for one in [one for one in found[DAYS[1]] if one.starts_at.astimezone(BERLIN).hour == 2]:
        booked(rule, slot=one, at=at)
        try:
            # The clock of the machine was an hour fast and is set back: the place is still taken.
            booked(rule, slot=one, at=at - timedelta(hours=1), source="192.0.2.9")
            wrong.append(f"{one.starts_at}: booked twice")
        except FullError:
            pass
    if Booking.objects.count() != 4:
        wrong.append(f"{Booking.objects.count()} of 4 appointments in the hour that happens twice")
    text = f"{STAGE.name}: {', '.join(f'{day}: {len(slots)}' for day, slots in found.items())}; 2:00 and 2:30 booked in both, none twice"
    return 0 if say("F11", "; ".join(wrong) or text, ok=not wrong) else 1


if __name__ == "__main__":
    sys.exit(main())
