"""Rows of an import as a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.editorial.wording import marked
from directory.exchange.checking import LEAVE_OUT, NEW
from directory.exchange.kinds import Kind
from directory.models import Import, ImportRow
from directory.rights import Reach

TABS: tuple[tuple[str, Any], ...] = (
    ("wrong", gettext_lazy("fehlerhaft")),
    ("double", gettext_lazy("vielleicht schon da")),
    ("changed", gettext_lazy("geändert")),
    ("new", gettext_lazy("neu")),
    ("same", gettext_lazy("unverändert")),
    ("left_out", gettext_lazy("bleibt weg")),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer to "Is it the same?"."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row for the template."""

    number: int
    name: str
    row: ImportRow
    differences: list[dict[str, Any]]
    answers: list[Answer]
    url: str


def shown_rows(rows: Iterable[ImportRow], batch: Import, kind: Kind, reach: Reach, *, on: date) -> list[ShownRow]:
    """Return rows with names of what they are compared to. Two queries, however many rows."""
    rows = list(rows)
    wanted = {pk for row in rows for pk in row.candidates} | {row.target for row in rows if row.target}
    own = set(
        reach.own(kind.model._default_manager.filter(pk__in=wanted), kind.agency_path).values_list("pk", flat=True)
    )
    records = {record.pk: record for record in kind.model._default_manager.filter(pk__in=wanted)}
    named = {pk: _described(record, kind, is_own=pk in own) for pk, record in records.items()}
    titles = {pk: kind.titled(record) for pk, record in records.items() if pk in own}
    index = batch.mapping.index(kind.title) if kind.title in batch.mapping else None
    return [_shown(row, kind, index, named, titles) for row in rows]


def _shown(row: ImportRow, kind: Kind, index: int | None, named: dict[int, str], titles: dict[int, str]) -> ShownRow:
    typed = row.cells[index] if index is not None and index < len(row.cells) else ""
    is_change = row.target is not None and row.outcome != ImportRow.Outcome.NEW
    differences = [
        {**item, "marks": marked(item["before"], item["after"])} if is_change else item for item in row.differences
    ]
    opts = kind.model._meta
    is_there = row.target in titles and (row.result or is_change)
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.target]) if is_there else ""
    name = typed or titles.get(row.target or 0, "")
    return ShownRow(row.number, name, row, differences, _answers(row, named), url)


def _answers(row: ImportRow, named: dict[int, str]) -> list[Answer]:
    if not row.candidates or row.result:
        return []
    found = [(str(pk), named[pk]) for pk in row.candidates if pk in named]
    found += [(NEW, _("Das ist neu.")), (LEAVE_OUT, _("Diese Zeile weglassen."))]
    return [Answer(value, label, row.choice == value) for value, label in found]


def _described(record: Any, kind: Kind, *, is_own: bool) -> str:
    place = ", ".join(filter(None, (str(getattr(record, name)) for name in kind.place)))
    name = f"{kind.titled(record)} ({place})" if place else kind.titled(record)
    if is_own:
        return _("Das ist dieselbe: %(name)s") % {"name": name}
    return _("Das ist dieselbe: %(name)s. Sie gehört einer anderen Stelle, die Zeile bleibt weg.") % {"name": name}
