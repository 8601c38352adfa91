"""The dates of a finding as calendar file (RFC 5545)."""

from datetime import datetime, timedelta
from hashlib import sha256

import icalendar

from counseling.finder import Finding


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
