"""Times an office gives away, and appointments at them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from counseling.about import About
from counseling.actions.bookings import Booked, Wish, book
from counseling.codes import new_token
from counseling.models import SlotRule
from counseling.slots import Slot
from directory.actions import raise_content_version
from directory.models import Agency
from tests.factories.directory import ContactPointFactory
from tests.factories.enquiries import AT

# AT is Monday, 23 November 2026, 9:30 in Berlin; the first time of the rule below is the next day.
TUESDAY = datetime(2026, 11, 24, 14, tzinfo=UTC)


def slot_rule(agency: Agency, **changes: Any) -> SlotRule:
    """Return a rule: Tuesday from 15 to 17, half an hour each, one place, to be booked until an hour before."""
    point = changes.pop("contact_point", None) or ContactPointFactory(full=True, owner=agency)
    values = {"weekday": 1, "starts_at": time(15), "ends_at": time(17), "lead_hours": 1, **changes}
    rule = SlotRule.objects.create(agency=agency, contact_point=point, **values)
    raise_content_version()
    return rule


def slot_of(rule: SlotRule, start: datetime = TUESDAY) -> Slot:
    """Return a time of the rule."""
    return Slot(start, start + timedelta(minutes=rule.minutes))


def wish(rule: SlotRule, **changes: Any) -> Wish:
    """Return something to book."""
    values = {"slot": slot_of(rule), "topic": "reden", "about": About(), "notice_version": "1", **changes}
    return Wish(rule=rule, **values)


def booked(rule: SlotRule, *, token: str = "", at: datetime = AT, source: str = "192.0.2.1", **changes: Any) -> Booked:
    """Return a stored appointment with its code."""
    return book(wish=wish(rule, **changes), token=token or new_token(), source=source, at=at)
