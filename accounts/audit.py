"""The record of who did what and when: written in the transaction of the deed, never changed after.

An entry names the account by its key, the role it had at that moment, the row by kind and key, and the
fields by name: no name of a person, no address, no value. Triggers in the database refuse every update,
and every deletion within twelve months; ``manage.py purge`` deletes what is older.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Model, QuerySet

from accounts.models import AuditEntry, User

KEPT = relativedelta(months=12)
"""The triggers say the same; see the migration that makes them."""
TECHNICIAN = "technician"
DEEDS = {"added": "neu", "deleted": "gelöscht", "changed": "geändert"}
LONGEST_DETAIL = 300
_ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_SUBJECT = re.compile(r"[a-z_]+\.[a-z_]+:[\w.-]*")


def subject_of(row: Model) -> str:
    """Return how an entry names a row, such as ``offers.offer:17``."""
    return f"{row._meta.label_lower}:{row.pk}"


def record(
    *, actor: User | None, action: str, subject: str, at: datetime, agency: int | None = None, detail: str = ""
) -> None:
    """Write one entry. Call it inside the transaction that does the deed.

    ``actor`` is None where a program did it. ``agency`` is the agency the row belongs to. ``detail`` holds
    names of fields or numbers. Raises ValueError for an action or a subject that is not of the known form.
    """
    _entry(actor, action, subject, at, agency, detail).save(force_insert=True)


def record_rows(
    *, actor: User | None, action: str, rows: Iterable[tuple[str, int | None]], at: datetime, detail: str = ""
) -> int:
    """Write one entry for each (subject, agency) in one query; return how many."""
    entries = [_entry(actor, action, subject, at, agency, detail) for subject, agency in rows]
    return len(AuditEntry.objects.bulk_create(entries, batch_size=500))


def fields_in(message: Any) -> str:
    """Return the names of the fields in a change message of the admin, without what its rows are called."""
    names: list[Any] = []
    for entry in message if isinstance(message, list) else ():
        for deed, said in entry.items():
            fields = [str(name) for name in said.get("fields", ())] or [DEEDS.get(deed, deed)]
            names += [f"{said['name']}: {name}" for name in fields] if "name" in said else said.get("fields", ())
    return ", ".join(dict.fromkeys(str(name) for name in names))


def old_entries(before: datetime) -> QuerySet[AuditEntry]:
    """Return the entries that were twelve months old at the given moment."""
    return AuditEntry.objects.filter(at__lt=before - KEPT)


def _entry(actor: User | None, action: str, subject: str, at: datetime, agency: int | None, detail: str) -> AuditEntry:
    if not _ACTION.fullmatch(action) or not _SUBJECT.fullmatch(subject):
        raise ValueError(f"not an action on a row: {action!r}, {subject!r}")
    # The agency of an account is known above this app; here it is read as it hangs on the account.
    membership: Any = getattr(actor, "membership", None)
    role = TECHNICIAN if actor is not None and actor.is_superuser else getattr(membership, "role", "")
    return AuditEntry(
        at=at,
        actor=actor.pk if actor is not None else None,
        role=role,
        actor_agency=getattr(membership, "agency_id", None),
        action=action,
        subject=subject,
        agency=agency,
        detail=detail[:LONGEST_DETAIL],
    )
