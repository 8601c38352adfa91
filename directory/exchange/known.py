"""What names in a cell stand for: rows somebody may point at, found by name or short name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from directory.exchange.values import CellProblem, quoted
from directory.rights import Reach
from directory.text import fold


@dataclass(frozen=True, slots=True)
class Names:
    """How rows of a model are written and found. ``fields``: the first is how they are shown.

    ``key`` is a field that names a row for certain; it is shown where a name is not unique. ``path``
    leads to the agency; None for rows that are everybody's. ``joined``: the fields together are the name.
    ``breaks``: signs that a name cannot hold in a cell.
    """

    model: Any
    fields: tuple[str, ...]
    key: str
    path: str | None = None
    joined: bool = False
    breaks: str = ";\n"


@dataclass
class Book:
    """All names of a model, read once."""

    words: dict[str, set[Any]]
    shown: dict[Any, str]
    free: set[Any]


@dataclass
class Known:
    """Looks names up for somebody with a certain reach on a certain day."""

    reach: Reach
    on: date
    _books: dict[Names, Book] = field(default_factory=dict)

    def find(self, names: Names, text: str, *, also: Iterable[Any] = ()) -> Any:
        """Return the key of the row that is meant. Raises CellProblem.

        One that exists out of reach is as unknown as one that does not; ``also`` names rows that
        are tied already.
        """
        book = self._book(names)
        found = {pk for pk in book.words.get(fold(text), ()) if pk in book.free or pk in set(also)}
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise CellProblem(_("%(text)s gibt es mehrmals. Bitte den Kurznamen eintragen.") % {"text": quoted(text)})
        raise CellProblem(_("%(text)s kennen wir nicht.") % {"text": quoted(text)})

    def show(self, names: Names, pk: Any) -> str:
        """Return how a row is written in a cell."""
        return self._book(names).shown.get(pk, "")

    def show_all(self, names: Names, pks: Iterable[Any]) -> list[str]:
        """Return how rows are written, in the order of the alphabet."""
        return sorted((self.show(names, pk) for pk in pks), key=fold)

    def _book(self, names: Names) -> Book:
        if names not in self._books:
            self._books[names] = self._read(names)
        return self._books[names]

    def _read(self, names: Names) -> Book:
        rows: Sequence[tuple[Any, ...]] = list(
            names.model._default_manager.order_by().values_list("pk", names.key, *names.fields)
        )
        if names.joined:
            rows = [(pk, key, " ".join(filter(None, texts))) for pk, key, *texts in rows]
        words: dict[str, set[Any]] = defaultdict(set)
        for pk, *texts in rows:
            for text in texts:
                if text:
                    words[fold(str(text))].add(pk)
        times = Counter(fold(str(row[2])) for row in rows)
        shown = {}
        for pk, key, name, *_more in rows:
            # A name that another row has too, or that cuts a list, would not find its way back.
            plain = (
                name and times[fold(name)] == 1 and len(words[fold(name)]) == 1 and not set(name) & set(names.breaks)
            )
            shown[pk] = str(name if plain else key)
        return Book(words, shown, self._free(names, {row[0] for row in rows}))

    def _free(self, names: Names, every: set[Any]) -> set[Any]:
        if self.reach.everything or names.path is None:
            return every
        rows = names.model._default_manager.order_by()
        free = set(self.reach.own(rows, names.path).values_list("pk", flat=True))
        if hasattr(rows, "published"):
            free |= set(rows.published(on=self.on).values_list("pk", flat=True))
        return free
