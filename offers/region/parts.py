"""Rows that belong to an offer or a contact point: compared by content, replaced as a whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import models

from directory.models import (
    Absence,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    Phone,
    Schedule,
    ScheduleException,
)
from offers.models import Deadline, Offer, OfferAgency, Precondition
from offers.region.records import Draft, Key, Model, Ref, key_of

Content = tuple[object, ...]


@dataclass(frozen=True)
class PartKind:
    """One kind of part: its model and the path from the part to the row it belongs to."""

    model: Model
    owner: str
    fields: tuple[str, ...]
    links: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name of the parts in messages."""
        return str(self.model._meta.verbose_name_plural)

    def stored(self, row: models.Model) -> list[models.Model]:
        """The parts in the database, in the order in which they were written."""
        parts = self.model._default_manager.filter(**{self.owner: row}).select_related(*self.links)
        return list(parts.order_by("pk"))

    def content(self, part: models.Model) -> Content:
        """All that counts when two parts are compared."""
        linked = [getattr(part, name) for name in self.links]
        return (*(getattr(part, name) for name in self.fields), *(key_of(row) if row else None for row in linked))

    def wanted(self, draft: Draft) -> Content:
        """The same for a part in a folder."""
        refs = [draft.links[name] for name in self.links]
        return (*(draft.fields[name] for name in self.fields), *(ref.key if ref else None for ref in refs))


HOURS = ("opens_at", "closes_at")
# The order is the order of writing: persons before what points to them.
PARTS: dict[Model, dict[str, PartKind]] = {
    ContactPoint: {
        "shares": PartKind(ContactPointAgency, "contact_point", ("role",), ("agency",)),
        "phones": PartKind(Phone, "contact_point", ("number", "purpose", "position")),
        "persons": PartKind(
            ContactPerson, "contact_point", ("name", "topic", "phone", "email", "position"), ("substitute",)
        ),
        "absences": PartKind(Absence, "person__contact_point", ("starts_on", "ends_on"), ("person",)),
        "schedules": PartKind(
            Schedule,
            "contact_point",
            (
                "kind",
                "weekday",
                *HOURS,
                "by_appointment",
                "term_time",
                "on_public_holiday",
                "valid_from",
                "valid_to",
                "note",
            ),
            ("person",),
        ),
        "exceptions": PartKind(
            ScheduleException, "contact_point", ("kind", "starts_on", "ends_on", *HOURS, "reason"), ("person",)
        ),
    },
    Offer: {
        "roles": PartKind(OfferAgency, "offer", ("role",), ("agency",)),
        "preconditions": PartKind(Precondition, "offer", ("text", "fact", "is_hard", "position")),
        "deadlines": PartKind(
            Deadline,
            "offer",
            (
                "kind",
                "purpose",
                "date",
                "month",
                "day",
                "offset_days",
                "anchor",
                "text",
                "consequence",
                "source_url",
                "valid_from",
                "valid_to",
            ),
        ),
    },
}
# Deleting a person deletes its hours and absences, so they are written anew with it.
HANG_ON_PERSONS = ("persons", "absences", "schedules", "exceptions")


def changed_parts(draft: Draft, row: models.Model | None) -> dict[str, tuple[list[Content], list[Content]]]:
    """Return old and new content of each kind of part that differs."""
    changed = {}
    for name, kind in PARTS.get(draft.model, {}).items():
        old = [kind.content(part) for part in kind.stored(row)] if row else []
        new = [kind.wanted(part) for part in draft.parts[name]]
        if old != new:
            changed[name] = (old, new)
    return changed


def write_parts(draft: Draft, row: models.Model, names: Iterable[str], find: Callable[[Ref], models.Model]) -> None:
    """Replace the named kinds of parts of a row; ``find`` returns the row a reference points to."""
    replaced = set(names)
    if "persons" in replaced:
        replaced |= set(HANG_ON_PERSONS)
    persons: dict[Key, Any] = {}
    if "persons" not in replaced:
        persons = {key_of(person): person for person in _persons(row)}
    for name, kind in PARTS.get(draft.model, {}).items():
        if name not in replaced:
            continue
        kind.model._default_manager.filter(**{kind.owner: row}).delete()
        for part in draft.parts[name]:
            # A substitute may be created later in the list, so it is set at the end.
            links = {
                link: persons[ref.key] if ref.model is ContactPerson else find(ref)
                for link, ref in part.links.items()
                if ref and link != "substitute"
            }
            owner = {kind.owner: row} if "__" not in kind.owner else {}
            created = kind.model._default_manager.create(**owner, **part.fields, **links)
            if name == "persons":
                persons[key_of(created)] = created
        if name == "persons":
            _set_substitutes(draft, persons)


def _persons(row: models.Model) -> Iterable[ContactPerson]:
    return ContactPerson.objects.filter(contact_point=row) if isinstance(row, ContactPoint) else ()


def _set_substitutes(draft: Draft, persons: dict[Key, Any]) -> None:
    for part in draft.parts["persons"]:
        ref = part.links["substitute"]
        if ref:
            person = persons[(part.fields["name"],)]
            person.substitute = persons[ref.key]
            person.save(update_fields=["substitute"])


def shown_content(content: Content) -> str:
    """One part as a short text."""
    return " · ".join(shown_value(value) for value in content if value not in (None, ""))


def shown_value(value: object) -> str:
    """One value as people read it."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, tuple):
        return " / ".join(map(str, value))
    return str(value)
