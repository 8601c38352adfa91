"""Words that mean the same: staff's groups, and the other names in the glossary."""

from collections.abc import Iterator
from dataclasses import dataclass

from directory.models import GlossaryTerm, SynonymGroup


@dataclass(frozen=True, slots=True)
class Group:
    """Who types an entry of ``said`` looks for the entries of ``meant`` as well. Both are words or short phrases."""

    said: tuple[str, ...]
    meant: tuple[str, ...]


def group_of(row: SynonymGroup) -> Group:
    """Return a row, saved or not, as the search reads it."""
    return Group(tuple(row.said()), tuple(row.meant()))


def groups(*, besides: int | None = None) -> list[Group]:
    """Return the groups in use (without the row ``besides``), then the glossary's other names. Two queries."""
    rows = [row for row in SynonymGroup.objects.filter(is_active=True) if row.pk != besides]
    return [*map(group_of, rows), *_glossary_groups()]


def _glossary_groups() -> Iterator[Group]:
    for term in GlossaryTerm.objects.order_by("slug").only("term", "also", "former_name"):
        names = dict.fromkeys(name.strip() for name in (term.term, *term.also.split(";"), term.former_name))
        names.pop("", None)
        if len(names) > 1:
            yield Group(tuple(names), tuple(names))
