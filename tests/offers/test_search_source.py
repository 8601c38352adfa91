"""What an offer is found by: everything it says of itself and of its places, and nothing else."""

import pytest

from directory.index.plain import names_in, plain
from directory.index.writing import changed, rebuild
from directory.models import ContactPerson, SearchEntry, SearchPosting
from offers.models import Deadline, LegalBasis, OccupationalField, Offer, OfferAgency, Precondition, Situation
from offers.search_source import OFFERS
from tests.factories.directory import AgencyFactory, ContactPointFactory, LanguageFactory, MunicipalityFactory
from tests.factories.offers import OfferFactory
from tests.factories.search import found, titled

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    """An offer with something in every field."""
    point = ContactPointFactory(name="Haus Wacholder", town="Efeustadt", email="post@enzian.example")
    ContactPerson.objects.create(contact_point=point, name="Ximena Yucca", topic="Thymian")
    row = OfferFactory(
        title="Berufsausbildungsbeihilfe (BAB)", summary="Melde dich [hier](https://malve.example/seite).",
        description="## Ablauf\n\nDu lernst **Salbei**.\n\n- Rosmarin\n\nSchreib an kurs@lupine.example.",
        kind="geld", for_whom="Du magst Kresse.", asked_as="wer zahlt mir Mohnkuchen\nSafran fehlt", steps="Ruf an.\nBring Dill mit.", to_bring="Zeugnis",
        gets_text="Du bekommst Taler.", place_note="Am Ginster", school_forms="Gesamtschule", cost="free",
        decides_without_sgb2="jobcenter", decides_with_sgb2="unknown", certificates=["hsa"], is_remote=True,
        contact=point,
    )  # fmt: skip
    row.situations.add(Situation.objects.create(slug="lage", label="Ich suche Lavendel"))
    row.occupational_fields.add(OccupationalField.objects.create(slug="feld", name="Holunder"))
    row.legal_bases.add(LegalBasis.objects.create(statute="SGB III", paragraph="§ 56"))
    row.municipalities.add(MunicipalityFactory(name="Farnhausen"))
    row.languages.add(LanguageFactory(), LanguageFactory(code="uk", name="Ukrainisch"))
    row.contact_points.add(ContactPointFactory(name="Treff Distel"))
    OfferAgency.objects.create(
        offer=row, agency=AgencyFactory(name="Amt Akazie", short_name="Akazienamt"), role="funder"
    )
    Precondition.objects.create(offer=row, text="Du hast Ingwer.")
    Deadline.objects.create(offer=row, kind="yearly", month=3, day=15, text="Komm bis März.")
    changed([row])
    return row


@pytest.mark.parametrize(
    "word",
    [
        "Beihilfe",
        "BAB",
        "Geld",
        "Salbei",
        "Rosmarin",
        "Kresse",
        "Mohnkuchen",
        "Safran",
        "Dill",
        "Zeugnis",
        "Taler",
        "Ginster",
        "Gesamtschule",
        "kostet",
        "Jobcenter",
        "Hauptschulabschluss",
        "online",
        "Lavendel",
        "Holunder",
        "§ 56",
        "Farnhausen",
        "Ukrainisch",
        "Distel",
        "Akazie",
        "Akazienamt",
        "Ingwer",
        "März",
        "Wacholder",
        "Efeustadt",
    ],
)
def test_offer_is_found_by(offer: Offer, word: str) -> None:
    assert ("offer", offer.slug) in found(word)


def test_what_is_no_text_is_not_indexed(offer: Offer) -> None:
    words = SearchEntry.objects.get(kind="offer").words.split()
    never = "malve enzian lupine kurs ximena yucca deutsch unbekannt wissen https example"
    assert not [word for word in words for part in never.split() if part in word]


def test_names_and_title_are_exact_keys(offer: Offer) -> None:
    key = {("offer", offer.slug)}
    assert titled("Berufsausbildungsbeihilfe (BAB)") == titled("bab") == titled("BERUFSAUSBILDUNGSBEIHILFE") == key


def test_a_query_count_that_does_not_grow(offer: Offer, django_assert_max_num_queries) -> None:
    OfferFactory.create_batch(20)
    with django_assert_max_num_queries(20):
        assert len(list(OFFERS.documents(None))) == 21


def test_documents_come_by_id_and_leave_out_what_is_gone(offer: Offer) -> None:
    other = OfferFactory()
    documents = list(OFFERS.documents([other.pk, offer.pk, 999_999]))
    assert [document.object_id for document in documents] == [offer.pk, other.pk]
    assert documents[0].summary == "Melde dich hier."


def test_drafts_are_indexed_too() -> None:
    draft = OfferFactory(title="Drachenflug", status="draft")
    changed([draft])
    assert found("Drachenflug") == {("offer", draft.slug)}


def test_order_of_links_does_not_matter() -> None:
    """Two databases give rows different ids; what is written must not depend on them."""
    first, second = OfferFactory(title="Gleich"), OfferFactory(title="Gleich")
    one, two = (Situation.objects.create(slug=name, label=name) for name in ("sgb", "zwei"))
    first.situations.add(one, two)
    second.situations.add(two)
    second.situations.add(one)
    rebuild()
    weights = [
        sorted(
            SearchPosting.objects.filter(entry__kind="offer", entry__object_id=pk).values_list("term__text", "weight")
        )
        for pk in (first.pk, second.pk)
    ]
    assert weights[0] == weights[1]


def test_county_offers_are_found_by_their_titles(region: None) -> None:
    for offer in Offer.objects.all():
        assert ("offer", offer.slug) in titled(offer.title)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("**fett** und [Text](https://example.org/a_b)", "fett und Text"),
        ("## Kopf\n\n- eins\n- zwei", "Kopf - eins - zwei"),
        ("https://example.org www.example.org a@example.org bleibt", "bleibt"),
        ("[a](b) [c] (d)", "a [c] (d)"),
        ("", ""),
    ],
)
def test_markup_is_taken_off(text: str, wanted: str) -> None:
    assert plain(text) == wanted


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Beihilfe (BAB)", ("Beihilfe", "BAB")),
        ("Berufsvorbereitung (BvB) im Handwerk", ("Berufsvorbereitung im Handwerk", "BvB")),
        ("Zukunftstag – Girls' Day / Boys' Day", ("Zukunftstag", "Girls' Day", "Boys' Day")),
        ("Börse „Wir brauchen dich“", ("Börse", "Wir brauchen dich")),
        ("JOB – Hilfe (PLUS)", ("JOB – Hilfe", "PLUS", "JOB", "Hilfe")),
        ("Noch kein Plan? Wir helfen", ("Noch kein Plan", "Wir helfen")),
        ("Not: ein Ort", ("Not", "ein Ort")),
        ("Mütter/Väter 10:30", ()),
        ("ohne", ()),
        ("(nur das)", ()),
        ("offen (", ()),
        ("leer ()", ()),
    ],
)
def test_other_names_in_a_title(title: str, names: tuple[str, ...]) -> None:
    assert names_in(title) == names
