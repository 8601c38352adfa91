"""The folded text by which an offer is found."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from django.db import models
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
    """Fold the parts and add the other words of each group of which one stands in them as whole words.

    Narrower words are not added: a text with „SGB“ is not about „SGB VIII“.
    """
    text = fold(" ".join(part for part in parts if part))
    haystack = _spaced(text)
    added: list[str] = []
    for group in synonyms:
        found = [word for word in group if _spaced(word) in haystack]
        if found:
            others = [word for word in group if not any(_spaced(known) in _spaced(word) for known in found)]
            added += [word for word in others if word not in added]
    return " ".join([text, *added])


def _spaced(text: str) -> str:
    """The words of a folded text with a space around each, so that whole words can be looked up."""
    return f" {' '.join(WORDS.findall(text))} "


def offer_search_text(
    offer: Offer, related: Iterable[models.Model], synonyms: Sequence[Sequence[str]] | None = None
) -> str:
    """Return the search text of an offer with these related rows, in whatever order they come."""
    texts = [offer.title, offer.summary, offer.description, offer.for_whom, offer.get_kind_display()]
    texts += [offer.school_forms, offer.gets_text, offer.place_note, offer.duration]
    names = {name for row in related for name in (str(row), getattr(row, "short_name", ""))}
    return join_search_text([*texts, *sorted(names)], load_synonyms() if synonyms is None else synonyms)


def build_search_text(offer: Offer, *, synonyms: Sequence[Sequence[str]] | None = None) -> str:
    """Return the search text of a saved offer; call it after its related rows are saved.

    ``synonyms`` (from ``load_synonyms``) spares the query when many offers are done.
    """
    related = chain.from_iterable(getattr(offer, name).all() for name in RELATED)
    return offer_search_text(offer, related, synonyms)


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
