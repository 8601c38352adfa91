"""What loading a folder would change, row by row."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models

from offers.models import Offer
from offers.region.parts import PARTS, Content, changed_parts, shown_content, shown_value
from offers.region.records import KEY_FIELDS, Draft, Key, Model, key_of

GENERATED_PREFIX = "gen-"  # offers made by generate_offers belong to no folder
SHOWN = 70  # characters of a value in a report


class Action(StrEnum):
    """What happens to a row."""

    CREATED = "neu"
    CHANGED = "geändert"
    UNCHANGED = "gleich"
    SKIPPED = "übersprungen"


@dataclass(frozen=True)
class Difference:
    """One field that differs, as text for people."""

    name: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.name}: {self.old or '–'} → {self.new or '–'}"


@dataclass
class Change:
    """A row of the folder beside the row of the database."""

    draft: Draft
    row: Any
    action: Action
    differences: list[Difference] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Kind and key of the row."""
        return f"{self.draft.model._meta.verbose_name} {' / '.join(self.draft.key)}"


@dataclass
class Plan:
    """All changes, and the rows of the database that the folder no longer has."""

    changes: list[Change]
    vanished: list[tuple[Model, Key]]

    def count(self, action: Action) -> int:
        """Number of rows with this action."""
        return sum(change.action is action for change in self.changes)

    def by_model(self) -> dict[Model, Counter[Action]]:
        """Number of rows per model and action."""
        table: dict[Model, Counter[Action]] = {}
        for change in self.changes:
            table.setdefault(change.draft.model, Counter())[change.action] += 1
        return table

    @property
    def writes(self) -> bool:
        """Whether anything would be written."""
        return any(change.action in (Action.CREATED, Action.CHANGED) for change in self.changes)


def make_plan(drafts: Iterable[Draft], *, overwrite: bool) -> Plan:
    """Compare the folder with the database; writes nothing.

    Rows that staff edited by hand are skipped unless ``overwrite``.
    """
    drafts = list(drafts)
    stored = {model: _stored(model, [draft for draft in drafts if draft.model is model]) for model in KEY_FIELDS}
    changes = [_change(draft, stored[draft.model].get(draft.key), overwrite=overwrite) for draft in drafts]
    return Plan(changes, _vanished(drafts))


def _stored(model: Model, drafts: list[Draft]) -> dict[Key, models.Model]:
    """Rows of the database with the keys of the drafts."""
    names = KEY_FIELDS[model]
    rows = model._default_manager.all()
    if len(names) == 1:
        rows = rows.filter(**{f"{names[0]}__in": [draft.key[0] for draft in drafts]})
    return {key_of(row): row for row in rows}


def _change(draft: Draft, row: Any, *, overwrite: bool) -> Change:
    parts = changed_parts(draft, row)
    if row is None:
        return Change(draft, None, Action.CREATED, parts=list(parts))
    differences = [*_field_differences(draft, row), *_link_differences(draft, row), *_many_differences(draft, row)]
    for name, (old, new) in parts.items():
        differences.append(_part_difference(PARTS[draft.model][name].label, old, new))
    if not differences:
        return Change(draft, row, Action.UNCHANGED)
    if getattr(row, "staff_edited_at", None) and not overwrite:
        return Change(draft, row, Action.SKIPPED, differences)
    return Change(draft, row, Action.CHANGED, differences, list(parts))


def _label(draft: Draft, name: str) -> str:
    return str(getattr(draft.model._meta.get_field(name), "verbose_name", name))


def _field_differences(draft: Draft, row: models.Model) -> list[Difference]:
    differences = []
    for name, new in draft.fields.items():
        old = getattr(row, name)
        if old != new:
            differences.append(Difference(_label(draft, name), _short(old), _short(new)))
    return differences


def _link_differences(draft: Draft, row: models.Model) -> list[Difference]:
    differences = []
    for name, ref in draft.links.items():
        target = getattr(row, name)
        old, new = key_of(target) if target else None, ref.key if ref else None
        if old != new:
            differences.append(Difference(_label(draft, name), _short(old), _short(new)))
    return differences


def _many_differences(draft: Draft, row: models.Model) -> list[Difference]:
    differences = []
    for name, refs in draft.many.items():
        old = {key_of(target) for target in getattr(row, name).all()}
        new = {ref.key for ref in refs}
        if old != new:
            gone, added = _listed(old - new), _listed(new - old)
            differences.append(
                Difference(_label(draft, name), f"ohne {gone}" if gone else "", f"mit {added}" if added else "")
            )
    return differences


def _listed(keys: set[Key]) -> str:
    return ", ".join(sorted(" / ".join(key) for key in keys))


def _part_difference(label: str, old: list[Content], new: list[Content]) -> Difference:
    gone = "; ".join(shown_content(content) for content in old if content not in new)
    added = "; ".join(shown_content(content) for content in new if content not in old)
    if not gone and not added:
        return Difference(label, "andere Reihenfolge", "Reihenfolge wie im Ordner")
    return Difference(label, gone, added)


def _short(value: object) -> str:
    text = " ".join(shown_value(value).split()) if value is not None else ""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _vanished(drafts: list[Draft]) -> list[tuple[Model, Key]]:
    """Rows that no folder row stands for and that staff did not make or edit."""
    known = {(draft.model, draft.key) for draft in drafts}
    vanished = []
    for model, names in KEY_FIELDS.items():
        rows = model._default_manager.order_by("pk")
        if any(item.name == "staff_edited_at" for item in model._meta.concrete_fields):
            rows = rows.filter(staff_edited_at__isnull=True)
        if model is Offer:
            rows = rows.exclude(slug__startswith=GENERATED_PREFIX)
        vanished += [(model, key_of(row)) for row in rows.only(*names) if (model, key_of(row)) not in known]
    return vanished
