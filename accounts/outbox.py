"""The outbox: a mail is promised together with its cause and sent later, never twice.

A row says what happened (``kind``) and to what (``subject``); addresses, texts and secrets are made
when the mail leaves, by the function registered for the kind. Each recipient gets a mail of his own,
so that one refused address delays nobody else.

Before a mail leaves, the row says so and that is committed; after it, the row says that it left.
Whoever finds a row whose sender died in between cannot know. It is marked doubtful and that mail is
never sent again: for a reminder, none is better than two, and a person can see it. Why: ADR 0021.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from accounts.mail import DeliveryUnknownError
from accounts.models import OutboxMessage

State = OutboxMessage.State
Builder = Callable[[str, datetime], Sequence[EmailMessage]]
Delivery = tuple[str, EmailMessage]

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(hours=72)
# Far longer than a mail server may keep us; a row claimed longer than this lost its sender.
CLAIM_LOST_AFTER = timedelta(minutes=30)
OPEN = (State.WAITING, State.SENDING)

logger = logging.getLogger(__name__)
_builders: dict[str, Builder] = {}


def register(kind: str, build: Builder) -> None:
    """Say who writes the mails of a kind. ``build(subject, at)`` runs outside any transaction, at every try.

    It returns the mails for one row, in any order, or none when there is nothing to say any more.
    """
    _builders[kind] = build


def enqueue(*, kind: str, subject: str, at: datetime, not_before: datetime | None = None) -> OutboxMessage:
    """Promise a mail. Call it in the transaction of its cause; raises ValueError for an unknown kind."""
    if kind not in _builders:
        raise ValueError(f"nobody writes mails of kind {kind!r}")
    due = not_before or at
    return OutboxMessage.objects.create(kind=kind, subject=subject, created_at=at, first_due_at=due, due_at=due)


def deliver_next(*, at: datetime) -> str | None:
    """Send the row that is due longest; return the state it came to, or None when nothing is due."""
    row = _claim(at=at)
    if row is None:
        return None
    _deliver(row, at=at)
    return row.state


def recover(*, at: datetime) -> int:
    """Free rows whose sender died; what was just leaving then is in doubt for good. Return how many."""
    lost = OutboxMessage.objects.filter(state=State.SENDING, claimed_at__lte=at - CLAIM_LOST_AFTER)
    found = 0
    with transaction.atomic():
        for row in _lock(lost):
            _doubt_leaving(row)
            row.state, row.claim = State.WAITING, ""
            row.save(update_fields=["state", "claim", "leaving", "in_doubt"])
            found += 1
    return found


def oldest_due(*, at: datetime) -> datetime | None:
    """Return since when the oldest open row is due; None when nothing is late. For health checks."""
    row = OutboxMessage.objects.filter(state__in=OPEN, first_due_at__lte=at).order_by("first_due_at").first()
    return row.first_due_at if row else None


def old_rows(*, before: datetime) -> QuerySet[OutboxMessage]:
    """Return rows to delete: 7 days after an end that needs nobody, 14 after one that somebody should see."""
    quiet = Q(state__in=[State.SENT, State.NOT_NEEDED], done_at__lt=before - timedelta(days=7))
    return OutboxMessage.objects.filter(quiet | Q(done_at__lt=before - timedelta(days=14)))


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many failed tries: 1 minute, doubled each time, up to 6 hours."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def _lock(rows: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
    # SQLite takes the write lock at the start of every transaction and knows no locks on rows.
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=skip) if connection.features.has_select_for_update else rows


def _claim(*, at: datetime) -> OutboxMessage | None:
    with transaction.atomic():
        due = OutboxMessage.objects.filter(state=State.WAITING, due_at__lte=at).order_by("due_at", "pk")
        row: OutboxMessage | None = _lock(due).first()
        if row is not None:
            row.state, row.claim, row.claimed_at = State.SENDING, secrets.token_hex(16), at
            row.num_tries += 1
            row.save(update_fields=["state", "claim", "claimed_at", "num_tries"])
    return row


def _deliver(row: OutboxMessage, *, at: datetime) -> None:
    """Send what is still to be sent of a claimed row and note how it ended."""
    try:
        deliveries = list(_deliveries(row, at))
    except Exception as error:  # a mistake in one kind of mail must not stop all others
        logger.exception("mail of kind %s could not be written", row.kind)
        _try_later(row, type(error).__name__, at=at)
        return
    done = {*row.delivered.split(), *row.in_doubt.split()}
    problem = _send_all(row, [delivery for delivery in deliveries if delivery[0] not in done])
    if problem:
        _try_later(row, problem, at=at)
    elif row.in_doubt:
        _finish(row, State.DOUBTFUL, at=at)
    else:
        _finish(row, State.SENT if row.delivered else State.NOT_NEEDED, at=at)


def _deliveries(row: OutboxMessage, at: datetime) -> Iterator[Delivery]:
    """Yield one mail a recipient with the hash it is known by; what is wrong with a header shows here."""
    seen: Counter[str] = Counter()
    for message in _builders[row.kind](row.subject, at):
        for address in dict.fromkeys(message.recipients()):
            seen[address] += 1
            single = copy(message)
            single.to, single.cc, single.bcc = [address], [], []
            # Away notices shall not answer (RFC 3834).
            single.extra_headers = {"Auto-Submitted": "auto-generated", **message.extra_headers}
            single.message()
            secret = f"{row.pk}\n{address}\n{seen[address]}"
            yield salted_hmac("accounts.outbox", secret, algorithm="sha256").hexdigest(), single


def _send_all(row: OutboxMessage, deliveries: Sequence[Delivery]) -> str:
    """Send one after the other; return the name of what went wrong last, or ""."""
    problem = ""
    mailer = get_connection()
    try:
        for key, message in deliveries:
            if not _note(row, leaving=key):
                return ""  # somebody else took the row for lost; it is theirs now
            try:
                _send(row, mailer, message)
            except (SMTPRecipientsRefused, SMTPResponseException) as error:
                problem = _name(error)
            except OSError as error:  # nobody answers: the next recipient would wait for nothing as well
                problem = _name(error)
                break
            finally:
                _note(row, leaving="")
    finally:
        _close(mailer)
    return problem


def _send(row: OutboxMessage, mailer: BaseEmailBackend, message: EmailMessage) -> None:
    """Send one mail and remember on the row that it left, or may have. Raises what allows another try."""
    # Opened here: a backend that opens by itself hangs up by itself, and an error then would look like a failure.
    mailer.open()
    try:
        mailer.send_messages([message])
    except DeliveryUnknownError:
        _doubt_leaving(row)
        _close(mailer)
    else:
        row.delivered = f"{row.delivered} {row.leaving}".strip()


def _note(row: OutboxMessage, *, leaving: str) -> bool:
    """Write the progress down, at once; False when the row was taken away in the meantime."""
    row.leaving = leaving
    mine = OutboxMessage.objects.filter(pk=row.pk, claim=row.claim, state=State.SENDING)
    return bool(mine.update(leaving=leaving, delivered=row.delivered, in_doubt=row.in_doubt))


def _try_later(row: OutboxMessage, error: str, *, at: datetime) -> None:
    row.last_error = error[:60]
    if at - row.first_due_at >= GIVEN_UP_AFTER:
        logger.error("mail %s given up: %s", row.pk, row.last_error)
        _finish(row, State.FAILED, at=at)
        return
    row.due_at = at + pause_after(row.num_tries)
    _finish(row, State.WAITING, at=at)


def _finish(row: OutboxMessage, state: str, *, at: datetime) -> None:
    mine = OutboxMessage.objects.filter(pk=row.pk, claim=row.claim, state=State.SENDING)
    row.state, row.done_at = state, None if state == State.WAITING else at
    mine.update(state=state, done_at=row.done_at, due_at=row.due_at, last_error=row.last_error, claim="")


def _doubt_leaving(row: OutboxMessage) -> None:
    """Count what was leaving as perhaps arrived."""
    if row.leaving:
        row.in_doubt = f"{row.in_doubt} {row.leaving}".strip()
        row.leaving = ""


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except OSError as error:  # every SMTPException is one
        logger.info("mail server hung up: %s", type(error).__name__)


def _name(error: Exception) -> str:
    """Return what may be written down: the kind of error and the server's code, no address, no text."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _text in error.recipients.values()})
        return f"{type(error).__name__} {' '.join(codes)}"
    if isinstance(error, SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
