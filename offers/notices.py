"""What a page says about a search: what was changed in it, what was understood, and how to undo that."""

from dataclasses import dataclass

from django.http import HttpRequest

from offers.addresses import with_values
from offers.search import OfferHits

LITERAL = "genau"


@dataclass(frozen=True, slots=True)
class Notices:
    """Empty texts mean: nothing to say. Addresses keep all other parameters."""

    typed: str
    corrected: str = ""
    literal_url: str = ""
    suggestion: str = ""
    suggestion_url: str = ""
    place: str = ""
    without_place_url: str = ""
    was_cut: bool = False
    unmatched: str = ""


def notices(request: HttpRequest, hits: OfferHits, *, total: int) -> Notices:
    """Return what is to be said about this search on the page of this request, which shows ``total`` hits."""
    query = hits.query
    place = query.place.name if query.place else ""
    return Notices(
        typed=query.typed,
        corrected=query.corrected or "",
        literal_url=with_values(request, **{LITERAL: "1"}) if query.corrected else "",
        suggestion=query.suggestion or "",
        suggestion_url=with_values(request, q=query.suggestion, **{LITERAL: ""}) if query.suggestion else "",
        place=place,
        without_place_url=with_values(request, q=query.rest) if place and query.rest else "",
        was_cut=query.was_cut,
        unmatched=", ".join(hits.found.unmatched) if total else "",
    )


def hits_of_the_words(hits: OfferHits, total: int) -> int:
    """Return how many of the hits the words brought: none when everything is shown for the place alone."""
    return 0 if hits.mask is None else total
