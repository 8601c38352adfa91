"""Which agencies take enquiries now, and what each of them promises.

A form is offered only where somebody reads: an active counsellor who looked into the inbox lately.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from counseling.models import DeskVisit, EnquiryDesk
from counseling.offices import Desk
from counseling.promise import promised
from directory.agencies import points_of
from directory.contact import agencies_of
from directory.models import Agency, ContactPoint, Role
from directory.versions import derived

READ_WITHIN = timedelta(days=14)
LOOKED_AT_EVERY = 10


@dataclass(frozen=True)
class Receiver:
    """The one agency that will read an enquiry, and nobody else."""

    agency: Agency
    point: ContactPoint | None
    due_at: datetime
    notice: str
    privacy_contact: str

    @property
    def notice_version(self) -> str:
        """Which text stood there when the enquiry was sent."""
        return version_of(self.notice, self.privacy_contact)


@dataclass(frozen=True)
class Notice:
    """What an agency says about an appointment before it is booked."""

    agency: Agency
    text: str
    privacy_contact: str

    @property
    def version(self) -> str:
        """Which text stood there when the appointment was booked."""
        return version_of(self.text, self.privacy_contact)


def reading_agencies(*, at: datetime) -> frozenset[int]:
    """Return the agencies where somebody looked into the inbox lately. One query."""
    rows = DeskVisit.objects.filter(
        opened_at__gte=at - READ_WITHIN,
        user__is_active=True,
        user__is_staff=True,
        user__is_superuser=False,
        user__membership__role=Role.COUNSELOR,
    )
    return frozenset(rows.values_list("user__membership__agency", flat=True))


@dataclass(frozen=True)
class Reading:
    """Who takes enquiries at the moment, and how: what every form asks anew and what changes a few times a day."""

    agencies: frozenset[int]
    published: Mapping[str, Agency]
    own: Mapping[int, EnquiryDesk]


def reading_now(*, at: datetime, version: str) -> Reading:
    """Return who reads. Three queries when the content is new or was looked at more than ten seconds ago, else none.

    An inbox that is opened after a silence makes the content new; a closed account still counts for these seconds.
    """
    return derived("reading", (version, int(at.timestamp()) // LOOKED_AT_EVERY), lambda: _reading(at))


def _reading(at: datetime) -> Reading:
    return Reading(
        agencies=reading_agencies(at=at),
        published={agency.slug: agency for agency in Agency.objects.published(on=at.date())},
        own={row.agency_id: row for row in EnquiryDesk.objects.all()},
    )


def readers_at(point: ContactPoint, reading: Iterable[int]) -> list[Agency]:
    """Return the agencies behind a door that take enquiries, the owner first. No query."""
    return [agency for agency in agencies_of(point) if agency.pk in reading]


def receiver(
    agency: Agency, *, desk: Desk, point: ContactPoint | None = None, reading: Reading | None = None
) -> Receiver:
    """Return what stands above the form of an agency. One query, none with ``reading``."""
    row = reading.own.get(agency.pk) if reading else EnquiryDesk.objects.filter(agency=agency).first()
    own = row or EnquiryDesk(agency=agency)
    points = points_of(agency, desk.public)
    due_at = promised(points, days=own.answer_within_days, at=desk.at, calendar=desk.calendar)
    return Receiver(
        agency, point or next(iter(points), None), due_at, own.notice or general_notice(agency), own.privacy_contact
    )


def booking_notice(agency: Agency) -> Notice:
    """Return what stands above the button for an appointment. One query."""
    own = EnquiryDesk.objects.filter(agency=agency).first() or EnquiryDesk(agency=agency)
    period = _("**Wie lange?** 14 Tage nach dem Termin löschen wir alles.")
    text = f"{own.notice}\n\n{period}" if own.notice else general_notice(agency, period=period)
    return Notice(agency, text, own.privacy_contact)


def version_of(notice: str, privacy_contact: str) -> str:
    """Return a short name of a text."""
    return hashlib.sha256(f"{notice}\n{privacy_contact}".encode()).hexdigest()[:16]


def general_notice(agency: Agency, *, period: str = "") -> str:
    """Return the notice of an agency that has written none of its own (Art. 13 DSGVO)."""
    lines = (
        _("**Wer liest das?** %(name)s. Sonst niemand. Auch nicht deine Eltern, deine Schule oder ein anderes Amt."),
        _(
            "**Wozu?** Damit wir dir antworten. Das ist unsere Aufgabe nach dem Gesetz (Art. 6 Abs. 1 e DSGVO, § 67a SGB X)."
        ),
        period or _("**Wie lange?** 30 Tage nach dem Ende löschen wir alles. Spätestens nach 180 Tagen."),
        _(
            "**Was kannst du tun?** Mit deinem Code siehst du alles, was da steht. Du kannst es auch sofort löschen. Du darfst dich beim Datenschutz des Landes beschweren."
        ),
    )
    return "\n\n".join(lines) % {"name": agency.display_name}
