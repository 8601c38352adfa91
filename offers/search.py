"""Which offers contain the words somebody typed."""

from dataclasses import dataclass

from directory.text import fold
from offers.models import Offer

MAX_LENGTH = 100
MAX_TERMS = 8


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
