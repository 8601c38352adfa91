"""What the office does with appointments. Every opening is recorded.

Reading hangs on the membership, not on a permission. A lead sees times and topics, and what a person said only
with a reason that is kept and that the person can read.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts.audit import record, record_rows
from accounts.models import User
from accounts.outbox import enqueue
from counseling.about import About
from counseling.actions.bookings import MAIL_CALLED_OFF, expected, locked_booking
from counseling.actions.desk import NotYoursError, give_to, may_read
from counseling.actions.enquiries import ClosedError, about_of, audit_subject, count, wants_mail
from counseling.models import Booking, BookingReason, EnquiryCount
from counseling.sealing import Keys, seal, unseal
from directory.opening import BERLIN

State = Booking.State


@dataclass(frozen=True)
class Opened:
    """An appointment as whoever sits there reads it; ``about`` is None for a lead without a reason."""

    booking: Booking
    about: About | None
    word: str = ""


@transaction.atomic
def open_booking(*, booking: Booking, user: User, at: datetime, reason: str = "") -> Opened:
    """Return what the person said, to a counsellor; to a lead who writes down why, and the person can read that.

    Without a reason a lead sees time and topic only. Raises NotYoursError.
    """
    row = _mine(booking, user)
    reads, reason = may_read(user), reason.strip()
    if not reads and not reason:
        return Opened(row, None)
    keys = Keys()
    if not reads:
        why = BookingReason(booking=row, written_at=at, author=user)
        seal(why, "text", reason, agency=row.agency_id, keys=keys, at=at)
        why.save(force_insert=True)
    elif row.seen_at is None:
        row.seen_at = at
        row.save(update_fields=["seen_at"])
    _record(row, user, "booking.open" if reads else "booking.open_with_reason", at=at)
    return Opened(row, about_of(row, keys), word_of(row, keys))


@transaction.atomic
def open_day(*, user: User, on: date, at: datetime) -> list[Opened]:
    """Return the appointments of one day in order, each opened, and recorded as such."""
    start = datetime.combine(on, time(), BERLIN)
    end = datetime.combine(on + timedelta(days=1), time(), BERLIN)
    rows = Booking.objects.visible_to(user).filter(starts_at__gte=start, starts_at__lt=end)
    found = list(rows.select_related("contact_point", "rule__person", "assigned_to").order_by("starts_at", "seat"))
    if not may_read(user):
        return [Opened(row, None) for row in found]
    subjects = [(audit_subject(row), row.agency_id) for row in found]
    record_rows(actor=user, action="booking.open", rows=subjects, at=at)
    Booking.objects.filter(pk__in=[row.pk for row in found if row.seen_at is None]).update(seen_at=at)
    keys = Keys()
    return [Opened(row, about_of(row, keys)) for row in found]


@transaction.atomic
def call_off(*, booking: Booking, user: User, word: str, at: datetime) -> None:
    """The office cannot keep the appointment: the code page says so, and a mail if the person left an address.

    The place stays taken, because nobody is there at that time. Raises NotYoursError, ClosedError.
    """
    row = _counsellors(booking, user)
    row = expected(row, at=at)
    keys = Keys()
    about = about_of(row, keys)
    row.state, row.changed_at = State.CALLED_OFF, at
    seal(row, "word", word, agency=row.agency_id, keys=keys, at=at)
    row.save(update_fields=["state", "changed_at", "word_sealed"])
    count(row, EnquiryCount.Event.CALLED_OFF, about=about, at=at)
    if wants_mail(about):
        enqueue(kind=MAIL_CALLED_OFF, subject=str(row.pk), at=at)
    _record(row, user, "booking.call_off", at=at)


@transaction.atomic
def mark(*, booking: Booking, user: User, came: bool, at: datetime) -> None:
    """Note whether the person came; may be put right later, and nothing follows from it.

    Raises NotYoursError, and ClosedError before the time or for an appointment that was cancelled.
    """
    row = _counsellors(booking, user)
    if row.state not in (State.BOOKED, State.CAME, State.MISSED) or row.starts_at > at:
        raise ClosedError
    state = State.CAME if came else State.MISSED
    if row.is_booked:
        count(row, state, about=about_of(row, Keys()), at=at)
    row.state, row.changed_at = state, at
    row.save(update_fields=["state", "changed_at"])
    _record(row, user, "booking.mark", at=at)


@transaction.atomic
def assign(*, booking: Booking, user: User, to: User | None, deputy: User | None, at: datetime) -> None:
    """Say who sits there and who stands in; both are counsellors of the agency. Raises NotYoursError, ValueError."""
    row = _mine(booking, user)
    _record(row, user, "booking.assign", at=at, detail=give_to(row, to=to, deputy=deputy))


def word_of(booking: Booking, keys: Keys) -> str:
    """Return what the office wrote when it called off."""
    return unseal(booking, "word", keys=keys)


def reasons_of(booking: Booking, keys: Keys) -> list[tuple[BookingReason, str]]:
    """Return why leads have read it."""
    return [(row, unseal(row, "text", keys=keys)) for row in booking.reasons.select_related("author")]


def _mine(booking: Booking, user: User) -> Booking:
    """Return the locked row if the account sees it. Raises NotYoursError."""
    if not Booking.objects.visible_to(user).filter(pk=booking.pk).exists():
        raise NotYoursError
    return locked_booking(booking)


def _counsellors(booking: Booking, user: User) -> Booking:
    if not may_read(user):
        raise NotYoursError
    return _mine(booking, user)


def _record(booking: Booking, user: User, action: str, *, at: datetime, detail: str = "") -> None:
    record(actor=user, action=action, subject=audit_subject(booking), agency=booking.agency_id, at=at, detail=detail)
