"""Visitors' reports: receiving, answering, handing over, and what the public reads of the answer."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit, outbox
from accounts.models import User
from directory.actions import raise_content_version
from directory.models import Agency, VisitorReport
from directory.models.reports import NOTE_SHOWN
from directory.reportable import Record
from directory.versions import derived

MAIL_KIND = "report.new"
MOST_OPEN = 2000
"""More open reports than people can read: something is wrong, and the form says so."""
TEXT_KEPT = timedelta(days=90)
"""After closing (protection of data: what nobody needs goes)."""
LONGEST_KEPT = timedelta(days=180)
"""After receipt, whatever became of it."""
State = VisitorReport.State


class TooManyOpenError(Exception):
    """Nobody could read another report now."""


@dataclass(frozen=True, slots=True)
class PublicNote:
    """A short answer that stands on the record."""

    text: str
    on: date


@transaction.atomic
def receive(*, record: Record, reason: str, text: str, token: str, at: datetime) -> VisitorReport:
    """Store a report and promise the mail to whoever cares for the record.

    The same form sent twice is one report. Raises TooManyOpenError.
    """
    found = VisitorReport.objects.filter(token=token).first()
    if found is not None:
        return found
    if VisitorReport.objects.open().count() >= MOST_OPEN:
        raise TooManyOpenError
    # Two at the same moment: the second waits for the first and gets its row.
    report, is_new = VisitorReport.objects.get_or_create(
        token=token,
        defaults={
            "kind": record.kind,
            "key": record.key,
            "title": record.title[:200],
            "agency_id": record.agency,
            "reason": reason,
            "text": text,
            "created_at": at,
        },
    )
    if is_new:
        tell(report, at=at)
    return report


def tell(report: VisitorReport, *, at: datetime) -> None:
    """Promise the mail "Es gibt einen Hinweis": at most one a day for an agency, however many reports come."""
    day = timezone.localdate(at)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    today = VisitorReport.objects.filter(agency=report.agency_id, created_at__gte=midnight).exclude(pk=report.pk)
    if not today.exists():
        outbox.enqueue(kind=MAIL_KIND, subject=f"{report.agency_id or 0}:{day.isoformat()}", at=at)


@transaction.atomic
def answer(*, report: VisitorReport, state: str, note: str, by: User, at: datetime) -> None:
    """Close a report, or change how it was closed; ``note`` stands on the record from today for 90 days.

    Raises ValueError for a state that does not close.
    """
    if state not in (State.DONE, State.FINE):
        raise ValueError(state)
    report.note_on = None if not note else report.note_on if note == report.note else timezone.localdate(at)
    report.state, report.note = state, note
    report.closed_at = report.closed_at or at
    report.save(update_fields=["state", "note", "note_on", "closed_at"])
    raise_content_version()
    _record("visitorreport.answer", report, by=by, at=at, detail=f"{state}, note" if note else state)


@transaction.atomic
def hand_over(*, report: VisitorReport, to: Agency | None, by: User, at: datetime) -> None:
    """Give an open report to another agency, or to the coordination; it stays open there."""
    _record("visitorreport.hand_over", report, by=by, at=at, detail=f"agency {to.pk if to else '-'}")
    report.agency = to
    report.save(update_fields=["agency"])
    outbox.enqueue(kind=MAIL_KIND, subject=f"{report.agency_id or 0}:{timezone.localdate(at).isoformat()}", at=at)


def public_notes(kind: str, key: object, *, version: str, on: date) -> list[PublicNote]:
    """Return the answers on a record, newest first; from memory while the content stays the same."""
    notes = derived("report-notes", (version, on), lambda: _load_notes(on))
    return notes.get((kind, str(key)), [])


def texts_to_empty(on: date) -> QuerySet[VisitorReport]:
    """Return reports whose text must go: closed for 90 days, or received 180 days ago, whatever became of them."""
    return VisitorReport.objects.exclude(text="").filter(Q(closed_at__lt=_ago(on, TEXT_KEPT)) | _received_long_ago(on))


def finished(on: date) -> QuerySet[VisitorReport]:
    """Return reports that have no use any more: closed, and an answer no longer shown; or never answered."""
    is_open = Q(state=State.OPEN)
    return VisitorReport.objects.filter(
        (is_open & _received_long_ago(on))
        | (~is_open & Q(closed_at__lt=_ago(on, TEXT_KEPT), note=""))
        | (~is_open & Q(closed_at__lt=_ago(on, TEXT_KEPT), note_on__lte=on - NOTE_SHOWN))
    )


def _load_notes(on: date) -> dict[tuple[str, str], list[PublicNote]]:
    found: dict[tuple[str, str], list[PublicNote]] = {}
    rows = VisitorReport.objects.with_public_note(on=on)
    for kind, key, note, note_on in rows.values_list("kind", "key", "note", "note_on"):
        if note_on is not None:
            found.setdefault((kind, key), []).append(PublicNote(note, note_on))
    return found


def _received_long_ago(on: date) -> Q:
    return Q(created_at__lt=_ago(on, LONGEST_KEPT))


def _ago(on: date, span: timedelta) -> datetime:
    return timezone.make_aware(datetime.combine(on - span, time()))


def _record(action: str, report: VisitorReport, *, by: User, at: datetime, detail: str) -> None:
    subject = audit.subject_of(report)
    audit.record(actor=by, action=action, subject=subject, at=at, agency=report.agency_id, detail=detail)
