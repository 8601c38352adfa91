"""What a group of synonyms would change, before it is saved."""

from dataclasses import dataclass
from datetime import date

from directory.index.synonyms import group_of, groups
from directory.index.vocabulary import Synonyms, synonyms_of
from directory.models import SynonymGroup
from directory.versions import content_version
from offers.catalogue import Catalogue, catalogue
from offers.filters import OfferFilters
from offers.models import Offer
from offers.search import find_offers

MAX_ENTRIES = 12  # entries of a group that are tried
SHOWN = 5  # titles per entry


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the group: how many offers it finds without and with the group, and the first of them.

    ``titles`` are (title, is new among the first).
    """

    entry: str
    before: int
    after: int
    titles: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The lines, and how many entries were not tried."""

    lines: tuple[Line, ...]
    left_out: int


def preview(row: SynonymGroup, *, on: date) -> Preview:
    """Return what each entry of the group finds without it and with it. Nothing is saved."""
    version = content_version()
    cat = catalogue(version, on=on)
    others = groups(besides=row.pk)
    without = synonyms_of(others)
    with_it = synonyms_of([*others, group_of(row)] if row.is_active else others)
    entries = row.said()
    lines = tuple(_line(entry, cat, version, on, without, with_it) for entry in entries[:MAX_ENTRIES])
    return Preview(lines, max(0, len(entries) - MAX_ENTRIES))


def _line(entry: str, cat: Catalogue, version: str, on: date, without: Synonyms, with_it: Synonyms) -> Line:
    before, first_before = _search(entry, cat, version, on, without)
    after, first_after = _search(entry, cat, version, on, with_it)
    titles = dict(Offer.objects.filter(pk__in=first_after).values_list("pk", "title"))
    return Line(entry, before, after, tuple((titles[pk], pk not in first_before) for pk in first_after))


def _search(entry: str, cat: Catalogue, version: str, on: date, synonyms: Synonyms) -> tuple[int, list[int]]:
    """Return how many offers are found, and the ids of the first."""
    found = find_offers(entry, cat=cat, version=version, on=on, literal=True, groups=synonyms)
    mask = cat.everything if found.mask is None else found.mask
    return mask.bit_count(), [pk for pk, _score in found.ordered(mask, OfferFilters(), 0, SHOWN)]
