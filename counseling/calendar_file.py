"""The dates of a finding, and an appointment, as calendar files (RFC 5545)."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import icalendar
from django.utils.translation import gettext as _

from counseling.finder import Finding
from counseling.models import Booking


def deadlines_ics(finding: Finding, *, url: str, at: datetime) -> bytes | None:
    """Return the coming dates as whole days, or None when no deadline has a date.

    The file names the deadline only, never the concern or an answer.
    """
    dated = [(row.deadline.text.for_view(finding.view), row.date) for row in finding.deadlines if row.date]
    if not dated:
        return None
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//ruemsa_portal//Fristen//DE")
    calendar.add("version", "2.0")
    for text, day in dated:
        event = icalendar.Event()
        event.add("uid", f"{sha256(text.encode()).hexdigest()[:16]}-{day:%Y%m%d}@ruemsa-portal")
        event.add("dtstamp", at)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", text)
        event.add("url", url)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def appointment_ics(booking: Booking, *, at: datetime) -> bytes:
    """Return one appointment under a name that tells a stranger nothing: no code, no place, no topic.

    After a move the same entry changes: its name is a hash of the row's random key, and ``at`` counts up.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//ruemsa_portal//Termin//DE")
    calendar.add("version", "2.0")
    event = icalendar.Event()
    event.add("uid", f"{sha256(booking.pk.bytes).hexdigest()[:16]}@ruemsa-portal")
    event.add("sequence", int((booking.changed_at - booking.booked_at).total_seconds()))
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    event.add("summary", _("Termin"))
    calendar.add_component(event)
    return bytes(calendar.to_ical())
