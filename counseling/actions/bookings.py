"""What a young person does with an appointment: book, move, cancel, delete.

The last place is given away once. Whoever books holds the row of the rule until the end of the transaction, so
that no other looks at its seats meanwhile; and one seat at one time is one row, which the database itself
guards. SQLite has one writer at a time anyway. Why both: docs/adr/0030.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import IntegrityError, transaction

from accounts.audit import record
from accounts.models import OutboxMessage
from accounts.outbox import enqueue
from counseling.about import About
from counseling.actions.blocks import is_closed
from counseling.actions.enquiries import ClosedError, about_of, audit_subject, count, wants_mail
from counseling.codes import Code
from counseling.issuing import issue, row_of, shown_again
from counseling.limits import Limit, take
from counseling.models import Booking, EnquiryCount, SlotRule
from counseling.sealing import Keys, seal
from counseling.slots import Slot
from directory.opening import BERLIN

BOOKED_AN_HOUR = 40
CHANGED_AN_HOUR = 20
REMINDED_AT = time(16)
MAIL_BOOKED, MAIL_CHANGED = "booking.new", "booking.changed"
MAIL_REMINDER, MAIL_CALLED_OFF = "booking.reminder", "booking.called_off"
_TRIES = 8
SeatOf = Callable[[SlotRule, Slot], int | None]


class FullError(Exception):
    """Nobody can have this time any more; others may be free."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to book, checked: a time of a rule that is offered now."""

    rule: SlotRule
    slot: Slot
    topic: str
    about: About
    notice_version: str


@dataclass(frozen=True)
class Booked:
    """A stored appointment. ``code`` is None when the same form was sent long ago: the code was shown then."""

    booking: Booking
    code: Code | None
    is_new: bool


def free_seat(rule: SlotRule, slot: Slot) -> int | None:
    """Return a seat nobody has at this time, None when all are taken. Call it inside a transaction.

    It waits for whoever gives away a seat of the same rule. An appointment made before the rule was changed may
    overlap: it holds its seat too.
    """
    held = SlotRule.objects.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if held is None or is_closed(held, slot):
        return None
    rows = Booking.objects.taken().filter(rule=held, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
    taken = set(rows.values_list("seat", flat=True))
    return next((seat for seat in range(1, held.places + 1) if seat not in taken), None)


def book(*, wish: Wish, token: str, source: str, at: datetime, seat_of: SeatOf = free_seat) -> Booked:
    """Store an appointment. The same token gives the same appointment, and for a while the same code.

    ``seat_of`` is for drills that prove what happens without the lock. Raises FullError, TooManyError,
    KeyMissingError.
    """
    for _try in range(_TRIES):
        if found := _booked_before(token, at=at):
            return found
        try:
            return _store(wish, token, source, at, seat_of)
        except IntegrityError:
            continue  # the same form in this moment, the same four signs, or the same seat: look again
    raise FullError


def move(*, booking: Booking, rule: SlotRule, slot: Slot, at: datetime, seat_of: SeatOf = free_seat) -> Booking:
    """Give the old place back for another one; without another one the old one stays.

    Raises FullError, ClosedError, TooManyError, and ValueError for another agency.
    """
    try:
        return _move(booking, rule, slot, at, seat_of)
    except IntegrityError as error:
        raise FullError from error


@transaction.atomic
def cancel(*, booking: Booking, at: datetime) -> Booking:
    """Give the place back; name and contact are deleted at once. Raises ClosedError."""
    row = expected(booking, at=at)
    keys = Keys()
    count(row, EnquiryCount.Event.CANCELLED, about=about_of(row, keys), at=at)
    row.state, row.seat, row.changed_at = Booking.State.CANCELLED, None, at
    seal(row, "about", About().to_json(), agency=row.agency_id, keys=keys, at=at)
    row.save(update_fields=["state", "seat", "changed_at", "about_sealed"])
    record(actor=None, action="booking.cancel", subject=audit_subject(row), agency=row.agency_id, at=at)
    enqueue(kind=MAIL_CHANGED, subject=str(row.pk), at=at)
    return row


@transaction.atomic
def delete_booking(*, booking: Booking, at: datetime) -> None:
    """Delete everything at once, because the person wants it. Only the numbers stay. Raises ClosedError."""
    row = locked_booking(booking)
    count(row, EnquiryCount.Event.DELETED, about=about_of(row, Keys()), at=at)
    record(actor=None, action="booking.delete", subject=audit_subject(row), agency=row.agency_id, at=at)
    row.delete()


def locked_booking(booking: Booking) -> Booking:
    """Return the row as it is now, locked until the end of the transaction. Raises ClosedError when it is gone."""
    rows = Booking.objects.select_for_update(of=("self",)).select_related("agency", "contact_point", "rule__person")
    row = rows.filter(pk=booking.pk).first()
    if row is None:
        raise ClosedError
    return row


def expected(booking: Booking, *, at: datetime) -> Booking:
    """Return the locked row of an appointment that is still to come. Raises ClosedError."""
    row = locked_booking(booking)
    if not row.is_booked or row.starts_at <= at:
        raise ClosedError
    return row


def reminder_subject(booking: Booking) -> str:
    """Return what a reminder is about: an appointment at one time, so that one that was moved reminds once."""
    return f"{booking.pk} {booking.starts_at.astimezone(UTC):%Y%m%dT%H%M}"


def reminded_at(starts_at: datetime) -> datetime:
    """Return when to remind: the day before, when school is out."""
    day = starts_at.astimezone(BERLIN).date() - timedelta(days=1)
    return datetime.combine(day, REMINDED_AT, BERLIN)


def _booked_before(token: str, *, at: datetime) -> Booked | None:
    row = row_of(Booking.objects.select_related("agency", "contact_point", "rule__person"), token)
    return Booked(row, shown_again(row, token, since=row.booked_at, at=at), is_new=False) if row else None


@transaction.atomic
def _store(wish: Wish, token: str, source: str, at: datetime, seat_of: SeatOf) -> Booked:
    take((Limit("book", source, BOOKED_AN_HOUR),), at=at)
    seat = seat_of(wish.rule, wish.slot)
    if seat is None:
        raise FullError
    keys = Keys()
    issued = issue(token, keys.ring)
    row = Booking(
        **issued.fields,
        agency=wish.rule.agency,
        seat=seat,
        topic=wish.topic,
        notice_version=wish.notice_version,
        booked_at=at,
        changed_at=at,
        **_place(wish.rule, wish.slot),
    )
    seal(row, "about", wish.about.to_json(), agency=row.agency_id, keys=keys, at=at)
    seal(row, "word", "", agency=row.agency_id, keys=keys, at=at)
    row.save(force_insert=True)
    count(row, EnquiryCount.Event.BOOKED, about=wish.about, at=at)
    enqueue(kind=MAIL_BOOKED, subject=str(row.pk), at=at)
    _promise_reminder(row, wish.about, at=at)
    return Booked(row, issued.code, is_new=True)


@transaction.atomic
def _move(booking: Booking, rule: SlotRule, slot: Slot, at: datetime, seat_of: SeatOf) -> Booking:
    row = expected(booking, at=at)
    if rule.agency_id != row.agency_id:
        raise ValueError("an appointment stays with its agency")
    take((Limit("move", row.public_id, CHANGED_AN_HOUR),), at=at)
    seat = seat_of(rule, slot)
    if seat is None:
        raise FullError
    values = {**_place(rule, slot), "seat": seat, "deputy": None, "changed_at": at, "seen_at": None}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    record(actor=None, action="booking.move", subject=audit_subject(row), agency=row.agency_id, at=at)
    enqueue(kind=MAIL_CHANGED, subject=str(row.pk), at=at)
    _promise_reminder(row, about_of(row, Keys()), at=at)
    return row


def _place(rule: SlotRule, slot: Slot) -> dict[str, object]:
    """Return when, where, how and with whom."""
    return {
        "rule": rule,
        "contact_point": rule.contact_point,
        "channel": rule.channel,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "assigned_to": rule.counsellor,
    }


def _promise_reminder(row: Booking, about: About, *, at: datetime) -> None:
    due = reminded_at(row.starts_at)
    if not wants_mail(about) or due <= at:
        return
    subject = reminder_subject(row)
    waiting = OutboxMessage.objects.filter(
        kind=MAIL_REMINDER, subject=subject, state=OutboxMessage.State.WAITING
    ).exists()
    if not waiting:  # moved away and back again
        enqueue(kind=MAIL_REMINDER, subject=subject, at=at, not_before=due)
