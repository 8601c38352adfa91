"""What a code opens: an enquiry or an appointment. Whoever knows the code is the person; there is no other proof."""

import hmac
import logging
from datetime import datetime

from django.core import signing
from django.db import transaction

from accounts.keys import KeyMissingError, UnknownKeyError, key_ring
from accounts.outbox import enqueue
from counseling.codes import Code, read_code, stored_hash
from counseling.limits import Limit, give_back, take, tally
from counseling.models import Booking, BookingQuerySet, Enquiry, EnquiryQuerySet

WRONG_AN_HOUR, WRONG_FROM_ONE_PLACE = 5, 20
MAIL_GUESSING = "enquiry.guessing"
WRONG_CODES, ALARM_AT = "wrong codes", 200
TICKET_SECONDS = 30 * 60
_SALT = "counseling.answer"
logger = logging.getLogger(__name__)


class WrongCodeError(Exception):
    """There is nothing behind this code."""


def find_by_code(*, typed: str, source: str, at: datetime) -> Enquiry | Booking:
    """Return what a code opens. Raises WrongCodeError or TooManyError.

    The check sign costs nothing, the limits come next, and the hashes last: known or not, they are made.
    """
    code = read_code(typed)
    if code is None:
        raise WrongCodeError
    limits = (
        Limit("code", code.public_id, WRONG_AN_HOUR),
        Limit("codes", source, WRONG_FROM_ONE_PLACE),
    )
    take(limits, at=at)
    found = by_code(code)
    if found is None:
        _count_wrong(at)
        raise WrongCodeError
    give_back(limits, at=at)
    return found


@transaction.atomic
def _count_wrong(at: datetime) -> None:
    """Raise the alarm once when very many codes are wrong within an hour, from wherever they come."""
    if tally(WRONG_CODES, at=at) == ALARM_AT:
        logger.error("%s wrong codes within an hour: somebody guesses", ALARM_AT)
        enqueue(kind=MAIL_GUESSING, subject=at.isoformat(timespec="minutes"), at=at)


def ticket_of(row: Enquiry | Booking) -> str:
    """Return what stands in the page instead of the code, once the code was right."""
    return signing.dumps([row._meta.model_name, str(row.pk)], salt=_SALT)


def by_ticket(ticket: str) -> Enquiry | Booking | None:
    """Return what a ticket opens; None for a changed one, an old one, or a row that is gone. One query."""
    try:
        kind, key = signing.loads(ticket, salt=_SALT, max_age=TICKET_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = _bookings() if kind == Booking._meta.model_name else _enquiries()
    found: Enquiry | Booking | None = rows.filter(pk=key).first()
    return found


def by_code(code: Code) -> Enquiry | Booking | None:
    """Return what a code opens. Two queries and two hashes, known or not; nothing is limited here.

    An enquiry and an appointment may share their four signs: the secrets tell them apart.
    """
    rows = [found.filter(public_id=code.public_id).first() for found in (_enquiries(), _bookings())]
    opened: list[Enquiry | Booking | None] = [row for row in rows if _is_of(code, row)]
    return opened[0] if opened else None


def _enquiries() -> EnquiryQuerySet:
    return Enquiry.objects.select_related("agency", "contact_point")


def _bookings() -> BookingQuerySet:
    return Booking.objects.select_related("agency", "contact_point", "rule__person")


def _is_of(code: Code, row: Enquiry | Booking | None) -> bool:
    """Whether the code is the row's; for no row the same work is done for nothing."""
    ring = key_ring()
    try:
        key = ring.derive("code", row.code_key if row else ring.current)
    except UnknownKeyError as error:
        raise KeyMissingError(f"ENQUIRY_KEYS: der Schlüssel „{error}“ fehlt.") from error
    known = row.code_hash if row else "0" * 64
    return hmac.compare_digest(stored_hash(code, key), known) and row is not None
