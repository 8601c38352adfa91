"""The folded text by which an offer is found."""

import pytest

from directory.models import Agency, GlossaryTerm
from offers.models import Offer, OfferAgency, Situation
from offers.search_text import build_search_text, join_search_text, refresh_search_texts

SGB = ["sgb", "sozialgesetzbuch", "sgb viii"]


@pytest.fixture
def offer(db: None) -> Offer:
    return Offer.objects.create(slug="bab", title="Geld für Azubis (BAB)", summary="Grüße!", kind="geld")


def test_text_holds_all_names_folded(offer: Offer) -> None:
    offer.situations.add(Situation.objects.create(slug="money", label="Ich brauche Geld"))
    agency = Agency.objects.create(slug="aa", name="Agentur für Arbeit", short_name="Agentur", kind="employment_agency")
    OfferAgency.objects.create(offer=offer, agency=agency, role="provider")
    assert (
        build_search_text(offer) == "geld fuer azubis (bab) gruesse! geld agentur agentur fuer arbeit ich brauche geld"
    )


def test_synonyms_of_the_glossary_are_added(offer: Offer) -> None:
    GlossaryTerm.objects.create(slug="bab", term="BAB", also="Berufsausbildungsbeihilfe; Beihilfe", explanation="x")
    assert build_search_text(offer).endswith(" berufsausbildungsbeihilfe beihilfe")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das steht im SGB.", "das steht im sgb. sozialgesetzbuch"),
        ("Das steht im SGB VIII.", "das steht im sgb viii. sozialgesetzbuch"),
        ("Sozialgesetzbuch", "sozialgesetzbuch sgb sgb viii"),
        ("sgbx", "sgbx"),
    ],
)
def test_whole_words_count_and_narrower_words_are_not_added(text: str, expected: str) -> None:
    assert join_search_text([text], [SGB]) == expected


def test_refresh_writes_only_what_is_out_of_date(offer: Offer) -> None:
    assert refresh_search_texts(Offer.objects.all()) == 1
    assert refresh_search_texts(Offer.objects.all()) == 0
    offer.refresh_from_db()
    assert offer.search_text == build_search_text(offer)
