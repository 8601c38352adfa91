"""Checks rows of a file against what is there, without writing anything: new, changed, the same, wrong, double."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from directory.exchange.columns import Column
from directory.exchange.kinds import SLUG, Kind
from directory.exchange.known import Known
from directory.exchange.sheets import BROKEN, is_empty_word, unprotect
from directory.exchange.similar import Entry, Likeness, entry_of
from directory.exchange.values import CellProblem
from directory.models import Import, ImportRow
from directory.rights import Reach

NEW = "new"
LEAVE_OUT = "leave_out"
Outcome = ImportRow.Outcome


@dataclass
class Finding:
    """What a row would do. ``row`` is the record as it would be, not saved; ``values`` only what differs."""

    outcome: str
    problems: list[dict[str, str]] = field(default_factory=list)
    differences: list[dict[str, str]] = field(default_factory=list)
    target: int | None = None
    candidates: list[int] = field(default_factory=list)
    row: Any = None
    values: list[tuple[Column, Any]] = field(default_factory=list)


class Checker:
    """Checks rows of one import for somebody with a certain reach. Records are read once for many rows."""

    def __init__(self, batch: Import, kind: Kind, *, reach: Reach, on: date) -> None:
        self.batch, self.kind, self.reach = batch, kind, reach
        self.known = Known(reach, on)
        named = {column.name: column for column in kind.columns if not column.is_info}
        self.columns: list[Column | None] = [named.get(name or "") for name in batch.mapping]
        self._firsts: dict[tuple[str, ...], int] | None = None
        self._likeness: Likeness | None = None
        self._own: set[int] = set()

    def check(self, rows: Sequence[ImportRow]) -> list[Finding]:
        """Return what each row would do, in the same order."""
        self._own = set(self.kind.rows(self.reach).order_by().values_list("pk", flat=True))
        slugs = {slug for row in rows if (slug := self._cell(row, SLUG))}
        pks = {int(row.choice) for row in rows if row.choice.isdecimal()}
        found = list(self.kind.rows(self.reach).filter(Q(slug__in=slugs) | Q(pk__in=pks)))
        by_slug, by_pk = {row.slug: row for row in found}, {row.pk: row for row in found}
        return [self._finding(row, by_slug, by_pk) for row in rows]

    def _finding(self, row: ImportRow, by_slug: dict[str, Any], by_pk: dict[int, Any]) -> Finding:
        if row.choice == LEAVE_OUT:
            return Finding(Outcome.LEFT_OUT)
        slug = self._cell(row, SLUG)
        if slug:
            if slug not in by_slug:
                # The same words whether it is another agency's or nobody's.
                message = _("Diesen Kurznamen kennen wir bei Ihrer Stelle nicht. Bei neuen Einträgen leer lassen.")
                return Finding(Outcome.WRONG, [self._problem(row, SLUG, message)])
            return self._compared(row, by_slug[slug]) if self._is_first(row) else self._repeated(row)
        if row.choice.isdecimal():
            target = by_pk.get(int(row.choice))
            # Somebody else's record is theirs to change.
            return self._compared(row, target) if target else Finding(Outcome.LEFT_OUT)
        if not self._is_first(row):
            return self._repeated(row)
        return self._compared(row, None) if row.choice == NEW else self._unnamed(row)

    def _unnamed(self, row: ImportRow) -> Finding:
        """A row without short name: the very same record, one that is alike, or a new one."""
        entry = self._entry(row)
        likeness = self.likeness()
        same = [pk for pk in likeness.same(entry) if pk in self._own] if entry.name else []
        if len(same) == 1:
            return self._compared(row, self.kind.rows(self.reach).get(pk=same[0]))
        finding = self._compared(row, None)
        if finding.outcome == Outcome.NEW and (candidates := same or likeness.alike(entry)):
            finding.outcome, finding.candidates = Outcome.DOUBLE, candidates
        return finding

    def likeness(self) -> Likeness:
        """Return what may be the same: one's own records and all public ones."""
        if self._likeness is None:
            manager = self.kind.model._default_manager
            rows = manager.order_by("pk")
            if not self.reach.everything:
                public = manager.published(on=self.known.on).order_by().values("pk")
                rows = rows.filter(Q(pk__in=public) | Q(pk__in=self._own))
            # What this very table brought is no double of its next rows.
            brought = self.batch.rows.filter(outcome=Outcome.NEW, target__isnull=False).values("target")
            listed = rows.exclude(pk__in=brought).values_list("pk", self.kind.title, *self.kind.place)
            self._likeness = Likeness([entry_of(pk, name, place) for pk, name, *place in listed])
        return self._likeness

    def _entry(self, row: ImportRow) -> Entry:
        return entry_of(0, self._cell(row, self.kind.title), [self._cell(row, name) for name in self.kind.place])

    def _cell(self, row: ImportRow, name: str) -> str:
        """The text of the column with this name, without what protects it from being a formula."""
        for column, text in zip(self.columns, row.cells, strict=False):
            if column is not None and column.name == name:
                return "" if is_empty_word(text) else unprotect(text)
        return ""

    def _is_first(self, row: ImportRow) -> bool:
        """Whether no row above names the same record."""
        return self._first_place(row) == row.number

    def _repeated(self, row: ImportRow) -> Finding:
        message = _("Dieser Eintrag steht schon in Zeile %(row)s.") % {"row": self._first_place(row)}
        return Finding(Outcome.WRONG, [self._problem(row, self.kind.title, message)])

    def _identity(self, row: ImportRow) -> tuple[str, ...]:
        if slug := self._cell(row, SLUG):
            return (SLUG, slug)
        entry = self._entry(row)
        return ("", entry.name, *entry.place) if entry.name else ("", str(row.number))

    def _first_place(self, row: ImportRow) -> int:
        if self._firsts is None:
            self._firsts = {}
            for item in self.batch.rows.only("number", "cells", "batch").order_by("number"):
                self._firsts.setdefault(self._identity(item), item.number)
        return self._firsts.get(self._identity(row), row.number)

    def _compared(self, row: ImportRow, target: Any) -> Finding:
        """Read all cells, put them on a copy of the record and say what differs."""
        record = copy.copy(target) if target is not None else self.kind.start(self.reach)
        values, problems = self._values(row, record)
        before = {column.name: column.stored(record) for column in values}
        for column, value in values.items():
            column.put(record, value)
        if not problems:
            problems = self._refusals(row, record, values, is_new=target is None)
        finding = Finding(Outcome.WRONG, problems, row=record, target=target.pk if target is not None else None)
        if problems:
            return finding
        for column, value in values.items():
            if target is None or before[column.name] != value:
                old = "" if target is None else column.show(before[column.name], self.known)
                new = column.show(value, self.known)
                finding.differences.append({"label": str(column.label), "before": old, "after": new})
                finding.values.append((column, value))
        finding.outcome = Outcome.NEW if target is None else Outcome.CHANGED if finding.values else Outcome.SAME
        return finding

    def _values(self, row: ImportRow, record: Any) -> tuple[dict[Column, Any], list[dict[str, str]]]:
        values: dict[Column, Any] = {}
        problems = []
        for column, cell in zip(self.columns, row.cells, strict=False):
            if column is None or column.name == SLUG or not cell:
                continue
            try:
                values[column] = self._value(column, cell, record)
            except CellProblem as problem:
                problems.append({"column": str(column.label), "text": cell, "message": str(problem)})
        return values, problems

    def _value(self, column: Column, cell: str, record: Any) -> Any:
        if is_empty_word(cell):
            return column.empty()
        text = unprotect(cell)
        formula = CellProblem(_("Hier steht eine Formel. Bitte den Wert selbst eintragen."))
        if text.startswith("=") and text == cell:
            raise formula
        value = column.read(text, self.known, record)
        # Our own files keep a formula from being one by a ' in front; nobody means one, unless it is there already.
        if text.startswith("=") and value != column.stored(record):
            raise formula
        if BROKEN in text and value != column.stored(record):
            raise CellProblem(_("Ein Zeichen darin ist kaputt. Bitte neu eintippen."))
        return value

    def _refusals(
        self, row: ImportRow, record: Any, values: dict[Column, Any], *, is_new: bool
    ) -> list[dict[str, str]]:
        """Ask the model: its fields, its rules over several fields, and what the kind adds."""
        touched = {name for column in values for name in column.fields}
        fields = {item.name for item in record._meta.concrete_fields}
        left_out = {SLUG} if is_new else fields - touched
        checks: list[Callable[[], None]] = [
            lambda: record.clean_fields(exclude=left_out),
            lambda: _check_lengths(record, fields - left_out),
            record.clean,
            lambda: _check_rules(record, touched),
            lambda: self.kind.check(record, {column.name: value for column, value in values.items()}, self.reach),
        ]
        problems: list[dict[str, str]] = []
        for check in checks:
            try:
                check()
            except ValidationError as error:
                problems += self._problems(row, error)
        return problems

    def _problems(self, row: ImportRow, error: ValidationError) -> list[dict[str, str]]:
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return [self._problem(row, name, text) for name, texts in by_field.items() for text in texts]

    def _problem(self, row: ImportRow, name: str, message: str) -> dict[str, str]:
        """Name the column under which the field stands in the file; one that is not there by our own name."""
        column = next((item for item in self.kind.columns if item.name == name or name in item.fields), None)
        text = ""
        if column in self.columns and column is not None:
            index = self.columns.index(column)
            text = row.cells[index] if index < len(row.cells) else ""
        return {"column": str(column.label) if column else "", "text": text, "message": message}


def _check_rules(record: Any, touched: set[str]) -> None:
    """Ask the rules that speak of a field the row brings; each is a query, and what is untouched holds already."""
    for _model, constraints in record.get_constraints():
        for constraint in constraints:
            if isinstance(constraint, models.CheckConstraint) and touched & _fields_of(
                cast("Any", constraint).condition
            ):
                cast("Any", constraint).validate(type(record), record)


def _fields_of(condition: Any) -> set[str]:
    """Names of the fields a rule speaks of."""
    names: set[str] = set()
    for child in condition.children:
        if isinstance(child, Q):
            names |= _fields_of(child)
        else:
            names.add(child[0].split("__")[0])
            if isinstance(child[1], models.F):
                names.add(child[1].name)
    return names


def _check_lengths(record: Any, names: set[str]) -> None:
    """Django checks the length of a text in forms only."""
    for name in names:
        item = record._meta.get_field(name)
        text = getattr(record, item.attname)
        if isinstance(item, models.TextField) and item.max_length and len(str(text)) > item.max_length:
            message = _("%(n)s Zeichen; höchstens %(most)s sind erlaubt.")
            raise ValidationError({name: message % {"n": len(str(text)), "most": item.max_length}})
