"""What the receiving agency does with an enquiry. Every opening is recorded.

Reading hangs on the membership, not on a permission: a technician has every permission and reads nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.outbox import enqueue
from counseling.about import About
from counseling.actions.enquiries import (
    MAIL_ANSWER,
    ClosedError,
    about_of,
    add_message,
    audit_subject,
    count,
    locked,
    notes_of,
    wants_mail,
)
from counseling.desks import reading_agencies
from counseling.models import Booking, DeskVisit, Enquiry, Message, Note
from counseling.sealing import Keys, seal, unseal
from directory.actions import raise_content_version
from directory.models import Membership, Role
from directory.rights import membership_of, role_of


class NotYoursError(Exception):
    """The account may not do this with the enquiry."""


@dataclass(frozen=True)
class Opened:
    """An enquiry as whoever works on it reads it."""

    about: About
    messages: list[tuple[Message, str]]
    notes: list[tuple[Note, str]]


@transaction.atomic
def visit_inbox(*, user: User, at: datetime) -> None:
    """Note that a counsellor looked: while somebody does, the form is offered.

    The first look after a silence changes public pages: from now on they lead to the form.
    """
    if role_of(user) != Role.COUNSELOR:
        return
    was_read = user.membership.agency_id in reading_agencies(at=at)
    DeskVisit.objects.update_or_create(user=user, defaults={"opened_at": at})
    if not was_read:
        raise_content_version()


@transaction.atomic
def open_enquiry(*, enquiry: Enquiry, user: User, at: datetime, reason: str = "") -> Opened:
    """Return the texts. A lead writes down why, and the person can read that. Raises NotYoursError."""
    row = _mine(enquiry, user)
    keys = Keys()
    if role_of(user) != Role.COUNSELOR:
        if not reason.strip():
            raise NotYoursError
        _note(row, Note.Kind.REASON, reason, user=user, keys=keys, at=at)
    elif row.status == Enquiry.Status.NEW:
        row.status, row.read_at = Enquiry.Status.READ, row.read_at or at
        row.save(update_fields=["status", "read_at"])
    _record(row, user, "enquiry.open_with_reason" if reason else "enquiry.open", at=at)
    messages = [(item, unseal(item, "text", keys=keys)) for item in row.messages.select_related("author")]
    return Opened(about_of(row, keys), messages, notes_of(row, keys))


@transaction.atomic
def answer(*, enquiry: Enquiry, user: User, text: str, is_question: bool, at: datetime) -> None:
    """Write to the person; they hear of it only if they left an address. Raises NotYoursError, ClosedError."""
    row = _open_and_mine(enquiry, user)
    keys = Keys()
    add_message(row, Message.Kind.QUESTION if is_question else Message.Kind.ANSWER, text, author=user, keys=keys, at=at)
    row.status = Enquiry.Status.ASKED if is_question else Enquiry.Status.ANSWERED
    row.answered_at = row.active_at = at
    row.read_at = row.read_at or at
    row.assigned_to = row.assigned_to or user
    row.save(update_fields=["status", "answered_at", "active_at", "read_at", "assigned_to"])
    if wants_mail(about_of(row, keys)):
        enqueue(kind=MAIL_ANSWER, subject=str(row.pk), at=at)
    _record(row, user, "enquiry.ask" if is_question else "enquiry.answer", at=at)


@transaction.atomic
def add_note(*, enquiry: Enquiry, user: User, text: str, at: datetime) -> None:
    """Note something. The person can read it with the code. Raises NotYoursError."""
    row = _counsellors(enquiry, user)
    _note(row, Note.Kind.NOTE, text, user=user, keys=Keys(), at=at)
    _record(row, user, "enquiry.note", at=at)


@transaction.atomic
def assign(*, enquiry: Enquiry, user: User, to: User | None, deputy: User | None, at: datetime) -> None:
    """Say who works on it and who stands in. Both are counsellors of the agency. Raises NotYoursError, ValueError."""
    row = _mine(enquiry, user)
    _record(row, user, "enquiry.assign", at=at, detail=give_to(row, to=to, deputy=deputy))


@transaction.atomic
def close(*, enquiry: Enquiry, user: User | None, outcome: str, at: datetime) -> None:
    """End an enquiry; without ``user`` the nightly run does it. Raises NotYoursError, ClosedError."""
    row = _open_and_mine(enquiry, user) if user else locked(enquiry)
    if row.is_closed:
        raise ClosedError
    row.status, row.outcome, row.closed_at, row.active_at = Enquiry.Status.CLOSED, outcome, at, at
    row.save(update_fields=["status", "outcome", "closed_at", "active_at"])
    count(row, outcome, about=about_of(row, Keys()), at=at)
    _record(row, user, "enquiry.close", at=at, detail=outcome)


def give_to(row: Enquiry | Booking, *, to: User | None, deputy: User | None) -> str:
    """Write into a locked row who works on it and who stands in; return both for the audit log. Raises ValueError."""
    if any(person not in colleagues(row) for person in (to, deputy) if person) or (deputy and deputy == to):
        raise ValueError("not a counsellor of this agency")
    row.assigned_to, row.deputy = to, deputy
    row.save(update_fields=["assigned_to", "deputy"])
    return f"{to.pk if to else '-'} {deputy.pk if deputy else '-'}"


def colleagues(row: Enquiry | Booking) -> list[User]:
    """Return the counsellors of the receiving agency. One query."""
    rows = Membership.objects.filter(agency_id=row.agency_id, role=Role.COUNSELOR, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("user__username")]


def may_read(user: User) -> bool:
    """Whether the account reads enquiries of its agency without giving a reason."""
    return role_of(user) == Role.COUNSELOR


def _mine(enquiry: Enquiry, user: User) -> Enquiry:
    """Return the locked row of the account's own agency. Raises NotYoursError."""
    membership = membership_of(user)
    visible = Enquiry.objects.visible_to(user).filter(pk=enquiry.pk).exists()
    row = locked(enquiry) if visible else None
    if row is None or membership is None or membership.agency_id != row.agency_id:
        raise NotYoursError
    return row


def _counsellors(enquiry: Enquiry, user: User) -> Enquiry:
    if not may_read(user):
        raise NotYoursError
    return _mine(enquiry, user)


def _open_and_mine(enquiry: Enquiry, user: User) -> Enquiry:
    row = _counsellors(enquiry, user)
    if row.is_closed:
        raise ClosedError
    return row


def _note(enquiry: Enquiry, kind: str, text: str, *, user: User, keys: Keys, at: datetime) -> None:
    row = Note(enquiry=enquiry, kind=kind, written_at=at, author=user)
    seal(row, "text", text, agency=enquiry.agency_id, keys=keys, at=at)
    row.save(force_insert=True)


def _record(enquiry: Enquiry, user: User | None, action: str, *, at: datetime, detail: str = "") -> None:
    record(actor=user, action=action, subject=audit_subject(enquiry), agency=enquiry.agency_id, at=at, detail=detail)
