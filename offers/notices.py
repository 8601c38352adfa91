"""What a page says about a search: what was changed in it, what was understood, and how to undo that."""

from dataclasses import dataclass

from django.http import HttpRequest

from offers.search import OfferHits

LITERAL = "genau"
PAGING = ("seite", "nach")


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
    place = hits.place.name if hits.place else ""
    return Notices(
        typed=hits.query.typed,
        corrected=hits.corrected or "",
        literal_url=_address(request, **{LITERAL: "1"}) if hits.corrected else "",
        suggestion=hits.suggestion or "",
        suggestion_url=_address(request, q=hits.suggestion, **{LITERAL: ""}) if hits.suggestion else "",
        place=place,
        without_place_url=_address(request, q=hits.rest) if place and hits.rest else "",
        was_cut=hits.was_cut,
        unmatched=", ".join(hits.found.unmatched) if total else "",
    )


def hits_of_the_words(hits: OfferHits, total: int) -> int:
    """Return how many of the hits the words brought: none when everything is shown for the place alone."""
    return 0 if hits.mask is None else total


def _address(request: HttpRequest, **changes: str) -> str:
    """The present address with other values, on page one; an empty value takes the parameter away."""
    query = request.GET.copy()
    for name in (*PAGING, *changes):
        query.pop(name, None)
    query.update({name: value for name, value in changes.items() if value})
    return f"?{query.urlencode()}"
