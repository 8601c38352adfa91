"""Contact points for other programs: vCard, schema.org, JSON. Only what the page shows too."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from directory import opening
from directory.contact import ACCESS_FACTS, ContactCard
from directory.hours import facts_shown, has_hours, subject_of
from directory.models import ContactPoint, Schedule
from directory.opening import BERLIN, Kind

SPECIAL_DAYS = 28
"""How many days ahead unusual hours are told to search engines."""
SCHEMA_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def vcard(point: ContactPoint, card: ContactCard, *, url: str) -> str:
    """Return a vCard 3.0 (RFC 2426), which phones read; example data says so in its note."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_vcard_text(card.name)}",
        f"N:{_vcard_text(card.name)};;;;",
        f"ORG:{_vcard_text(card.owner_name)}",
    ]
    lines += [f"TEL;TYPE=WORK,VOICE:{number}" for number, _purpose in card.phones]
    if card.email:
        lines.append(f"EMAIL;TYPE=INTERNET:{_vcard_text(card.email)}")
    if card.address_lines:
        street, town, code = map(_vcard_text, (point.street, point.town, point.postal_code))
        lines.append(f"ADR;TYPE=WORK:;;{street};{town};;{code};Deutschland")
    if point.latitude is not None and point.longitude is not None and facts_shown(point):
        lines.append(f"GEO:{point.latitude:.6f};{point.longitude:.6f}")
    lines += [f"URL:{url}", f"NOTE:{_vcard_text(_note(card))}", "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def json_ld(
    point: ContactPoint, card: ContactCard, *, url: str, calendar: opening.Calendar, on: date
) -> dict[str, Any]:
    """Return a schema.org Place with its weekly hours and what differs in the coming four weeks."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place",
        "name": card.name,
        "description": card.summary,
        "url": url,
    }
    if card.phones:
        data["telephone"] = card.phones[0][0]
    if card.address_lines:
        data["address"] = {
            "@type": "PostalAddress",
            "streetAddress": point.street,
            "postalCode": point.postal_code,
            "addressLocality": point.town,
            "addressRegion": settings.REGION["state"],
            "addressCountry": settings.REGION["country"],
        }
    if point.latitude is not None and facts_shown(point):
        data["geo"] = {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude}
    if has_hours(point):
        data["openingHoursSpecification"] = _weekly(point, on)
        data["specialOpeningHoursSpecification"] = _special(point, calendar, on)
    return {name: value for name, value in data.items() if value not in ("", [])}


def json_row(point: ContactPoint, card: ContactCard, *, base_url: str) -> dict[str, Any]:
    """Return one contact point as JSON; what nobody knows is null and named in ``missing``."""
    shown = facts_shown(point)
    until, following = card.open_line.until, card.open_line.opens_at
    return {
        "slug": card.slug,
        "url": base_url + card.url,
        "name": card.name,
        "summary": card.summary,
        "agency": {"slug": point.owner.slug, "name": card.owner_name, "stelle": point.owner.stelle},
        "shared_with": [{"slug": share.agency.slug, "role": share.role} for share in point.shares.all()],
        "address": _address(point) if card.address_lines else None,
        "latitude": point.latitude if shown else None,
        "longitude": point.longitude if shown else None,
        "phone": card.first_phone or None,
        "phones": [{"number": number, "purpose": purpose} for number, purpose in card.phones],
        "email": card.email or None,
        "website": card.website or None,
        "channels": [value for value, _label, _icon in card.channels],
        "languages": [language.code for language in point.languages.all()] if shown else [],
        "access": {name: getattr(point, name) if shown else "unknown" for name, _label in ACCESS_FACTS},
        "serves_whole_county": point.serves_whole_county,
        "service_area": [row.ags for row in point.service_area.all()],
        "open_now": card.open_line.open_now,
        "open_until": until.isoformat() if until else None,
        "next_opening": following.isoformat() if following else None,
        "open_text": card.open_line.text,
        "missing": list(card.gaps),
        "is_example": card.is_example,
        "verified": card.verified,
        "checked_on": card.checked_on.isoformat() if card.checked_on else None,
    }


def _address(point: ContactPoint) -> dict[str, str]:
    return {"street": point.street, "postal_code": point.postal_code, "town": point.town}


def _note(card: ContactCard) -> str:
    parts = []
    if card.is_example:
        parts.append(_("Beispieldaten – nicht bestätigt.") if not card.verified else _("Noch nicht bestätigt."))
    if card.missing:
        parts.append(_("Angabe fehlt: %(names)s.") % {"names": ", ".join(card.missing)})
    if card.checked_on:
        parts.append(_("Geprüft am %(day)s.") % {"day": card.checked_on.strftime("%d.%m.%Y")})
    return " ".join(parts) or card.summary


def _vcard_text(value: str) -> str:
    """Escape as RFC 2426 section 4 says; line breaks cannot start a line of their own."""
    flat = value.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return flat.replace(",", "\\,").replace(";", "\\;")


def _folded(line: str) -> str:
    """Break lines after 75 bytes, never inside a letter (RFC 2425 section 5.8.1)."""
    parts, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > 75:
            parts.append("")
            size = 1
        parts[-1] += char
        size += width
    return "\r\n ".join(parts)


def _weekly(point: ContactPoint, on: date) -> list[dict[str, Any]]:
    """The plain weeks of a school day: walk-in hours in force, without dates that differ."""
    rows = [row for row in point.schedules.all() if _is_plain(row, on)]
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{SCHEMA_DAYS[row.weekday]}",
            "opens": f"{row.opens_at:%H:%M}",
            "closes": f"{row.closes_at:%H:%M}",
        }
        for row in rows
    ]


def _is_plain(row: Schedule, on: date) -> bool:
    return (
        row.person_id is None
        and row.kind == Kind.OPENING
        and not row.by_appointment
        and row.term_time != opening.TermTime.HOLIDAYS
        and row.opens_at is not None
        and row.closes_at is not None
        and (row.valid_from is None or row.valid_from <= on)
        and (row.valid_to is None or row.valid_to >= on)
    )


def _special(point: ContactPoint, calendar: opening.Calendar, on: date) -> list[dict[str, Any]]:
    """Days that differ from the plain week; opening and closing at midnight means closed."""
    subject = subject_of(point)
    found = []
    for offset in range(SPECIAL_DAYS):
        plan = opening.day_plan(subject, on + timedelta(days=offset), calendar)
        if not plan.differs or plan.state in {opening.State.UNKNOWN, opening.State.HOLIDAY_UNKNOWN}:
            continue
        day = plan.on.isoformat()
        times = [(_wall(one.start), _wall(one.end)) for one in plan.spans] or [("00:00", "00:00")]
        found += [
            {
                "@type": "OpeningHoursSpecification",
                "opens": opens,
                "closes": closes,
                "validFrom": day,
                "validThrough": day,
            }
            for opens, closes in times
        ]
    return found


def _wall(moment: datetime) -> str:
    return f"{moment.astimezone(BERLIN):%H:%M}"
