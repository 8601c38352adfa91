"""The search over offers, with the county's own offers and words."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from directory.actions import raise_content_version
from directory.index.synonyms import Group, groups
from directory.index.vocabulary import known, synonyms_of
from directory.index.writing import changed
from directory.places import find_place
from directory.versions import content_version
from offers.catalogue import catalogue
from offers.facets import counts
from offers.filters import OfferFilters
from offers.forms import RADII
from offers.listing import list_offers
from offers.models import Offer, OfferKind
from offers.search import BLOCK, OfferHits, find_offers
from tests.factories.offers import OfferFactory
from tests.naughty import NAUGHTY

ON = date(2026, 11, 22)
quick = bounds(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def search(text: str, **more) -> OfferHits:
    version = content_version()
    return find_offers(text, cat=catalogue(version, on=ON), version=version, on=ON, **more)


def slugs(text: str, **more) -> list[str]:
    """Slugs of the hits, best first."""
    hits = search(text, **more)
    names = dict(Offer.objects.values_list("pk", "slug"))
    filters = OfferFilters(text=text, place=hits.query.place)
    assert hits.mask is not None
    return [names[pk] for pk, _score in hits.ordered(hits.mask, filters, 0, BLOCK)]


def found(text: str, **more) -> set[int]:
    hits = search(text, **more)
    return set(hits.cat.ids) if hits.mask is None else {pk for pk, _score in everything(hits)}


def everything(hits: OfferHits, filters: OfferFilters | None = None) -> list[tuple[int, int]]:
    filters = filters or OfferFilters()
    blocks = range(0, hits.mask.bit_count(), BLOCK)
    return [hit for start in blocks for hit in hits.ordered(hits.mask, filters, start, start + BLOCK)]


# --- what young people type -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("lehrstelle kfz", {"berufsberatung", "messe-bdb", "messe-inn", "eq", "asa-vor"}),
        ("pratikum altenpflge", {"schuelerpraktikum", "praktikum-begl", "bop", "fsj"}),
        ("was mit tiere", {"berufsberatung", "fsj", "check-u", "praktikumspraemie"}),
        ("schule geschmissen was jetzt", {"schulabschluss-bbs", "bvj", "berufsberatung", "kvhs-abschluss", "jsa"}),
        ("geld vom amt für führerschein", {"16-vb"}),
        ("Buerokauffrau", {"berufsberatung", "messe-bdb", "messe-inn", "bop", "check-u"}),
        ("Erzieher:in", {"berufsberatung", "fsj", "messe-bdb", "messe-inn", "check-u"}),
        ("praktikum wolmirstedt", {"schuelerpraktikum", "praktikum-begl", "praktikumspraemie", "bop"}),
        ("schule abgebrochen", {"schulabschluss-bbs", "bvj", "berufsberatung", "kompetenzagentur", "nichtschueler"}),
        ("wer schwänzt", {"schulsozialarbeit", "produktives-lernen"}),
        ("AZUBI-TICKET", {"azubiticket"}),
        ("azubi ticket", {"azubiticket"}),
        ("berufsvorbereitungsjahr", {"bvj", "bvj-s"}),
        ("§ 16h", {"16h"}),
        ("unterstüzte beschäftigung", {"ub"}),
        ("ich weiß nicht was ich werden soll", {"berufsberatung"}),
        ("fuck jugendamt", {"ombud"}),
        ("wie komm ich ohne auto zur berufsschule", {"azubiticket"}),
        ("mein chef ist ein arschloch", {"ausbildungsberatung"}),
        ("papa schlägt mich", {"inobhut"}),
    ],
)
def test_right_offer_comes_first(region, text, right):
    assert slugs(text)[0] in right


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Führerschein", "fuehrerschein"),
        ("Führerschein", "FÜHRERSCHEIN"),
        ("Schüler:innen", "Schüler"),
        ("Schüler*innen Praktikum", "Schüler Praktikum"),
        ("Ausbildungen", "ausbildung"),
        ("hilfe  bei   schulden", "Hilfe bei Schulden!"),
    ],
)
def test_spelling_makes_no_difference(region, one, other):
    assert slugs(one) == slugs(other)


def test_every_title_finds_its_offer_first(region):
    for title, slug in Offer.objects.published(on=ON).values_list("title", "slug"):
        assert slugs(title)[0] == slug, title


def test_long_title_finds_its_offer_first(region):
    title = (
        "Handwerk und Technik zum Ausprobieren für alle, die noch nicht wissen, was sie werden wollen, in den Ferien"
    )
    offer = OfferFactory(title=title, slug="ferien")
    changed([offer])
    raise_content_version()
    assert len(title) > 100
    assert search(title).query.was_cut
    assert slugs(title)[0] == "ferien"


# --- properties -----------------------------------------------------------------------


def vocabulary() -> list[str]:
    return known(content_version()).ordered


# Each example reads three hundred groups anew.
@bounds(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_new_group_never_takes_a_hit_away(region, data):
    some = st.sampled_from(vocabulary()) | st.sampled_from(["pratikum", "xyzzy", "wolmirstet", "krankenhausbett"])
    asked = data.draw(st.lists(some, min_size=1, max_size=4).map(" ".join))
    phrases = st.lists(some, min_size=1, max_size=3).map(" ".join)
    said = tuple(data.draw(st.lists(phrases | st.just(asked), min_size=1, max_size=4)))
    meant = tuple(data.draw(st.lists(phrases, min_size=1, max_size=4)))
    now = groups()
    before = search(asked, groups=synonyms_of(now))
    after = search(asked, groups=synonyms_of([*now, Group(said, meant)]))
    if before.mask is not None:
        assert after.mask is None or before.mask & ~after.mask == 0


@quick
@given(data=st.data())
def test_more_words_never_leave_nothing(region, data):
    asked = data.draw(st.lists(st.sampled_from(vocabulary()) | st.text(max_size=12), min_size=1, max_size=7))
    fewer = [len(found(" ".join(asked[:size]))) for size in range(1, len(asked) + 1)]
    assert all(more for less, more in pairwise(fewer) if less)


@quick
@given(st.text(max_size=200) | st.sampled_from(NAUGHTY))
def test_any_text_is_answered(region, text):
    listing = list_offers(OfferFilters(text=text), page=1, version=content_version(), on=ON)
    assert len(listing.cards) == min(listing.total, 20)


@quick
@given(data=st.data())
def test_every_hit_comes_once_best_first(region, data):
    hits = search(data.draw(st.sampled_from(vocabulary())))
    assume(hits.mask is not None)
    order = everything(hits)
    assert len(order) == len({pk for pk, _score in order}) == hits.mask.bit_count()
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        assert block == sorted(block, key=lambda hit: (-hit[1], hit[0]))
    assert all(isinstance(score, int) for _pk, score in order)


# --- what was understood --------------------------------------------------------------


def test_words_found_nowhere_are_named_and_do_not_count(region):
    hits = search("xqzvw schuldnerberatung")
    assert hits.found.unmatched == ("xqzvw",)
    assert found("xqzvw schuldnerberatung") == found("schuldnerberatung")
    assert search("xqzvw").mask == 0


def test_only_a_place_shows_every_offer_near_ones_first(region):
    listing = list_offers(OfferFilters(text="oschersleben"), page=1, version=content_version(), on=ON)
    assert listing.total == Offer.objects.published(on=ON).count()
    assert listing.cards[0].km is not None
    assert listing.hits.query.place.municipality == "Oschersleben (Bode)"


def test_place_in_the_text_brings_near_offers_forward(region):
    version = content_version()
    cat = catalogue(version, on=ON)
    here = find_place("Haldensleben", version=version).place
    near = cat.near_mask(here, 15) & ~cat.everywhere & ~cat.online
    pk = cat.ids[(near & -near).bit_length() - 1]
    score = dict(everything(search("schule"), OfferFilters())).get(pk, 0)
    assert dict(everything(search("schule"), OfferFilters(place=here))).get(pk, 1) > score


def test_correction_can_be_refused(region):
    assert search("pratikum").query.corrected == "Praktikum"
    literal = search("pratikum", literal=True)
    assert (literal.query.corrected, literal.query.suggestion, literal.mask) == (None, "Praktikum", 0)


def test_rare_word_beside_a_frequent_one_gets_a_suggestion(region):
    offer = OfferFactory(slug="slip", title="Beratug", summary="x")
    changed([offer])
    raise_content_version()
    hits = search("beratug")
    assert (hits.query.corrected, hits.query.suggestion) == (None, "Beratung")
    assert slugs("beratug")[0] == "slip"


# --- filters, counts, order -----------------------------------------------------------


@pytest.mark.parametrize("text", ["ausbildung", "hilfe jugendamt", "pratikum", "geld vom amt für führerschein"])
def test_counts_under_a_text_are_what_one_gets(region, text):
    version = content_version()
    hits = search(text)
    shown = counts(hits.cat, OfferFilters(text=text), hits.mask, RADII)
    kinds = dict(Offer.objects.values_list("pk", "kind"))
    for kind in OfferKind.values:
        expected = sum(kinds[pk] == kind for pk in found(text))
        assert shown["art"].get(kind, 0) == expected
        listing = list_offers(OfferFilters(text=text, kinds=(kind,)), page=1, version=version, on=ON)
        assert listing.total == expected
    assert sum(shown["art"].values()) == hits.mask.bit_count()


@pytest.mark.parametrize("sort", ["neu", "nah"])
def test_other_orders_keep_the_same_hits_and_scores(region, sort):
    version = content_version()
    place = find_place("Haldensleben", version=version).place
    by_score = OfferFilters(text="praktikum", place=place)
    pages = [list_offers(replace(by_score, sort=order), page=1, version=version, on=ON) for order in ("passend", sort)]
    scores = [{card.slug: card.score for card in page.cards} for page in pages]
    assert pages[0].total == pages[1].total <= 20
    assert scores[0] == scores[1]
    assert list(scores[0]) != list(scores[1])


def test_fit_decides_between_equal_scores(db):
    offers = [OfferFactory(title="Töpfern", slug=f"t{number}", cost="free") for number in range(3)]
    Offer.objects.filter(pk=offers[2].pk).update(age_min=14, age_max=18, age_state="known")
    Offer.objects.exclude(pk=offers[2].pk).update(age_state="none")
    changed(offers)
    raise_content_version()
    hits = search("töpfern")
    order = [pk for pk, _score in everything(hits, OfferFilters(text="töpfern", age=16))]
    assert order == [offers[2].pk, offers[0].pk, offers[1].pk]


def test_beyond_a_block_every_offer_comes_once_and_pages_agree(db):
    offers = OfferFactory.create_batch(2 * BLOCK + 30, title="Töpfern am Abend")
    changed(offers)
    raise_content_version()
    version = content_version()
    pages = [list_offers(OfferFilters(text="töpfern"), page=page, version=version, on=ON) for page in range(1, 7)]
    order = [card.slug for page in pages for card in page.cards]
    assert len(order) == len(set(order)) == 2 * BLOCK + 30
    assert [card.slug for card in pages[4].cards] == order[80:100]


def test_drafts_and_later_offers_are_not_found(region):
    offers = [
        OfferFactory(title="Zaubern lernen", status="draft"),
        OfferFactory(title="Zaubern lernen", published_from=date(2026, 11, 23)),
    ]
    changed(offers)
    raise_content_version()
    assert found("zaubern") & {offer.pk for offer in offers} == set()
    assert "Zaubern" not in (search("zaubrn").query.corrected or "", search("zaubrn").query.suggestion or "")


# --- statements -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ausbildung", "pratikum altenpflge", "geld vom amt für führerschein", "Erzieher:in"])
def test_statements_do_not_grow_with_words_or_hits(region, text):
    raise_content_version()
    search("wärme alles vor")
    with CaptureQueriesContext(connection) as cold:
        hits = search(text)
        hits.ordered(hits.mask, OfferFilters(), 0, 20)
    with CaptureQueriesContext(connection) as warm:
        hits = search(text)
        hits.ordered(hits.mask, OfferFilters(), 0, 20)
    # Each asks for the content version as well.
    assert len(cold) <= 1 + 4
    assert len(warm) == 1 + 1
