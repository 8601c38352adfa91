"""Writes that more than one place needs."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from directory.freshness.state import confirm
from directory.models import ContentVersion, GroupCheck, Reviewed, Status
from directory.versions import forget_lease, let_leases_end


def raise_content_version() -> None:
    """Say that public content changed. Call it in the transaction that changes it.

    After the commit it waits a few milliseconds (``let_leases_end``): when the caller goes on, no worker
    shows the old page any more.
    """
    stamp = secrets.token_hex(8)
    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1, stamp=stamp):
        ContentVersion.objects.create(pk=1, number=1, stamp=stamp)
    forget_lease()
    transaction.on_commit(let_leases_end)


@transaction.atomic
def mark_checked(records: Sequence[Any], *, on: date, at: datetime) -> int:
    """Say that a person checked these records on the day ``on``; return how many.

    Works for every model with ``checked_on``; the next review day follows where there is one.
    """
    for row in records:
        row.checked_on = on
        if isinstance(row, Reviewed):
            row.set_review_due()
    _store(records, ["checked_on", "review_due_on"], at=at)
    confirm(records, by=GroupCheck.By.STAFF, on=on)
    return len(records)


@transaction.atomic
def publish(records: Sequence[Any], *, at: datetime) -> int:
    """Put the records into the public (their dates and the example mark still count); return how many."""
    return _set_status(records, Status.PUBLISHED, at=at)


@transaction.atomic
def take_back(records: Sequence[Any], *, at: datetime) -> int:
    """Make drafts of the records, so that no visitor sees them; return how many."""
    return _set_status(records, Status.DRAFT, at=at)


@transaction.atomic
def archive(records: Sequence[Any], *, at: datetime) -> int:
    """Put the records away for good, so that no visitor sees them; return how many."""
    return _set_status(records, Status.ARCHIVED, at=at)


def _set_status(records: Sequence[Any], status: Status, *, at: datetime) -> int:
    for row in records:
        row.status = status
    _store(records, ["status"], at=at)
    return len(records)


def _store(records: Sequence[Any], fields: list[str], *, at: datetime) -> None:
    """Write the fields that the model has, in a constant number of queries, and raise the content version."""
    if not records:
        return
    model: type[Model] = type(records[0])
    known = {field.name for field in model._meta.concrete_fields}
    stamps = ["staff_edited_at", "updated_at"]
    for row in records:
        for name in stamps:
            setattr(row, name, at)
    model._default_manager.bulk_update(records, [name for name in (*fields, *stamps) if name in known], batch_size=500)
    raise_content_version()
