"""Files made from offers: calendar of deadlines and QR code."""

import io
from datetime import date, datetime, timedelta

import icalendar
import segno

from offers.dates import next_occurrence
from offers.models import Offer


def deadlines_ics(offer: Offer, *, url: str, on: date, at: datetime) -> bytes | None:
    """Return an iCalendar file with the coming dates of the offer as whole days (RFC 5545), None without one."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//ruemsa_portal//Fristen//DE")
    calendar.add("version", "2.0")
    for deadline in offer.deadlines.all():
        day = next_occurrence(deadline, on=on)
        if day is None:
            continue
        event = icalendar.Event()
        event.add("uid", f"{offer.slug}-{deadline.pk}-{day:%Y%m%d}@ruemsa-portal")
        event.add("dtstamp", at)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", f"{offer.title}: {deadline.text}")
        event.add("description", f"{deadline.consequence}\n{url}".strip())
        event.add("url", url)
        calendar.add_component(event)
    return bytes(calendar.to_ical()) if calendar.subcomponents else None


def qr_svg(url: str) -> bytes:
    """Return the address as QR code, SVG with black on white so that every scanner reads it."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=6, border=4, dark="#000", light="#fff", title="QR-Code")
    return out.getvalue()
