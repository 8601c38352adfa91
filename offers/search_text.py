"""The folded text by which an offer is found."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from directory.models import GlossaryTerm
from directory.text import fold
from offers.models import Offer

BATCH = 500
RELATED = ("situations", "occupational_fields", "agencies", "legal_bases", "preconditions")
WORDS = re.compile(r"\w+")


def load_synonyms() -> list[list[str]]:
    """Return groups of folded words of the glossary that mean the same, such as BAB and Berufsausbildungsbeihilfe."""
    groups = []
    for term in GlossaryTerm.objects.only("term", "also", "former_name"):
        words = [term.term, term.former_name, *term.also.split(";")]
        groups.append([fold(word) for word in words if word.strip()])
    return [group for group in groups if len(group) > 1]


def join_search_text(parts: Iterable[str], synonyms: Sequence[Sequence[str]]) -> str:
    """Fold the parts and add the other words of each group of which one stands in them as whole words."""
    text = fold(" ".join(part for part in parts if part))
    haystack = f" {' '.join(WORDS.findall(text))} "
    added: list[str] = []
    for group in synonyms:
        found = {word for word in group if f" {' '.join(WORDS.findall(word))} " in haystack}
        if found:
            added += [word for word in group if word not in found and word not in added]
    return " ".join([text, *added])


def build_search_text(offer: Offer, *, synonyms: Sequence[Sequence[str]] | None = None) -> str:
    """Return the search text of a saved offer; call it after its related rows are saved.

    ``synonyms`` (from ``load_synonyms``) spares the query when many offers are done.
    """
    parts = [
        offer.title,
        offer.summary,
        offer.description,
        offer.for_whom,
        offer.get_kind_display(),
        offer.school_forms,
    ]
    parts += [offer.gets_text, offer.place_note, offer.duration]
    parts += [item.text for item in offer.preconditions.all()]
    parts += [item.label for item in offer.situations.all()]
    parts += [item.name for item in offer.occupational_fields.all()]
    parts += [name for agency in offer.agencies.all() for name in (agency.name, agency.short_name)]
    parts += [str(basis) for basis in offer.legal_bases.all()]
    return join_search_text(parts, load_synonyms() if synonyms is None else synonyms)


def refresh_search_texts(offers: QuerySet[Offer]) -> int:
    """Rebuild the search texts of these offers and return how many were out of date."""
    synonyms = load_synonyms()
    stale = []
    for offer in offers.prefetch_related(*RELATED).iterator(chunk_size=BATCH):
        text = build_search_text(offer, synonyms=synonyms)
        if text != offer.search_text:
            offer.search_text = text
            stale.append(offer)
    Offer.objects.bulk_update(stale, ["search_text"], batch_size=BATCH)
    return len(stale)
