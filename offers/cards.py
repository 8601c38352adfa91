"""Offers as cards: what a card says, with the reasons for one visitor, and how it looks.

The facts of an offer are kept per content version, so a page of cards that were shown before needs no
query; the look is the template's, cut once at its holes (``directory.parts``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.index.ranking import pieces
from directory.parts import NOTHING, Html, Part, Shelf, escaped, hole, joined, kept_part, shelf
from directory.places import distance_km
from directory.statements import Statement
from offers.catalogue import Catalogue
from offers.filters import OfferFilters
from offers.fit import YES, FitLine, age_text, fit_lines
from offers.models import Offer, OfferKind
from offers.search import OfferHits

Pieces = Sequence[tuple[str, bool]]
ROW = (
    "id", "slug", "title", "summary", "kind", "cost", "cost_text", "age_min", "age_max", "age_state", "certificates",
    "reach", "place_note", "is_remote", "checked_on", "is_example", "verified",
)  # fmt: skip
OFFERS = Statement(lambda ids: Offer.objects.filter(pk__in=ids).order_by().values_list(*ROW))
# Beside its texts: what the objects of one offer take.
FACTS_BYTES = 2500


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What a card says about an offer to everybody; ``row`` as in ``Offer.values()``, ``situations`` by slug."""

    row: Mapping[str, Any]
    situations: Mapping[str, str]
    url: str
    kind_label: str
    age: str
    cost: str
    where: str


@dataclass(frozen=True, slots=True)
class Card:
    """One offer, ready to show to one visitor."""

    slug: str
    url: str
    title: str
    summary: str
    kind: str
    kind_label: str
    age: str
    cost: str
    where: str
    km: int | None
    because: tuple[FitLine, ...]
    checked_on: date | None
    is_example: bool
    verified: bool
    score: int
    title_pieces: Pieces
    summary_pieces: Pieces
    found: tuple[str, ...] = ()

    @property
    def found_text(self) -> str:
        """The words of the search that it has, as a sentence; empty without a search."""
        return _("Passt zu: %(words)s") % {"words": ", ".join(self.found)} if self.found else ""

    @property
    def found_inside(self) -> str:
        """The same when neither title nor summary shows it."""
        if not self.found:
            return ""
        shown = any(is_hit for _part, is_hit in (*self.title_pieces, *self.summary_pieces))
        return "" if shown else self.found_text

    @property
    def reason(self) -> str | None:
        """The best reason why it is there, for the JSON: the words found, else what fits."""
        return self.found_text or next((line.text for line in self.because if line.verdict == YES), None)


def cards(
    ids: Iterable[int],
    filters: OfferFilters,
    cat: Catalogue,
    scores: Mapping[int, int | None] | None = None,
    hits: OfferHits | None = None,
    *,
    version: str,
) -> list[Card]:
    """Return the cards of these offers in this order. One query for offers not shown before, else none.

    ``scores`` are those of the text, ``hits`` what it found; without one the score is how many of the choices fit.
    """
    wanted = list(ids)
    facts = facts_of(wanted, cat, version=version)
    return [
        card(facts[pk], filters, km=nearest_km(cat, pk, filters), score=(scores or {}).get(pk), hits=hits)
        for pk in wanted
        if pk in facts
    ]


def card(
    facts: OfferFacts,
    filters: OfferFilters,
    *,
    km: float | None,
    score: int | None = None,
    hits: OfferHits | None = None,
) -> Card:
    """Prepare one offer for a visitor: no formatting is left to the template."""
    row = facts.row
    marks = hits.query if hits else None
    lines = tuple(fit_lines(row, filters, situations=facts.situations, km=km))
    return Card(
        slug=row["slug"],
        url=facts.url,
        title=row["title"],
        summary=row["summary"],
        kind=row["kind"],
        kind_label=facts.kind_label,
        age=facts.age,
        cost=facts.cost,
        where=facts.where,
        km=max(1, round(km)) if km is not None else None,
        because=lines,
        checked_on=row["checked_on"],
        is_example=row["is_example"],
        verified=row["verified"],
        score=sum(1 for line in lines if line.verdict == YES) if score is None else score,
        title_pieces=pieces(row["title"], marks) if marks else [(row["title"], False)],
        summary_pieces=pieces(row["summary"], marks) if marks else [(row["summary"], False)],
        found=hits.words_of(row["id"]) if hits else (),
    )


def facts_of(ids: Sequence[int], cat: Catalogue, *, version: str) -> dict[int, OfferFacts]:
    """Return the facts of these offers by key; whoever is not public is left out."""
    place: Shelf[OfferFacts] = shelf("offer-facts", version)
    found = {pk: facts for pk in ids if (facts := place.get(pk)) is not None}
    missing = [pk for pk in ids if pk not in found and pk in cat.bit_of]
    for values in OFFERS.rows(missing):
        row = dict(zip(ROW, values, strict=True))
        facts = found[row["id"]] = _facts(row, cat)
        size = FACTS_BYTES + 2 * (len(row["title"]) + len(row["summary"]) + len(facts.where))
        place.put(row["id"], facts, size=size)
    return found


def _facts(row: Mapping[str, Any], cat: Catalogue) -> OfferFacts:
    """Prepare what a row and the catalogue say about an offer."""
    bit = 1 << cat.bit_of[row["id"]]
    return OfferFacts(
        row=row,
        situations={slug: cat.situation_labels[slug] for slug, mask in cat.situations.items() if mask & bit},
        url=reverse("offers:detail", args=[row["slug"]]),
        kind_label=str(OfferKind(row["kind"]).label),
        age=age_text(row["age_min"], row["age_max"], row["age_state"]),
        cost=cost_text(row),
        where=where_text(row, [name for name, mask in cat.towns.items() if mask & bit]),
    )


def cost_text(row: Mapping[str, Any]) -> str:
    """Say what the offer costs, or that nobody knows; on a card no label stands before it."""
    if row["cost_text"]:
        return str(row["cost_text"])
    return (
        _("Kosten: wissen wir noch nicht") if row["cost"] == Offer.Cost.UNKNOWN else str(Offer.Cost(row["cost"]).label)
    )


def where_text(row: Mapping[str, Any], towns: list[str]) -> str:
    """Say where the offer is, or that nobody knows."""
    if towns:
        return ", ".join(towns)
    if row["place_note"]:
        return str(row["place_note"])
    if row["reach"] == Offer.Reach.UNKNOWN:
        return _("Ort: wissen wir noch nicht")
    return str(Offer.Reach(row["reach"]).label)


def nearest_km(cat: Catalogue, pk: int, filters: OfferFilters) -> float | None:
    """Distance from the chosen place to the nearest place of the offer in kilometres."""
    if not filters.place or pk not in cat.bit_of:
        return None
    here = (filters.place.latitude, filters.place.longitude)
    bit = 1 << cat.bit_of[pk]
    return min((distance_km(here, point) for point, mask in cat.points.items() if mask & bit), default=None)


def cards_html(shown: Iterable[Card], *, version: str, carried: str, keep: str) -> Html:
    """Return the cards as list items.

    ``carried`` is the query string for their pages, ``keep`` what the Merkliste's address needs before the new entry.
    """
    place: Shelf[Part] = shelf("offer-cards", version)
    visitor = {"carried": carried, "keep": keep}
    return joined([_card_html(one, visitor, place) for one in shown])


def _card_html(one: Card, visitor: Mapping[str, str], place: Shelf[Part]) -> Html:
    """One card; but for a search all is the same for everybody, once per offer and version."""
    if one.found:
        marks = {"shown_title": marked(one.title_pieces), "shown_summary": marked(one.summary_pieces)}
        return _look(one).fill({**visitor, **_same_for_all(one), **marks, "reasons": _reasons(one)})
    part = place.get(one.slug)
    if part is None:
        texts = {"shown_title": one.title, "shown_summary": one.summary}
        part = _look(one).partly(_same_for_all(one) | texts)
        place.put(one.slug, part, size=part.size)
    return part.fill({**visitor, "reasons": _reasons(one)})


def _look(one: Card) -> Part:
    """The template, cut at its holes."""

    def cut() -> Part:
        names = ("kind_label", "url", "title", "age", "cost", "where", "slug")
        context = {name: hole(name) for name in ("carried", "keep", "shown_title", "shown_summary", "reasons")}
        shown = SimpleNamespace(
            is_example=one.is_example, verified=one.verified, **{name: hole(name) for name in names}
        )
        return Part.of("offers/_offer_card.html", {**context, "card": shown, "merk_url": reverse("offers:bookmarks")})

    return kept_part("offer-card-look", "", (one.is_example, one.verified), cut)


def _same_for_all(one: Card) -> dict[str, Any]:
    names = ("kind_label", "url", "title", "age", "cost", "where", "slug")
    return {name: getattr(one, name) for name in names}


def marked(text: Pieces) -> Html:
    """Return pieces of a text with those that were searched for in ``<mark>``, so that one sees why it was found."""
    return Html("".join([f"<mark>{escaped(part)}</mark>" if hit else escaped(part) for part, hit in text]))


def fit_line(row: FitLine) -> Html:
    """Return one reason as a list item."""
    context = {"line": {"verdict": hole("verdict"), "text": hole("text")}}
    look = kept_part("fit-line", "", "", lambda: Part.of("offers/_fit_line.html", context))
    return look.fill({"verdict": row.verdict, "text": row.text})


def _reasons(one: Card) -> object:
    inside, has_lines = one.found_inside, bool(one.because)
    if not (inside or has_lines):
        return NOTHING
    context = {"inside": hole("inside") if inside else "", "lines": hole("lines") if has_lines else ""}
    key = (bool(inside), has_lines)
    look = kept_part("card-reasons", "", key, lambda: Part.of("offers/_card_reasons.html", context))
    return look.fill({"inside": inside, "lines": joined(map(fit_line, one.because))})
