"""Which offers contain the words somebody typed."""

from dataclasses import dataclass
from datetime import date

from directory.index.ranking import Found
from directory.index.understanding import Query
from directory.places import Place
from directory.text import fold
from offers.catalogue import Catalogue
from offers.models import Offer

MAX_LENGTH = 100
MAX_TERMS = 8


@dataclass(frozen=True, slots=True)
class OfferHits:
    """The public offers that a text finds. ``mask`` has the bits of the catalogue; None: every offer.

    ``corrected``, ``suggestion``, ``place``, ``place_words``, ``rest`` (the text without the place)
    and ``was_cut`` are for the page; ``found`` also answers for the other kinds (``find_entries``).
    """

    found: Found
    mask: int | None
    corrected: str | None = None
    suggestion: str | None = None
    place: Place | None = None
    place_words: str = ""
    rest: str = ""
    was_cut: bool = False

    @property
    def query(self) -> Query:
        """The understood query, for ``ranking.pieces``."""
        return self.found.query


def find_offers(text: str, *, cat: Catalogue, version: str, on: date, literal: bool = False) -> OfferHits:
    """Return what the text finds; ``literal`` searches only what was typed (page parameter ``genau=1``)."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class TextHits:
    """Offers that contain every word, and those that have the typed text in their title."""

    ids: tuple[int, ...]
    title_ids: tuple[int, ...]
    was_cut: bool = False


def text_hits(text: str) -> TextHits:
    """Return the offers that contain every word of ``text``; at most eight words count. Two queries."""
    words = fold(text[:MAX_LENGTH]).split()
    terms = words[:MAX_TERMS]
    rows = Offer.objects.order_by()
    for term in terms:
        rows = rows.filter(search_text__contains=term)
    title = Offer.objects.order_by().filter(title__icontains=text.strip()) if terms else Offer.objects.none()
    return TextHits(
        ids=tuple(rows.values_list("pk", flat=True)),
        title_ids=tuple(title.values_list("pk", flat=True)),
        was_cut=len(words) > MAX_TERMS or len(text) > MAX_LENGTH,
    )
