"""The list of what must be confirmed, and the gate before going live."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from directory.models import Agency, ContactPoint, Page, Phone, Schedule
from offers.launch import launch_findings
from offers.models import LegalBasis, Offer

TODAY = date(2026, 11, 22)
COUNTS = "Noch nicht bereit: 1 Punkte bei der Koordinierungsstelle, 1 offene Punkte insgesamt."


def findings() -> list[str]:
    return [found.text for found in launch_findings(coordination_slug="zentrale", on=TODAY)]


def check() -> str:
    out = io.StringIO()
    call_command("check_launch", stdout=out)
    return out.getvalue()


@pytest.fixture
def agency(db: None) -> Agency:
    return Agency.objects.create(
        slug="amt", name="Amt", kind="county", status="published", verified=True, checked_on=TODAY
    )


@pytest.fixture
def office(agency: Agency) -> ContactPoint:
    """A coordination office without any gap."""
    point = ContactPoint.objects.create(
        slug="zentrale",
        name="Zentrale",
        owner=agency,
        status="published",
        verified=True,
        checked_on=TODAY,
        street="Markt 1",
        postal_code="39340",
        town="Ort",
    )
    Phone.objects.create(contact_point=point, number="+4939041000")
    Schedule.objects.create(contact_point=point, weekday=0, opens_at="09:00", closes_at="12:00")
    return point


def test_office_without_gaps_leaves_nothing_to_do(office: ContactPoint) -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_example": True}, "ist noch als Beispieldaten markiert"),
        ({"verified": False}, "ist nicht als belegt markiert"),
        ({"status": "draft"}, "ist nicht veröffentlicht"),
        ({"published_until": date(2026, 11, 21)}, "ist nicht veröffentlicht"),
        ({"street": ""}, "hat keine vollständige Adresse"),
        ({"town": ""}, "hat keine vollständige Adresse"),
    ],
)
def test_gap_of_the_office_blocks(office: ContactPoint, changes: dict, reason: str) -> None:
    ContactPoint.objects.update(**changes)
    blocking = [found.text for found in launch_findings(coordination_slug="zentrale", on=TODAY) if found.is_blocking]
    assert blocking == [f"„Zentrale“ (zentrale) {reason}."]


@pytest.mark.parametrize(
    ("model", "reason"), [(Phone, "hat keine echte Telefonnummer"), (Schedule, "hat keine Öffnungszeiten")]
)
def test_office_without_phone_or_hours_blocks(office: ContactPoint, model: type, reason: str) -> None:
    model.objects.all().delete()
    assert findings()[0] == f"„Zentrale“ (zentrale) {reason}."


def test_number_for_films_is_no_phone(office: ContactPoint) -> None:
    Phone.objects.update(number="+493023125100")
    assert findings() == [
        "„Zentrale“ (zentrale) hat keine echte Telefonnummer.",
        "Anlaufstelle „Zentrale“ (zentrale) hat nur eine Beispielnummer.",
    ]


@pytest.mark.django_db
def test_missing_office_blocks() -> None:
    assert findings() == ["Die Anlaufstelle „zentrale“ (coordination_point in region.toml) gibt es nicht."]


def test_everything_open_is_named(office: ContactPoint, agency: Agency) -> None:
    gap = {"kind": "counselling", "status": "published"}
    Agency.objects.create(slug="dienst", name="Dienst", is_gap=True, **gap)
    Agency.objects.create(slug="entwurf", name="Entwurf", kind="school")
    old = {"status": "published", "verified": True, "checked_on": date(2026, 1, 31)}
    ContactPoint.objects.create(slug="treff", name="Treff", owner=agency, is_example=True, **old)
    offer = Offer.objects.create(slug="kurs", title="Kurs", summary="x", kind="messe", status="published")
    offer.legal_bases.add(LegalBasis.objects.create(statute="SGB III", paragraph="§ 1", under_review=True))
    Offer.objects.create(slug="gen-00001", title="Erzeugt", summary="x", kind="messe", is_example=True)
    Page.objects.create(slug="impressum", title="Impressum", body="Name: [vom Landkreis zu ergänzen]")
    assert findings() == [
        "Anlaufstelle „Treff“ (treff) ist noch nicht bestätigt.",
        "1 erzeugte Angebote: weg damit (generate_offers 0 --remove).",
        "Anlaufstelle „Treff“ (treff) hat kein Telefon.",
        "Anlaufstelle „Treff“ (treff) hat keine Öffnungszeiten.",
        "Anlaufstelle „Treff“ (treff) hat keine vollständige Adresse.",
        "Stelle „Dienst“ (dienst) hat noch keine Anschrift.",
        "Angebot „Kurs“ (kurs) hat keine belegte Quelle.",
        "Anlaufstelle „Treff“ (treff): seit 31.07.2026.",
        "Angebot „Kurs“ (kurs): noch nie geprüft.",
        "§ 1 SGB III (Angebote: 1).",
        "Seite „Impressum“ (/impressum/): 1 × [vom Landkreis zu ergänzen].",
    ]


def test_what_does_not_exist_is_no_gap(office: ContactPoint, agency: Agency) -> None:
    states = {"phone_state": "none", "hours_state": "none", "address_state": "none"}
    ContactPoint.objects.create(
        slug="chat", name="Chat", owner=agency, status="published", verified=True, checked_on=TODAY, **states
    )
    assert findings() == []


def test_shipped_data_is_not_ready_until_the_office_is_confirmed(region: None, fix_time) -> None:
    fix_time("2026-11-22 09:00")
    with pytest.raises(CommandError, match=r"^Noch nicht bereit: 3 Punkte bei der Koordinierungsstelle, \d+ offene"):
        check()
    office = ContactPoint.objects.get(slug="koordination")
    office.phones.update(number="+4939041000")
    office.is_example, office.verified = False, True
    office.save()
    assert check().splitlines()[-1].startswith("Bereit: Die Koordinierungsstelle ist bestätigt.")


def test_command_ends_with_one(office: ContactPoint, settings) -> None:
    settings.REGION = {**settings.REGION, "coordination_point": "zentrale"}
    Phone.objects.all().delete()
    ContactPoint.objects.update(phone_state="none")
    with pytest.raises(CommandError) as refusal:
        check()
    assert (str(refusal.value), refusal.value.returncode) == (COUNTS, 1)
