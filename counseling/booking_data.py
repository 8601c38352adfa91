"""Everything that is stored about an appointment, for the person it is about."""

from dataclasses import fields
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from counseling.about import About
from counseling.actions.booking_desk import reasons_of, word_of
from counseling.actions.enquiries import about_of
from counseling.models import Booking
from counseling.periods import booking_deleted_on
from counseling.sealing import Keys
from counseling.stored_data import Line, openings, when


def as_lines(booking: Booking) -> list[Line]:
    """Return (name, value) of everything, in words."""
    keys = Keys()
    lines = [
        (_("Kennung"), booking.public_id),
        (_("Das liest"), booking.agency.display_name),
        (_("Thema"), str(booking.get_topic_display())),
        (_("Wo"), str(booking.contact_point or "")),
        (_("Weg"), str(booking.get_channel_display())),
        (_("Beginn"), when(booking.starts_at)),
        (_("Ende"), when(booking.ends_at)),
        (_("Stand"), str(booking.get_state_display())),
        (_("Gebucht"), when(booking.booked_at)),
        (_("Zuletzt geändert"), when(booking.changed_at)),
        (_("Angesehen"), when(booking.seen_at)),
        (_("Satz der Stelle"), word_of(booking, keys)),
        (_("Wird gelöscht am"), date_format(booking_deleted_on(booking), "j. F Y")),
    ]
    lines += about_of(booking, keys).lines()
    lines += [(f"{_('Grund zum Lesen')}, {when(row.written_at)}", text) for row, text in reasons_of(booking, keys)]
    lines += [(_("Von der Stelle geöffnet"), when(at)) for at in openings(booking, since=booking.booked_at)]
    return [line for line in lines if line[1]]


def as_json(booking: Booking) -> dict[str, Any]:
    """Return the same for a program."""
    keys = Keys()
    about = about_of(booking, keys)
    return {
        "code_id": booking.public_id,
        "receiver": booking.agency.name,
        "topic": booking.topic,
        "contact_point": booking.contact_point.slug if booking.contact_point else None,
        "channel": booking.channel,
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "state": booking.state,
        "booked_at": booking.booked_at.isoformat(),
        "changed_at": booking.changed_at.isoformat(),
        "seen_at": booking.seen_at.isoformat() if booking.seen_at else None,
        "deleted_on": booking_deleted_on(booking).isoformat(),
        "notice_version": booking.notice_version,
        "about": {field.name: getattr(about, field.name) for field in fields(About)},
        "word": word_of(booking, keys),
        "reasons": [
            {"text": text, "written_at": row.written_at.isoformat()} for row, text in reasons_of(booking, keys)
        ],
        "opened_at": [at.isoformat() for at in openings(booking, since=booking.booked_at)],
    }
