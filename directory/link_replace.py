"""One address in the place of another, everywhere it is used: at once in drafts, as a change where it is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts import audit
from accounts.models import User
from directory.actions import raise_content_version
from directory.editorial.changes import propose, waits
from directory.editorial.shapes import has_workflow
from directory.index.writing import changed
from directory.link_sources import LinkSource, replaced, sources
from directory.models import LinkCheck
from directory.rights import reach_of

ORIGIN = "link"


@dataclass(slots=True)
class Outcome:
    """How many records got the new address at once, as a change to release, or stayed as they are."""

    saved: int = 0
    proposed: int = 0
    by_hand: int = 0
    elsewhere: int = 0


@transaction.atomic
def replace_everywhere(*, link: LinkCheck, new: str, by: User, at: datetime) -> Outcome:
    """Write ``new`` wherever the address stands and the account may change it.

    What lies with other agencies stays, and stays on their lists.
    """
    outcome, done = Outcome(), set()
    for source in sources():
        for item, rows in _by_item(source, source.holding(link.address)):
            subject = audit.subject_of(item)
            if not may_change(by, source, item, rows):
                outcome.elsewhere += 1
            elif not source.replaceable:
                outcome.by_hand += 1
            else:
                _replace(source, item, rows, link.address, new, by=by, at=at, outcome=outcome)
                done.add(subject)
                detail = ", ".join(source.fields)
                agency = _agency(source, rows)
                action = f"{item._meta.model_name}.replace_link"
                audit.record(actor=by, action=action, subject=subject, at=at, agency=agency, detail=detail)
    link.uses.filter(subject__in=done).delete()
    if outcome.saved:
        raise_content_version()
    return outcome


def items_holding(address: str) -> list[tuple[Any, bool]]:
    """Return the records that use an address, and whether it can be replaced in them."""
    return [
        (item, source.replaceable) for source in sources() for item, _rows in _by_item(source, source.holding(address))
    ]


def may_change(by: User, source: LinkSource, item: Model, rows: Sequence[Model]) -> bool:
    """Whether a record lies within the reach of the account and its role may change it."""
    if not by.has_perm(f"{item._meta.app_label}.change_{item._meta.model_name}"):
        return False
    found = source.model._default_manager.filter(pk__in=[row.pk for row in rows])
    return reach_of(by).own(found, source.agencies or None).exists()


def _by_item(source: LinkSource, rows: Sequence[Any]) -> list[tuple[Any, list[Any]]]:
    """Return the records with a page of their own, and for each the rows that hold the address."""
    if not source.parent:
        return [(row, [row]) for row in rows]
    found: dict[Any, tuple[Any, list[Any]]] = {}
    for row in rows:
        parent = getattr(row, source.parent)
        found.setdefault(parent.pk, (parent, []))[1].append(row)
    return list(found.values())


def _replace(
    source: LinkSource, item: Any, rows: Sequence[Any], old: str, new: str, *, by: User, at: datetime, outcome: Outcome
) -> None:
    if has_workflow(type(item)) and waits(item):
        propose(item, edit=lambda now: _edit(source, now, old, new), by=by, origin=ORIGIN, at=at)
        outcome.proposed += 1
        return
    _edit(source, item, old, new)
    if hasattr(item, "staff_edited_at"):
        item.staff_edited_at = at
    item.save()
    changed([item])
    outcome.saved += 1


def _edit(source: LinkSource, item: Any, old: str, new: str) -> None:
    """Replace the address in the item, which is saved by the caller, or in the rows inside it."""
    rows = source.model._base_manager.filter(**{source.parent: item.pk}) if source.parent else [item]
    for row in rows:
        for name in source.fields:
            setattr(row, name, replaced(getattr(row, name), old, new))
        if source.parent:
            row.save()


def _agency(source: LinkSource, rows: Sequence[Any]) -> int | None:
    if not source.agencies:
        return None
    found = source.model._default_manager.filter(pk=rows[0].pk)
    key: int | None = found.order_by(source.agencies).values_list(source.agencies, flat=True).first()
    return key
