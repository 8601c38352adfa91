"""Everything that is stored about an enquiry, for the person it is about."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from counseling.about import About
from counseling.actions.enquiries import about_of, audit_subject, notes_of
from counseling.actions.handover import offer_of
from counseling.models import Booking, Enquiry, Message
from counseling.periods import deleted_on
from counseling.sealing import Keys, unseal

Line = tuple[str, str]


def as_lines(enquiry: Enquiry) -> list[Line]:
    """Return (name, value) of everything, in words."""
    keys = Keys()
    lines = [
        (_("Kennung"), enquiry.public_id),
        (_("Das liest"), enquiry.agency.display_name),
        (_("Thema"), str(enquiry.get_topic_display())),
        (_("Stand"), str(enquiry.get_status_display())),
        (_("Eingegangen"), when(enquiry.received_at)),
        (_("Antwort versprochen bis"), when(enquiry.due_at)),
        (_("Gelesen"), when(enquiry.read_at)),
        (_("Zuletzt beantwortet"), when(enquiry.answered_at)),
        (_("Abgeschlossen"), when(enquiry.closed_at)),
        (_("Wird gelöscht am"), date_format(deleted_on(enquiry), "j. F Y")),
    ]
    lines += about_of(enquiry, keys).lines()
    lines += [
        (f"{row.get_kind_display()}, {when(row.written_at)}", unseal(row, "text", keys=keys))
        for row in enquiry.messages.all()
    ]
    lines += [(f"{row.get_kind_display()}, {when(row.written_at)}", text) for row, text in notes_of(enquiry, keys)]
    lines += [
        (f"{_('Weitergabe an')} {row.target.display_name}, {row.get_state_display()}", offer_of(row, keys).text)
        for row in enquiry.proposals.select_related("target")
    ]
    lines += [(_("Von der Stelle geöffnet"), when(at)) for at in openings(enquiry, since=enquiry.received_at)]
    return [line for line in lines if line[1]]


def as_json(enquiry: Enquiry) -> dict[str, Any]:
    """Return the same for a program."""
    keys = Keys()
    about = about_of(enquiry, keys)
    return {
        "code_id": enquiry.public_id,
        "receiver": enquiry.agency.name,
        "topic": enquiry.topic,
        "status": enquiry.status,
        "outcome": enquiry.outcome,
        "received_at": enquiry.received_at.isoformat(),
        "due_at": enquiry.due_at.isoformat(),
        "read_at": _iso(enquiry.read_at),
        "answered_at": _iso(enquiry.answered_at),
        "closed_at": _iso(enquiry.closed_at),
        "deleted_on": deleted_on(enquiry).isoformat(),
        "notice_version": enquiry.notice_version,
        "about": {field.name: getattr(about, field.name) for field in fields(About)},
        "messages": [
            {"kind": row.kind, "written_at": row.written_at.isoformat(), "text": unseal(row, "text", keys=keys)}
            for row in Message.objects.filter(enquiry=enquiry)
        ],
        "notes": [
            {"kind": row.kind, "written_at": row.written_at.isoformat(), "text": text}
            for row, text in notes_of(enquiry, keys)
        ],
        "handovers": [
            {"target": row.target.name, "state": row.state, "offer": json.loads(offer_of(row, keys).to_json())}
            for row in enquiry.proposals.select_related("target")
        ],
        "opened_at": [at.isoformat() for at in openings(enquiry, since=enquiry.received_at)],
    }


def openings(row: Enquiry | Booking, *, since: datetime) -> list[datetime]:
    """Return when the office opened it. One query."""
    action = f"{row._meta.model_name}.open"
    rows = AuditEntry.objects.filter(subject=audit_subject(row), action__startswith=action, at__gte=since)
    return list(rows.order_by("at").values_list("at", flat=True))


def when(at: datetime | None) -> str:
    """Return an instant in words."""
    return date_format(timezone.localtime(at), "j. F Y, H:i") if at else ""


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
