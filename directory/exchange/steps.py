"""The steps of an import. Each is small, can be taken twice without harm, and goes on where it stopped."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from accounts import audit
from accounts.models import User
from directory.exchange.checking import LEAVE_OUT, NEW, Checker, Finding, Outcome
from directory.exchange.entering import Entry, enter
from directory.exchange.kinds import Kind
from directory.exchange.recognise import recognise
from directory.exchange.registry import kind_of
from directory.exchange.sheets import Sheet
from directory.models import Import, ImportRow
from directory.rights import Reach

SECONDS = 2.0
"""How long one request works before it shows how far it is."""
CHUNK = 25
"""Rows in one transaction: short enough that nobody waits for the lock."""
State = Import.State


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of how many are done."""

    done: int
    total: int


@transaction.atomic
def begin(*, key: UUID, kind: Kind, sheet: Sheet, agency: int | None, by: User, at: datetime) -> Import:
    """Store a table as an import and recognise its columns; the same key again returns the same import."""
    guesses = recognise(sheet.header, kind)
    is_clear = all(guess.is_sure for guess in guesses) and any(guess.name for guess in guesses)
    mapping = [guess.name if guess.is_sure else None for guess in guesses]
    values = {
        "kind": kind.key,
        "agency_id": agency,
        "by": by,
        "at": at,
        "state": State.CHECKING if is_clear else State.COLUMNS,
        "header": sheet.header,
        "mapping": mapping,
    }
    batch, is_new = Import.objects.get_or_create(key=key, defaults=values)
    if is_new:
        rows = [ImportRow(batch=batch, number=number, cells=cells) for number, cells in sheet.rows]
        ImportRow.objects.bulk_create(rows, batch_size=200)
        _note(batch, "table.upload", by=by, at=at, detail=f"{kind.key}: {len(rows)}")
    return batch


@transaction.atomic
def map_columns(batch: Import, mapping: Sequence[str]) -> None:
    """Say which column is which; every row is checked anew. Nothing happens once rows were entered."""
    batch = _locked(batch)
    if batch.state in (State.COLUMNS, State.CHECKING, State.READY):
        batch.mapping, batch.state = list(mapping), State.CHECKING
        batch.save(update_fields=["mapping", "state"])
        batch.rows.update(outcome="", choice="", target=None)


@transaction.atomic
def choose(batch: Import, choices: dict[int, str], *, reach: Reach, on: date) -> None:
    """Say of rows (by number) whether they are new, the same as a record (its key), or to be left out."""
    batch = _locked(batch)
    if batch.state not in (State.READY, State.DONE):
        return
    rows = [row for row in batch.rows.filter(number__in=choices, result="") if _is_allowed(row, choices[row.number])]
    for row in rows:
        row.choice = choices[row.number]
    _check_rows(batch, rows, reach=reach, on=on)


def _is_allowed(row: ImportRow, choice: str) -> bool:
    return bool(row.candidates) and (choice in (NEW, LEAVE_OUT) or choice in {str(pk) for pk in row.candidates})


@transaction.atomic
def start(batch: Import) -> bool:
    """Let the rows that are right be entered; return whether there are any."""
    batch = _locked(batch)
    if batch.state not in (State.READY, State.DONE) or not _enterable(batch).exists():
        return False
    batch.state = State.RUNNING
    batch.save(update_fields=["state"])
    return True


@transaction.atomic
def discard(batch: Import, *, by: User, at: datetime) -> None:
    """Delete an import; what it entered stays."""
    _note(batch, "table.discard", by=by, at=at, detail=batch.kind)
    batch.delete()


def work(batch: Import, *, reach: Reach, by: User, on: date, at: datetime, seconds: float = SECONDS) -> Progress:
    """Check or enter rows for a few seconds and say how far it is; does nothing when nothing was started."""
    ends_at = time.monotonic() + seconds
    checker: Checker | None = None
    while batch.state in (State.CHECKING, State.RUNNING):
        kind = kind_of(batch.kind)
        if kind is None:
            break
        # What the file says about its own rows is read once; records are read anew for each chunk.
        checker = checker or Checker(batch, kind, reach=reach, on=on)
        batch = _chunk(batch, checker, by=by, at=at)
        if time.monotonic() > ends_at:
            break
    rows = batch.rows.all()
    total = rows.count() if batch.state != State.RUNNING else rows.exclude(outcome__in=_NEVER).count()
    left = rows.filter(outcome="") if batch.state != State.RUNNING else _enterable(batch)
    return Progress(total - left.count(), total)


_NEVER = (Outcome.WRONG, Outcome.DOUBLE, Outcome.SAME, Outcome.LEFT_OUT)


@transaction.atomic
def _chunk(batch: Import, checker: Checker, *, by: User, at: datetime) -> Import:
    batch = _locked(batch)
    if batch.state == State.CHECKING:
        rows = list(batch.rows.filter(outcome="")[:CHUNK])
        _store(rows, checker.check(rows))
        following = State.READY if len(rows) < CHUNK else None
    elif batch.state == State.RUNNING:
        rows = list(_enterable(batch)[:CHUNK])
        _enter_rows(rows, checker, by=by, at=at)
        following = State.DONE if len(rows) < CHUNK else None
        if following:
            _note(batch, "table.import", by=by, at=at, detail=_summary(batch))
    else:
        following = None
    if following:
        batch.state = following
        batch.save(update_fields=["state"])
    return batch


def _enter_rows(rows: list[ImportRow], checker: Checker, *, by: User, at: datetime) -> None:
    """Enter what is still as the person saw it; the others say so and wait."""
    entries = []
    for row, finding in zip(rows, checker.check(rows), strict=True):
        if finding.outcome == row.outcome and finding.differences == row.differences:
            entries.append(Entry(row, finding))
        else:
            _apply(row, finding)
            row.result = ImportRow.Result.REFUSED
    enter(entries, checker.kind, reach=checker.reach, by=by, at=at)
    _save(rows)


def _check_rows(batch: Import, rows: list[ImportRow], *, reach: Reach, on: date) -> None:
    kind = kind_of(batch.kind)
    if kind is not None:
        _store(rows, Checker(batch, kind, reach=reach, on=on).check(rows), keep_candidates=True)


def _store(rows: list[ImportRow], findings: Sequence[Finding], *, keep_candidates: bool = False) -> None:
    for row, finding in zip(rows, findings, strict=True):
        if keep_candidates:
            finding.candidates = row.candidates
        _apply(row, finding)
    _save(rows)


def _apply(row: ImportRow, finding: Finding) -> None:
    values = asdict(Shown(finding.outcome, finding.problems, finding.differences, finding.target, finding.candidates))
    for name, value in values.items():
        setattr(row, name, value)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is kept of a finding."""

    outcome: str
    problems: list[dict[str, str]]
    differences: list[dict[str, str]]
    target: int | None
    candidates: list[int]


def _save(rows: list[ImportRow]) -> None:
    names = ["outcome", "problems", "differences", "target", "candidates", "choice", "result"]
    ImportRow.objects.bulk_update(rows, names, batch_size=200)


def _enterable(batch: Import) -> Any:
    return batch.rows.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED), result="")


def counts(batch: Import) -> dict[str, int]:
    """Return how many rows there are of each finding, and of each result."""
    found = batch.rows.order_by().values_list("outcome", "result").annotate(number=Count("pk"))
    numbers: dict[str, int] = {}
    for outcome, result, number in found:
        for name in {outcome, result}:
            numbers[name] = numbers.get(name, 0) + number
    return numbers


def _summary(batch: Import) -> str:
    numbers = counts(batch)
    results = [str(value) for value in ImportRow.Result.values]
    return ", ".join(f"{name} {numbers[name]}" for name in [*results, str(Outcome.WRONG)] if numbers.get(name))


def _locked(batch: Import) -> Import:
    return Import.objects.select_for_update().get(pk=batch.pk)


def _note(batch: Import, action: str, *, by: User, at: datetime, detail: str) -> None:
    audit.record(actor=by, action=action, subject=audit.subject_of(batch), at=at, agency=batch.agency_id, detail=detail)
