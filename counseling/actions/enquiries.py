"""What a young person does: ask, look, write again, take everything along, delete.

Whoever knows the code is the person; there is no other proof. Everything of one deed happens in one
transaction: the enquiry, its number in the statistics and the promise of a mail.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.outbox import enqueue
from counseling.about import BY_MAIL, About
from counseling.codes import Code
from counseling.issuing import issue, row_of, shown_again
from counseling.limits import Limit, TooManyError, take
from counseling.models import Booking, Enquiry, EnquiryCount, Message, Note
from counseling.sealing import Keys, seal, unseal
from directory.models import Agency, ContactPoint

SENT_AN_HOUR = 40
WRITTEN_AN_HOUR = 20
MAIL_NEW, MAIL_ANSWER = "enquiry.new", "enquiry.answer"
_TRIES = 8


class DeskFullError(Exception):
    """More enquiries wait than anybody can read; the text stays with the person."""


class ClosedError(Exception):
    """The enquiry has ended; nothing can be added."""


@dataclass(frozen=True)
class Draft:
    """What somebody wants to send, checked."""

    agency: Agency
    topic: str
    text: str
    about: About
    due_at: datetime
    notice_version: str
    point: ContactPoint | None = None


@dataclass(frozen=True)
class Sent:
    """A stored enquiry. ``code`` is None when the same form was sent long ago: the code was shown then."""

    enquiry: Enquiry
    code: Code | None
    is_new: bool


def send_enquiry(*, draft: Draft, token: str, source: str, at: datetime) -> Sent:
    """Store an enquiry. The same token gives the same enquiry, and for a while the same code.

    Raises TooManyError, DeskFullError, KeyMissingError.
    """
    for _try in range(_TRIES):
        try:
            return _store(draft, token, source, at)
        except IntegrityError:
            # The same form once more, or the same four signs: then with others.
            if found := _sent_before(token, at=at):
                return found
        except (TooManyError, DeskFullError):
            # A form that got through before its limit was reached still shows its code.
            if found := _sent_before(token, at=at):
                return found
            raise
    raise DeskFullError


@transaction.atomic
def write_again(*, enquiry: Enquiry, text: str, due_at: datetime, at: datetime) -> None:
    """Add a text of the person; the agency hears of it. Raises ClosedError, TooManyError."""
    row = locked(enquiry)
    if row.is_closed:
        raise ClosedError
    take((Limit("again", row.public_id, WRITTEN_AN_HOUR),), at=at)
    add_message(row, Message.Kind.FROM_PERSON, text, author=None, keys=Keys(), at=at)
    if not row.waits_for_us:
        row.due_at = due_at
    row.status, row.active_at = Enquiry.Status.NEW, at
    row.save(update_fields=["status", "active_at", "due_at"])
    enqueue(kind=MAIL_NEW, subject=str(row.pk), at=at)


@transaction.atomic
def delete_enquiry(*, enquiry: Enquiry, at: datetime) -> None:
    """Delete everything at once, because the person wants it. Only the numbers stay."""
    row = locked(enquiry)
    count(row, Enquiry.Outcome.WITHDRAWN, about=about_of(row, Keys()), at=at)
    record(actor=None, action="enquiry.delete", subject=audit_subject(row), agency=row.agency_id, at=at)
    row.delete()


@transaction.atomic
def conversation(*, enquiry: Enquiry, at: datetime) -> list[tuple[Message, str]]:
    """Return the texts both wrote, in order; answers count as seen from now on."""
    keys = Keys()
    rows = list(enquiry.messages.all())
    unseen = [row.pk for row in rows if not row.is_from_person and row.seen_at is None]
    if unseen:
        Message.objects.filter(pk__in=unseen).update(seen_at=at)
    return [(row, unseal(row, "text", keys=keys)) for row in rows]


def notes_of(enquiry: Enquiry, keys: Keys) -> list[tuple[Note, str]]:
    """Return what the agency noted."""
    return [(row, unseal(row, "text", keys=keys)) for row in enquiry.notes.select_related("author")]


def about_of(row: Enquiry | Booking, keys: Keys) -> About:
    """Return what the person said about themselves."""
    return About.from_json(unseal(row, "about", keys=keys))


def add_message(enquiry: Enquiry, kind: str, text: str, *, author: object, keys: Keys, at: datetime) -> Message:
    """Put a text at the end of a conversation that is locked."""
    last = enquiry.messages.order_by("-position").values_list("position", flat=True).first() or 0
    return _write_message(enquiry, kind, text, position=last + 1, author=author, keys=keys, at=at)


def _write_message(
    enquiry: Enquiry, kind: str, text: str, *, position: int, author: object, keys: Keys, at: datetime
) -> Message:
    row = Message(enquiry=enquiry, kind=kind, position=position, written_at=at, author=author)  # type: ignore[misc]
    seal(row, "text", text, agency=enquiry.agency_id, keys=keys, at=at)
    row.save(force_insert=True)
    return row


def count(row: Enquiry | Booking, event: str, *, about: About, at: datetime) -> None:
    """Add one to the statistics of the month it is here."""
    EnquiryCount.objects.create(
        month=timezone.localdate(at).replace(day=1),
        agency_id=row.agency_id,
        topic=row.topic,
        age_band=about.age_band,
        event=event,
    )


def locked(enquiry: Enquiry) -> Enquiry:
    """Return the row as it is now, locked until the end of the transaction. Raises ClosedError when it is gone."""
    row = Enquiry.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=enquiry.pk).first()
    if row is None:
        raise ClosedError
    return row


def audit_subject(row: Enquiry | Booking) -> str:
    """Return how the record names an enquiry or an appointment: by the part of the code that may be known."""
    return f"{row._meta.label_lower}:{row.public_id}"


def _sent_before(token: str, *, at: datetime) -> Sent | None:
    enquiry = row_of(Enquiry.objects.select_related("agency"), token)
    if enquiry is None:
        return None
    return Sent(enquiry, shown_again(enquiry, token, since=enquiry.received_at, at=at), is_new=False)


@transaction.atomic
def _store(draft: Draft, token: str, source: str, at: datetime) -> Sent:
    take((Limit("send", source, SENT_AN_HOUR),), at=at)
    if _is_flooded(settings.MOST_WAITING_ENQUIRIES):
        raise DeskFullError
    keys = Keys()
    issued = issue(token, keys.ring)
    enquiry = Enquiry(
        **issued.fields,
        agency=draft.agency,
        contact_point=draft.point,
        topic=draft.topic,
        notice_version=draft.notice_version,
        received_at=at,
        active_at=at,
        due_at=draft.due_at,
    )
    seal(enquiry, "about", draft.about.to_json(), agency=draft.agency.pk, keys=keys, at=at)
    enquiry.save(force_insert=True)
    _write_message(enquiry, Message.Kind.FROM_PERSON, draft.text, position=1, author=None, keys=keys, at=at)
    count(enquiry, EnquiryCount.Event.RECEIVED, about=draft.about, at=at)
    enqueue(kind=MAIL_NEW, subject=str(enquiry.pk), at=at)
    return Sent(enquiry, issued.code, is_new=True)


def _is_flooded(most: int) -> bool:
    """Whether so many wait unread. Whether there is a last one costs less than counting them."""
    return most < 1 or Enquiry.objects.filter(status=Enquiry.Status.NEW)[most - 1 : most].exists()


def wants_mail(about: About) -> bool:
    """Whether the person left an address to be told that there is an answer."""
    return about.way == BY_MAIL and bool(about.email)
