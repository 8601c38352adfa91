"""What leaves the site: vCard and schema.org data."""

from datetime import date, datetime, time

import pytest

from directory.actions import raise_content_version
from directory.contact import contact_card, contact_points_with_details
from directory.exports import json_ld, vcard
from directory.hours import calendar_around
from directory.models import ContactPoint
from directory.opening import BERLIN
from tests.factories.directory import (
    ContactPointFactory,
    ExceptionFactory,
    PersonFactory,
    PhoneFactory,
    ScheduleFactory,
)

NOW = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
TODAY = NOW.date()


def loaded(point):
    row = contact_points_with_details().get(pk=point.pk)
    return row, contact_card(row, at=NOW, calendar=calendar_around(NOW))


def card_lines(point) -> list[str]:
    return vcard(*loaded(point), url="https://portal.example/x/").replace("\r\n ", "").split("\r\n")


def schema(point) -> dict:
    return json_ld(*loaded(point), url="https://portal.example/x/", calendar=calendar_around(NOW), on=TODAY)


def test_vcard_of_a_full_point(db) -> None:
    point = ContactPointFactory(full=True, name="Beratung, Haus A; Hof", owner__name="Amt")
    PhoneFactory(contact_point=point, number="+493904999", position=5)
    assert card_lines(point) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Beratung\\, Haus A\\; Hof",
        "N:Beratung\\, Haus A\\; Hof;;;;",
        "ORG:Amt",
        "TEL;TYPE=WORK,VOICE:+49390412340",
        "TEL;TYPE=WORK,VOICE:+493904999",
        "EMAIL;TYPE=INTERNET:stelle@example.org",
        "ADR;TYPE=WORK:;;Hauptstraße 1;Haldensleben;;39340;Deutschland",
        "GEO:52.300600;11.430300",
        "URL:https://portal.example/x/",
        "NOTE:Geprüft am 02.11.2026.",
        "END:VCARD",
        "",
    ]


def test_vcard_marks_example_data(db) -> None:
    assert "NOTE:Beispieldaten – nicht bestätigt. Geprüft am 02.11.2026." in card_lines(
        ContactPointFactory(full=True, is_example=True, verified=False)
    )
    assert "NOTE:Noch nicht bestätigt. Geprüft am 02.11.2026." in card_lines(
        ContactPointFactory(full=True, is_example=True)
    )


def test_vcard_holds_nothing_without_a_source(db) -> None:
    lines = card_lines(ContactPointFactory(full=True, verified=False, checked_on=None))
    assert [line.split(":")[0] for line in lines if line] == [
        "BEGIN",
        "VERSION",
        "FN",
        "N",
        "ORG",
        "URL",
        "NOTE",
        "END",
    ]
    assert "NOTE:Angabe fehlt: Adresse\\, Telefon\\, Zeiten." in lines


def test_vcard_cannot_be_broken_by_a_name(db) -> None:
    lines = card_lines(ContactPointFactory(name="A\r\nTEL:+49110\nB\\C\rD", owner__name="Amt"))
    assert lines[2] == "FN:A\\nTEL:+49110\\nB\\\\C\\nD"
    assert not any(line.startswith("TEL") for line in lines)


def test_vcard_lines_are_folded_at_75_bytes_and_never_inside_a_letter(db) -> None:
    point = ContactPointFactory(name="ä" * 150)
    text = vcard(*loaded(point), url="https://portal.example/x/")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert f"FN:{'ä' * 150}" in card_lines(point)


def test_vcard_is_served_as_a_file(db, client) -> None:
    ContactPointFactory(full=True, slug="voll")
    response = client.get("/anlaufstellen/voll/kontakt.vcf")
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="voll.vcf"'
    assert response.content.decode().startswith("BEGIN:VCARD\r\n")


def test_vcard_never_names_a_person(db) -> None:
    point = ContactPointFactory(full=True)
    PersonFactory(contact_point=point, name="Frau Muster", phone="+493904888")
    assert "Muster" not in "\n".join(card_lines(point))


def test_schema_of_a_full_point(db) -> None:
    data = schema(ContactPointFactory(full=True, name="Voll"))
    assert (data["@type"], data["name"], data["telephone"]) == ("Place", "Voll", "+49390412340")
    assert data["address"]["addressLocality"] == "Haldensleben"
    assert data["geo"]["latitude"] == pytest.approx(52.3006)
    assert len(data["openingHoursSpecification"]) == 5
    assert data["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "https://schema.org/Monday",
        "opens": "09:00",
        "closes": "12:00",
    }


def test_schema_names_the_days_that_differ(db) -> None:
    point = ContactPointFactory(full=True)
    closed, short = date(2026, 11, 24), date(2026, 11, 25)
    ExceptionFactory(contact_point=point, starts_on=closed, ends_on=closed)
    ExceptionFactory(
        contact_point=point, kind="hours", starts_on=short, ends_on=short, opens_at=time(10), closes_at=time(11)
    )
    special = schema(point)["specialOpeningHoursSpecification"]
    assert [(row["validFrom"], row["opens"], row["closes"]) for row in special] == [
        ("2026-11-24", "00:00", "00:00"),
        ("2026-11-25", "10:00", "11:00"),
    ]


def test_schema_leaves_out_what_nobody_can_walk_in_to(db) -> None:
    point = ContactPointFactory(full=True, hours=0)
    person = PersonFactory(contact_point=point)
    ScheduleFactory(contact_point=point, kind="phone")
    ScheduleFactory(contact_point=point, by_appointment=True)
    ScheduleFactory(contact_point=point, term_time="holidays")
    ScheduleFactory(contact_point=point, valid_to=date(2026, 11, 1))
    ScheduleFactory(contact_point=point, person=person)
    assert "openingHoursSpecification" not in schema(point)


def test_schema_holds_nothing_without_a_source(db) -> None:
    assert set(schema(ContactPointFactory(full=True, verified=False))) == {
        "@context", "@type", "name", "description", "url",
    }  # fmt: skip


@pytest.mark.parametrize(("verified", "status"), [(True, 200), (False, 404)])
def test_an_invented_point_never_gets_into_an_address_book(client, region, verified, status):
    ContactPoint.objects.filter(slug="koordination").update(is_example=True, verified=verified)
    raise_content_version()
    assert client.get("/anlaufstellen/koordination/kontakt.vcf").status_code == status
    assert ("kontakt.vcf" in client.get("/anlaufstellen/koordination/").content.decode()) is verified
