"""The three to five offers of a result, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from counseling.finder import Finding
from counseling.finder.situation import AgeRange
from counseling.flow import Answers
from directory.places import Place
from offers.cards import Card, cards
from offers.catalogue import Catalogue, catalogue
from offers.filters import OfferFilters
from offers.fit import YES
from offers.models import Decider, Offer

MOST, FEWEST = 5, 3
DECIDERS: Mapping[str, Decider] = {
    "aa": Decider.AGENTUR,
    "aa_reha": Decider.AGENTUR_REHA,
    "jobcenter": Decider.JOBCENTER,
    "jugendamt": Decider.JUGENDAMT,
    "school": Decider.SCHULE,
    "bbs": Decider.SCHULE,
    "familienkasse": Decider.FAMILIENKASSE,
}
"""Who decides about the offers that fill up a short list; other bodies get none of these."""


@dataclass(frozen=True)
class OfferLine:
    """One offer: address, title, and why it is here."""

    slug: str
    url: str
    title: str
    because: str
    fits: tuple[str, ...]
    is_example: bool
    verified: bool


def fitting_offers(
    finding: Finding, answers: Answers, place: Place | None, *, version: str, on: date
) -> tuple[OfferLine, ...]:
    """Return the offers the rules name, filled up to three by age and certificate. Two queries."""
    cat = catalogue(version, on=on)
    hints = {hint.key: hint.because.for_view(finding.view) for hint in finding.offers}
    filters = _filters(answers, place, finding.body)
    possible = cat.everything & _of_age(cat, answers.situation.age)
    named = {
        slug: pk
        for pk, slug in Offer.objects.published(on=on).filter(slug__in=hints).values_list("pk", "slug")
        if possible & cat.mask_of([pk])
    }
    ids = [named[slug] for slug in hints if slug in named][:MOST]
    if len(ids) < FEWEST and filters.decider and not finding.probable:
        ids += _more(cat, filters, possible & ~cat.mask_of(ids), FEWEST - len(ids))
    carried = _carried(answers, place)
    lines = [
        _line(card, hints.get(card.slug, ""), finding.view, carried)
        for card in cards(ids, filters, cat, version=version)
    ]
    return tuple(line for line in lines if line.because)


def _filters(answers: Answers, place: Place | None, body: str) -> OfferFilters:
    age = answers.situation.age
    exact = age.lo if age is not None and age.lo == age.hi else None
    decider = DECIDERS.get(body, "")
    return OfferFilters(age=exact, certificate=answers.situation.certificate or "", place=place, decider=decider)


def _of_age(cat: Catalogue, age: AgeRange | None) -> int:
    """Offers somebody of this age, or of some age of this band, may use; and those that do not say."""
    if age is None:
        return cat.everything
    mask = cat.unknown["alter"]
    for years in range(age.lo, age.hi + 1):
        mask |= cat.age_mask(years)
    return mask


def _more(cat: Catalogue, filters: OfferFilters, possible: int, number: int) -> Sequence[int]:
    """Offers the same body decides about that fit age and certificate for certain."""
    return list(islice(cat.ordered(cat.select(filters) & possible, filters), number))


def _line(card: Card, hint: str, view: str, carried: str) -> OfferLine:
    # The sentences of the catalogue say du; parents and professionals read the rule's own words.
    fits = tuple(line.text for line in card.because if line.verdict == YES) if view == "mich" else ()
    because = hint or (fits[0] if fits else "") or _("Alter: %(age)s") % {"age": card.age}
    return OfferLine(
        slug=card.slug,
        url=card.url + carried,
        title=card.title,
        because=because,
        fits=tuple(text for text in fits if text != because),
        is_example=card.is_example,
        verified=card.verified,
    )


def _carried(answers: Answers, place: Place | None) -> str:
    """What goes along to the page of an offer; nothing when anything sensitive was said."""
    if answers.is_sensitive:
        return ""
    age = answers.situation.age
    pairs = [
        ("alter", str(age.lo) if age is not None and age.lo == age.hi else ""),
        ("abschluss", answers.situation.certificate or ""),
        ("ort", place.name if place else ""),
        ("ags", place.ags if place else ""),
    ]
    text = urlencode([(name, value) for name, value in pairs if value])
    return f"?{text}" if text else ""
