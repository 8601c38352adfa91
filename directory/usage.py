"""Where a record is used: what would break if it went.

An app says in ``AppConfig.ready`` which of its rows lean on which records; a test walks through all
relations of these records. Knows no model itself, so that it can be imported early.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from directory.link_sources import in_markdown, sources

MOST = 100
"""More than these of one kind are not listed: the number says enough."""


@dataclass(frozen=True, slots=True)
class Use:
    """A row that leans on a record; ``row`` is the one with a page of its own, None for the site itself."""

    row: Model | None
    effect: Any


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of ``label`` whose ``path`` leads to the record. ``item`` leads to the row with a page of its own."""

    label: str
    path: str
    effect: Any
    item: str = ""

    @property
    def item_model(self) -> type[Model]:
        """The model with a page of its own."""
        model: Any = apps.get_model(self.label)
        found: type[Model] = model._meta.get_field(self.item).related_model if self.item else model
        return found

    def hits(self, obj: Model, number: int) -> QuerySet[Any]:
        """Return (number of this reference, key of the row with a page)."""
        rows: QuerySet[Any] = apps.get_model(self.label)._default_manager.filter(**{self.path: obj.pk}).order_by()
        return rows.values_list(Value(number), f"{self.item}_id" if self.item else "pk")


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a model in which words of the glossary become links."""

    label: str
    fields: tuple[str, ...]

    def uses(self, obj: Any) -> Iterator[Use]:
        """Yield the rows whose texts hold the word or one of its other spellings."""
        words = [word.strip() for word in (obj.term, *obj.also.split(";")) if word.strip()]
        pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, words))})(?!\w)")
        wanted = Q()
        for word in words:
            wanted |= _any_holds(self.fields, word)
        for row in apps.get_model(self.label)._default_manager.filter(wanted).order_by("pk")[:MOST]:
            if any(pattern.search(getattr(row, name)) for name in self.fields):
                yield Use(row, _("erklärt das Wort nicht mehr"))


_references: dict[str, list[Reference]] = {}
_words: dict[str, list[Words]] = {}


def register(label: str, *found: Reference | Words) -> None:
    """Add rows that lean on records of the model ``label``."""
    _references.setdefault(label, []).extend(part for part in found if isinstance(part, Reference))
    _words.setdefault(label, []).extend(part for part in found if isinstance(part, Words))


def references(label: str) -> list[Reference]:
    """Return the relations that are registered for a model."""
    return _references.get(label, [])


def uses_of(obj: Any) -> list[Use]:
    """Return what leans on a saved record: rows, texts that link to its page, and the site's own settings.

    Two queries, one more for each kind of row that was found and for each kind of text with words.
    """
    known = references(obj._meta.label_lower)
    hits = _hits(obj)
    rows = _loaded((known[number].item_model, key) for number, key in hits)
    found = [
        Use(rows[known[number].item_model][key], known[number].effect)
        for number, key in hits
        if key in rows[known[number].item_model]
    ]
    return [*found, *_others(obj)]


def count_uses(obj: Any) -> int:
    """Return how many that are; two queries, and those for words and for texts that do link."""
    return len(_hits(obj)) + sum(1 for _use in _others(obj))


def _others(obj: Any) -> Iterator[Use]:
    for words in _words.get(obj._meta.label_lower, []):
        yield from words.uses(obj)
    yield from _texts_linking_to(obj)
    yield from _settings_naming(obj)


def _hits(obj: Any) -> list[tuple[int, Any]]:
    """Return (number of the reference, key of the row) in one query, each once."""
    parts = [reference.hits(obj, number) for number, reference in enumerate(references(obj._meta.label_lower))]
    return sorted(_united(parts))[: 10 * MOST]


def _united(parts: Sequence[QuerySet[Any]]) -> set[Any]:
    """Return the rows of all queries, asked as one."""
    return set(parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]) if parts else set()


def _loaded(wanted: Iterable[tuple[type[Model], Any]]) -> dict[type[Model], dict[Any, Model]]:
    """Return the rows by model and key; one query a model."""
    keys: dict[type[Model], list[Any]] = {}
    for model, key in wanted:
        keys.setdefault(model, []).append(key)
    return {model: model._default_manager.in_bulk(sorted(set(found))) for model, found in keys.items()}


def _texts_linking_to(obj: Any) -> Iterator[Use]:
    """Yield rows whose Markdown links to the public page of the record."""
    if not hasattr(obj, "get_absolute_url"):
        return
    address = obj.get_absolute_url()
    wanted = {address, f"{settings.BASE_URL}{address}"}
    texts = [
        (source, [name for name, read in source.fields.items() if read is in_markdown])
        for source in sources()
        if in_markdown in source.fields.values()
    ]
    parts = [
        source.rows().order_by().filter(_any_holds(names, address)).values_list(Value(number), "pk")
        for number, (source, names) in enumerate(texts)
    ]
    found = sorted(_united(parts))
    rows = _loaded((texts[number][0].model, key) for number, key in found)
    for number, key in found:
        source, names = texts[number]
        row = rows[source.model].get(key)
        if row is not None and any(wanted & set(_addresses(getattr(row, name))) for name in names):
            yield Use(row, _("der Link im Text führt ins Leere"))


def _any_holds(names: Iterable[str], text: str) -> Q:
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"{name}__contains": text})
    return wanted


def _addresses(text: str) -> list[str]:
    return re.findall(r"\]\(\s*<?([^)>\s]+)", text)


def _settings_naming(obj: Any) -> Iterator[Use]:
    """Yield one line for an office that the settings of the region name."""
    names = {
        "directory.contactpoint": ("coordination_point", "youth_office_point"),
        "directory.agency": ("youth_office_agency",),
    }.get(obj._meta.label_lower, ())
    if any(settings.REGION.get(name) == obj.slug for name in names):
        yield Use(
            None, _("Die Einstellungen der Region nennen diesen Eintrag: Ohne ihn fehlt auf vielen Seiten ein Mensch.")
        )


CONTACT_PERSON = (
    Reference("directory.contactperson", "substitute", _("hat dann keine Vertretung")),
    Reference("directory.schedule", "person", _("verliert ihre Zeiten in der Woche"), item="contact_point"),
    Reference("directory.scheduleexception", "person", _("verliert ihre Ausnahmen"), item="contact_point"),
)
AGENCY = (
    Reference("directory.contactpoint", "owner", _("hat sonst niemanden, der die Angaben pflegt")),
    Reference("directory.contactpointagency", "agency", _("nennt sie als weitere Stelle"), item="contact_point"),
    Reference("directory.agency", "parent", _("gehört zu ihr")),
)
GLOSSARY_TERM = (Words("directory.agency", ("what_we_do",)),)
