"""The publish checklist: texts, words, pictures, links, and what contact points, agencies and pages lack."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from directory import checklist
from directory.checklist import KINDS, Finding, findings, is_easy, read, readers_of, text_findings
from directory.editorial.checks import findings_of
from directory.models import Agency, ContactPoint, GlossaryTerm, LinkCheck, Page, Phone, Schedule
from directory.plain_words import BANNED, CAREFUL, found_in
from directory.readability import LIMITS
from offers.models import Offer

TODAY = date(2026, 11, 22)
HARD = "Die Inanspruchnahme berufsvorbereitender Bildungsangebote setzt die Erfüllung der Schulpflicht voraus. " * 3
EASY = "Du hast noch keinen Platz? Ruf uns an. Wir hören dir zu. Dann suchen wir mit dir. Das kostet nichts. Komm her."


def keys(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(point.kind, point.field, point.severity) for point in found]


@pytest.fixture
def agency(db: None) -> Agency:
    return Agency.objects.create(
        slug="amt",
        name="Amt",
        kind="county",
        what_we_do=EASY,
        website="https://example.org",
        verified=True,
        source="Brief",
        checked_on=TODAY,
    )


@pytest.fixture
def point(agency: Agency) -> ContactPoint:
    """Nothing is missing."""
    row = ContactPoint.objects.create(
        slug="haus",
        name="Haus",
        summary=EASY,
        owner=agency,
        serves_whole_county=True,
        verified=True,
        source="Brief",
        checked_on=TODAY,
        street="Markt 1",
        postal_code="39340",
        town="Ort",
    )
    Phone.objects.create(contact_point=row, number="+4939041000")
    Schedule.objects.create(contact_point=row, weekday=0, opens_at="09:00", closes_at="12:00")
    return row


def test_whole_records_have_no_findings(point: ContactPoint, agency: Agency) -> None:
    assert findings(point, on=TODAY) == []
    assert findings(agency, on=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"summary": ""}, ("fact", "summary", "hint")),
        ({"summary": HARD}, ("reading", "summary", "reason")),
        ({"summary": f"{EASY} Das ist für unsere Kunden."}, ("word", "summary", "reason")),
        ({"serves_whole_county": False}, ("fact", "service_area", "hint")),
        ({"source": " "}, ("law", "source", "reason")),
        ({"verified": False}, ("law", "verified", "hint")),
        ({"checked_on": None}, ("check", "checked_on", "reason")),
        ({"checked_on": date(2026, 11, 23)}, ("check", "checked_on", "stop")),
        ({"checked_on": date(2026, 5, 22)}, ("check", "checked_on", "hint")),
        ({"published_until": date(2026, 11, 21)}, ("fact", "published_until", "stop")),
        ({"town": ""}, ("contact", "street", "hint")),
        ({"has_phone": True, "phone_state": "none"}, ("contact", "has_phone", "reason")),
        (
            {"street": "", "address_state": "none"},
            ("contact", "has_in_person", "reason"),
        ),
    ],
    ids=str,
)
def test_every_gap_of_a_contact_point_is_named(
    point: ContactPoint, changes: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    for name, value in changes.items():
        setattr(point, name, value)
    point.set_review_due()
    assert expected in keys(findings(point, on=TODAY))


def test_hours_and_phones_are_there_or_honestly_absent(point: ContactPoint) -> None:
    point.schedules.all().delete()
    point.phones.all().delete()
    assert keys(findings(point, on=TODAY)) == [("hours", "schedules", "hint"), ("contact", "phones", "hint")]
    point.hours_state = point.phone_state = "none"
    assert findings(point, on=TODAY) == []
    point.street, point.address_state, point.has_in_person = "", "none", False
    assert keys(findings(point, on=TODAY)) == [("contact", "phones", "reason")]


def test_number_of_a_film_stops_a_real_contact_point_only(point: ContactPoint) -> None:
    point.phones.update(number="+493023125001")
    assert keys(findings(point, on=TODAY)) == [("contact", "phones", "stop")]
    point.is_example = True
    assert findings(point, on=TODAY) == []


def test_agency_without_words_and_ways_is_told(agency: Agency) -> None:
    agency.what_we_do, agency.website = "", ""
    assert keys(findings(agency, on=TODAY)) == [("fact", "what_we_do", "hint"), ("contact", "website", "hint")]
    agency.is_gap = True
    assert keys(findings(agency, on=TODAY)) == [("contact", "is_gap", "hint")]


def test_page_of_the_law_is_not_judged_but_must_be_complete() -> None:
    body = f"{HARD}\n\n[vom Landkreis zu ergänzen]"
    law, other = (Page(slug=slug, title="Seite", body=body, checked_on=TODAY) for slug in ("impressum", "ueber"))
    assert keys(findings(law, on=TODAY)) == [("fact", "body", "reason")]
    assert ("reading", "body", "reason") in keys(findings(other, on=TODAY))


def test_words_for_staff_may_be_harder() -> None:
    term = GlossaryTerm(term="Wort", explanation="Fachkräfte nutzen dieses Wort oft. Es steht in vielen Briefen. " * 3)
    limits = {}
    for audience in ("all", "staff"):
        term.audience = audience
        limits[audience] = readers_of(GlossaryTerm, term)["explanation"]
    assert limits == {"all": "youth", "staff": "staff"}
    assert LIMITS["youth"] == 6 < LIMITS["staff"] == LIMITS["parents"] == 8


def test_hard_text_names_sentences_and_words() -> None:
    (found,) = [
        point for point in text_findings(f"{EASY} {HARD}", "youth", field="summary") if point.severity != "hint"
    ]
    assert found.sentences == (HARD.strip().split(". ")[0] + ".",)
    assert "berufsvorbereitender" in found.words


def test_short_text_is_not_judged() -> None:
    assert text_findings("Ausbildungsvermittlung bei der Arbeitsagentur Nordhausen.", "youth", field="x") == []


def test_hard_paragraph_in_an_easy_text_is_a_hint() -> None:
    text = "\n\n".join([EASY] * 12 + [f"{HARD[:104]}{HARD[:104]}"])
    assert not read(text, "youth").is_too_hard
    assert keys(text_findings(text, "youth", field="body")) == [("reading", "body", "hint")]


def test_long_sentence_is_a_hint() -> None:
    long = "Du kommst zu uns und wir sehen uns an, was du gut kannst und was dir gut gefällt. "
    (found,) = text_findings(long, "youth", field="x")
    assert (found.severity, found.sentences) == ("hint", (long.strip(),))
    assert text_findings(long, "parents", field="x") == []


@pytest.mark.parametrize(
    "word", [*BANNED, "Maßnahmen", "KUNDEN", "benachteiligte", "der Zielgruppen", "Leistungstraeger"]
)
def test_words_of_the_offices_are_found_with_every_ending(word: str) -> None:
    assert [found.is_banned for found in found_in(f"Das ist {word} hier.", "youth")] == [True]
    assert found_in(f"Das ist {word} hier.", "parents") == []


@pytest.mark.parametrize(
    "word", ["Kundgebung", "Erdkunde", "Bildungsmaßnahme", "Stammkundschaft", "Rechtskreiswechsel"]
)
def test_parts_of_other_words_are_not_found(word: str) -> None:
    assert found_in(f"Das ist {word} hier.", "youth") == []


@pytest.mark.parametrize("reader", ["youth", "parents", "staff"])
@pytest.mark.parametrize("word", CAREFUL)
def test_promises_and_blame_are_a_hint_for_everybody(word: str, reader: str) -> None:
    assert keys(text_findings(f"Das geht {word} so.", reader, field="x")) == [("word", "x", "hint")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![](karte.png)", [("picture", "reason")]),
        ("![Karte vom Weg](karte.png)", [("picture", "reason")]),
        ("[](https://example.org)", [("link", "stop")]),
        ("[Amt](javascript:alert(1))", [("link", "stop")]),
        ("[Amt](JaVaScRiPt:alert)", [("link", "stop")]),
        ("[Amt](data:text/html,x)", [("link", "stop")]),
        ("[Amt](www.example.org)", [("link", "stop")]),
        ("[Amt](//example.org)", [("link", "stop")]),
        ("[Amt](https://)", [("link", "stop")]),
        ("[Amt](http://[)", [("link", "stop"), ("link", "hint")]),
        ("[hier](https://example.org)", [("link", "hint")]),
        ("[Amt](http://example.org)", [("link", "hint")]),
        ("[Amt](https://example.org) [Post](mailto:a@example.org) [Ruf an](tel:+49123) [Orte](/orte/) [x](#oben)", []),
    ],
)
def test_pictures_and_links(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(kind, severity) for kind, _field, severity in keys(text_findings(text, "youth", field="x"))] == expected


def test_links_that_two_checks_could_not_reach(point: ContactPoint, agency: Agency) -> None:
    def store(address: str, status: str, *, is_confirmed: bool = True) -> None:
        since = datetime(2026, 11, 20, 3, tzinfo=UTC)
        LinkCheck.objects.create(
            address=address,
            status=status,
            is_confirmed=is_confirmed,
            failing_since=since,
            redirect_to="https://neu.example/",
        )

    point.website, agency.website = "https://weg.example/", "https://umgezogen.example/"
    store("https://weg.example/", "broken")
    store("https://umgezogen.example/", "moved")
    store("https://einmal.example/", "broken", is_confirmed=False)
    assert [(p.severity, p.sentences) for p in findings(point, on=TODAY)] == [("reason", ("https://weg.example/",))]
    assert [(p.severity, p.sentences) for p in findings(agency, on=TODAY)] == [
        ("hint", ("https://umgezogen.example/", "https://neu.example/"))
    ]
    page = Page(slug="ueber", title="Seite", body="[Amt](https://weg.example/)", checked_on=TODAY)
    assert keys(findings(page, on=TODAY)) == [("link", "", "reason")]
    point.website = "https://einmal.example/"
    assert findings(point, on=TODAY) == []


def test_release_asks_the_same_list(point: ContactPoint) -> None:
    point.source = ""
    assert findings_of(point, TODAY) == findings(point, on=TODAY) != []


def test_order_is_the_order_of_the_list(point: ContactPoint) -> None:
    point.checked_on, point.summary, point.verified = None, HARD + " Kunde leider", False
    found = findings(point, on=TODAY)
    assert [point.kind for point in found] == sorted((point.kind for point in found), key=list(KINDS).index)
    assert {point.severity for point in found} == {"reason", "hint"}


def test_easy_is_said_of_easy_running_texts_only() -> None:
    """Without the database: the public pages may ask for every record."""
    assert is_easy(ContactPoint(summary=EASY))
    assert is_easy(ContactPoint(summary=EASY[:50], directions=EASY[50:]))
    assert not is_easy(ContactPoint(summary=EASY, directions=HARD))
    assert not is_easy(ContactPoint(summary="Kurz."))
    assert not is_easy(Page(slug="impressum", body=EASY))
    assert is_easy(Page(slug="ueber", body=EASY))


def test_asking_costs_few_queries(point: ContactPoint, region: None) -> None:
    for model in (ContactPoint, Agency, Page, Offer):
        row = model._default_manager.order_by("pk")[0]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            findings(row, on=TODAY)
        assert len(asked) <= 8, model


def test_shipped_records_need_no_reason_for_their_texts(region: None) -> None:
    rows = [row for model in (ContactPoint, Agency, Page, GlossaryTerm, Offer) for row in model._default_manager.all()]
    texts = {"reading", "word", "picture", "link"}
    found = [(row, point) for row in rows for point in findings(row, on=TODAY)]
    assert len(rows) > 200
    assert [(row, point) for row, point in found if point.severity == "stop"] == []
    assert [(row, point) for row, point in found if point.kind in texts and point.severity != "hint"] == []


NOT_READ = {
    "directory.contactpoint.source", "directory.agency.source", "offers.offer.source", "directory.synonymgroup.words",
    "offers.offer.asked_as",
}  # fmt: skip
"""Long fields of the back office that nobody reads in public."""


def test_every_long_text_has_its_readers() -> None:
    """A new long text of a public record must say for whom it is written."""
    silent = []
    for model in {item.model for item in checklist.items()}:
        named = {name for item in checklist.items() if item.model is model for name in item.readers}
        for field in model._meta.local_fields:
            if isinstance(field, models.TextField) and field.name not in named:
                silent.append(str(field).lower())
    assert sorted(set(silent) - NOT_READ) == []
    for item in checklist.items():
        for name in item.readers:
            assert apps.get_model(item.model._meta.label)._meta.get_field(name)
