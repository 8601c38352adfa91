"""Who is asked today, who is reminded, and of what the coordination gets a copy. Run once a day; twice does no harm."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import outbox
from accounts.models import OutboxMessage
from directory.actions import raise_content_version
from directory.freshness import state
from directory.freshness.dates import (
    STAGES,
    TO_COORDINATION,
    TO_OWNER,
    TOGETHER_DAYS,
    is_time_to_ask,
    stage_for,
)
from directory.freshness.mails import TO_COORDINATION_KIND, TO_OWNER_KIND
from directory.models import Agency, ConfirmationRequest, GroupCheck

PER_AGENCY = 10
"""New questions to one agency a day: a mail with forty links is answered by nobody."""
Record = tuple[str, int]


@dataclass
class Run:
    """What one run did: mails a stage, records without anybody to ask, and whether the public changed."""

    mails: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    nobody_to_ask: int = 0
    is_public_changed: bool = False


@transaction.atomic
def remind(*, on: date, at: datetime) -> Run:
    """Bring every state in step, ask, remind, tell. All mails go through the outbox."""
    run = Run(is_public_changed=state.refresh_all(on=on))
    checks: dict[Record, list[GroupCheck]] = defaultdict(list)
    for row in GroupCheck.objects.filter(is_public=True, answered_on=None).order_by("object_id"):
        checks[row.record, row.object_id].append(row)
    _close_settled(checks, on=on)
    told: set[tuple[str, str]] = set()
    _go_on(checks, told, run, on=on)
    _ask(checks, told, run, on=on)
    for kind, subject in sorted(told):
        if not OutboxMessage.objects.filter(kind=kind, subject=subject).exists():
            outbox.enqueue(kind=kind, subject=subject, at=at)
            run.mails[kind] += 1
    if run.questions:
        run.is_public_changed |= state.refresh_all(on=on)
    if run.is_public_changed:
        raise_content_version()
    return run


def _close_settled(checks: dict[Record, list[GroupCheck]], *, on: date) -> None:
    """A question is settled when somebody confirmed with an account, or the record is not public any more."""
    settled = [
        request.pk
        for request in ConfirmationRequest.objects.filter(closed_on=None)
        if not _still_asked(request, checks.get((request.record, request.object_id), []))
    ]
    ConfirmationRequest.objects.filter(pk__in=settled).update(closed_on=on)


def _still_asked(request: ConfirmationRequest, rows: list[GroupCheck]) -> bool:
    return any(row.group in request.groups.split() and row.asked_on is not None for row in rows)


def _go_on(checks: dict[Record, list[GroupCheck]], told: set[tuple[str, str]], run: Run, *, on: date) -> None:
    """Move open questions to the stage of the day."""
    for request in ConfirmationRequest.objects.filter(closed_on=None):
        rows = checks.get((request.record, request.object_id), [])
        hidden = min((row.hidden_from for row in rows if row.hidden_from), default=None)
        stage = stage_for(opened_on=request.opened_on, hidden_from=hidden, on=on)
        if STAGES.index(stage) <= STAGES.index(request.stage):
            continue
        mine = ConfirmationRequest.objects.filter(pk=request.pk, stage=request.stage)
        if mine.update(stage=stage, stage_on=on):
            run.questions[stage] += 1
            _tell(told, stage, request.agency_id, on=on)


def _ask(checks: dict[Record, list[GroupCheck]], told: set[tuple[str, str]], run: Run, *, on: date) -> None:
    """Open new questions, at most ``PER_AGENCY`` for each agency."""
    receiver = _receivers()
    open_now = set(ConfirmationRequest.objects.filter(closed_on=None).values_list("record", "object_id"))
    asked: Counter[int] = Counter()
    for key, rows in sorted(checks.items(), key=lambda item: _urgency(item[1])):
        due = [row for row in rows if is_time_to_ask(row.due_on, on=on)]
        if not due or key in open_now:
            continue
        agency = receiver.get(rows[0].agency_id)
        if agency is None:
            run.nobody_to_ask += 1
            continue
        if asked[agency] >= PER_AGENCY:
            continue
        soon = on + timedelta(days=TOGETHER_DAYS)
        together = [row for row in rows if row.due_on is None or row.due_on <= soon]
        groups = " ".join(row.group for row in together)
        ConfirmationRequest.objects.create(
            record=key[0], object_id=key[1], agency_id=agency, groups=groups, opened_on=on, stage="ask", stage_on=on
        )
        GroupCheck.objects.filter(pk__in=[row.pk for row in together], asked_on=None).update(asked_on=on)
        asked[agency] += 1
        run.questions["ask"] += 1
        _tell(told, "ask", agency, on=on)


def _urgency(rows: list[GroupCheck]) -> tuple[date, int]:
    """Order by the first day due; what nobody ever confirmed comes last, it is marked as such anyway."""
    return min((row.due_on for row in rows if row.due_on), default=date.max), rows[0].object_id


def _receivers() -> dict[int | None, int]:
    """Return who is asked for the records of each agency: itself, or the coordination for those without a mailbox."""
    rows = list(Agency.objects.order_by("pk").values_list("pk", "office_email", "kind"))
    coordination = next((pk for pk, email, kind in rows if email and kind == Agency.Kind.COORDINATION), None)
    found: dict[int | None, int] = {pk: pk for pk, email, _kind in rows if email}
    if coordination is not None:
        found = {pk: coordination for pk, _email, _kind in rows} | {None: coordination} | found
    return found


def _tell(told: set[tuple[str, str]], stage: str, agency: int, *, on: date) -> None:
    if stage in TO_OWNER:
        told.add((TO_OWNER_KIND, f"{agency}:{stage}:{on}"))
    if stage in TO_COORDINATION:
        told.add((TO_COORDINATION_KIND, f"{on}"))
