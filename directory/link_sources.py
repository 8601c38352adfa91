"""Which fields hold addresses outside of this site, and where one of them is used.

An app says in ``AppConfig.ready`` which of its fields hold addresses. A test walks through all
models: a new address field that nobody registered fails it. Knows no model itself, so that it can
be imported while the apps are being set up.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import JSONField, Model, Q, QuerySet
from django.utils.module_loading import import_string
from markdown_it import MarkdownIt

_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]]+", re.IGNORECASE)
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
# The address as it was typed: a normal form would not be found in the text again.
_MARKDOWN.normalizeLink = lambda url: url  # type: ignore[method-assign]
# What may follow an address without being a part of it.
_END = r"(?![\w/?&=#%~+:@-]|[.,;!][\w/])"

Reader = Callable[[Any], Iterator[str]]


def one_address(value: Any) -> Iterator[str]:
    """Yield the address a field consists of."""
    if is_outside(str(value or "")):
        yield str(value)


def in_words(value: Any) -> Iterator[str]:
    """Yield addresses that stand in plain text, such as a source."""
    for found in _ADDRESS.findall(str(value or "")):
        yield found.rstrip(".,;:!?")


def in_markdown(value: Any) -> Iterator[str]:
    """Yield where the links of an editor's text lead."""
    for block in _MARKDOWN.parse(str(value or "")):
        for token in block.children or ():
            address = str(token.attrGet("href") or "") if token.type == "link_open" else ""
            if is_outside(address):
                yield address


def in_data(value: Any) -> Iterator[str]:
    """Yield addresses anywhere in lists and mappings."""
    if isinstance(value, str):
        yield from in_words(value)
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from in_data(part)


def is_outside(address: str) -> bool:
    """Whether it leads to another site: only those are checked."""
    return address.casefold().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class LinkSource:
    """A model with addresses.

    ``agencies`` leads to the agencies the row belongs to, "" where it is everybody's. ``parent`` is
    the field that leads to the row with a page of its own. ``only`` narrows the rows. Rows of a
    source that is not ``replaceable`` are changed by hand.
    """

    label: str
    fields: Mapping[str, Reader]
    agencies: str = ""
    parent: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)
    replaceable: bool = True

    @property
    def model(self) -> type[Model]:
        """The model itself."""
        return apps.get_model(self.label)

    def rows(self) -> QuerySet[Model]:
        """Return the rows whose addresses count."""
        return self.model._default_manager.filter(**self.only).order_by("pk")

    def addresses(self, row: Model) -> list[str]:
        """Return the addresses of one loaded row, once each, in the order of the fields."""
        found = (address for name, read in self.fields.items() for address in read(getattr(row, name)))
        return list(dict.fromkeys(found))

    def subject(self, row: Model) -> str:
        """Return how the row with the page is named in ``LinkUse`` and in the audit."""
        model = self.model
        if self.parent:
            model = model._meta.get_field(self.parent).related_model  # type: ignore[assignment]
        return f"{model._meta.label_lower}:{getattr(row, f'{self.parent}_id') if self.parent else row.pk}"

    def holding(self, address: str) -> list[Model]:
        """Return the rows that hold the address; few of them, or all are read where the database cannot look."""
        names = [name for name in self.fields if not isinstance(self.model._meta.get_field(name), JSONField)]
        rows = self.rows()
        if len(names) == len(self.fields):
            wanted = Q()
            for name in names:
                wanted |= Q(**{f"{name}__contains": address})
            rows = rows.filter(wanted)
        return [row for row in rows if address in self.addresses(row)]


_sources: dict[str, LinkSource] = {}
_texts: list[str] = []


def register(*found: LinkSource) -> None:
    """Add models whose fields hold addresses."""
    _sources.update({source.label: source for source in found})


def register_texts(path: str) -> None:
    """Add texts that are no rows: a function by its dotted path that yields (name of the file, address)."""
    if path not in _texts:
        _texts.append(path)


def addresses_in_texts() -> Iterator[tuple[str, str]]:
    """Yield (name of the file, address) of all such texts."""
    for path in _texts:
        yield from import_string(path)()


def sources() -> list[LinkSource]:
    """Return every registered model."""
    return list(_sources.values())


def addresses_of(obj: Any) -> list[str]:
    """Return the addresses of a record as it stands in memory, and of the rows inside its page."""
    found: list[str] = []
    for source in sources():
        if source.label == obj._meta.label_lower:
            found += source.addresses(obj)
        elif source.parent and obj.pk and source.model._meta.get_field(source.parent).related_model is obj._meta.model:
            for row in source.rows().filter(**{source.parent: obj.pk}):
                found += source.addresses(row)
    return list(dict.fromkeys(found))


def replaced(value: Any, old: str, new: str) -> Any:
    """Return text or data with one address in the place of another; longer ones that begin alike stay."""
    if isinstance(value, str):
        return re.sub(re.escape(old) + _END, lambda _hit: new, value)
    if isinstance(value, Mapping):
        return {name: replaced(part, old, new) for name, part in value.items()}
    return [replaced(part, old, new) for part in value] if isinstance(value, list) else value


DIRECTORY = (
    LinkSource("directory.agency", {"website": one_address, "source": in_words}, agencies="pk"),
    LinkSource(
        "directory.contactpoint",
        {"website": one_address, "directions": in_markdown, "source": in_words},
        agencies="owner",
    ),
    LinkSource("directory.page", {"body": in_markdown}),
    LinkSource("directory.municipality", {"source": in_words}),
    LinkSource("directory.locality", {"source": in_words}),
    LinkSource("directory.schoolholiday", {"source": in_words}),
)
