"""Who feeds the search index. Each app registers its sources when Django starts.

This module knows no models, so that an app's configuration may import it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.db.models import Model

MAX_SUMMARY = 300


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found. ``fields`` are its texts with how much a word in them counts.

    ``key`` is the slug or the contract's key; ``names`` are other exact titles, such as a short name.
    Nothing personal belongs into it: no person's name, number or address.
    """

    kind: str
    object_id: int
    key: str
    title: str
    summary: str
    fields: tuple[tuple[str, int], ...]
    names: tuple[str, ...] = ()

    @property
    def entry(self) -> tuple[str, int]:
        """What its entry in the index is known by: kind and object id."""
        return self.kind, self.object_id


class Source(Protocol):
    """Makes the documents of one kind."""

    kind: str

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        """Return the documents of these objects, or all of them, by ascending id; ids without object are left out."""

    def affected_by(self, rows: "Sequence[Model]") -> Collection[int]:
        """Return the ids of the objects whose documents carry words of these rows (of any model)."""


_paths: list[str] = []


def register(path: str) -> None:
    """Add a source by its dotted path ``app.module.NAME``; it is imported when first used."""
    if path not in _paths:
        _paths.append(path)


def sources() -> list[Source]:
    """Return all sources in the order in which they were registered."""
    return [cast("Source", import_string(path)) for path in _paths]
