"""The loader on a tiny region of its own: another county needs no other code."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import IntegrityError, connection

from directory.index.writing import changed
from directory.models import (
    Absence,
    Agency,
    ContactPoint,
    ContentVersion,
    GlossaryTerm,
    Locality,
    Municipality,
    Page,
    SchoolHoliday,
    SearchEntry,
)
from offers.models import LegalBasis, Offer
from offers.region.folder import unread_files
from tests.factories.region import load, replace, write_region


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_region(tmp_path)


def terms_of(offer: Offer) -> set[str]:
    entry = SearchEntry.objects.get(kind="offer", object_id=offer.pk)
    return set(entry.postings.values_list("term__text", flat=True))


def version() -> int:
    return ContentVersion.objects.get().number


@pytest.mark.django_db
def test_offer_is_loaded_with_everything_that_hangs_on_it(folder: Path) -> None:
    load(folder)
    offer = Offer.objects.get()
    assert (offer.slug, offer.title, offer.age_min, offer.age_max) == ("bvj", "Vorbereitungsjahr", 15, None)
    assert offer.description == 'Du lernst viel.\n\nstatus = "kein Schlüssel, sondern Text"'
    assert offer.certificates == ["none", "hsa"]
    assert (offer.steps, offer.to_bring) == ("Ruf an.\nMelde dich an.", "Zeugnis")
    assert offer.cost_amount == Decimal("12.50")
    assert (offer.checked_on, offer.review_due_on) == (date(2026, 11, 1), date(2027, 5, 1))
    assert offer.contact.slug == "haus"
    assert [item.slug for item in offer.situations.all()] == ["no_plan"]
    assert [item.slug for item in offer.occupational_fields.all()] == ["bau"]
    assert [(role.agency.slug, role.role) for role in offer.roles.all()] == [("kreis", "provider")]
    assert [item.fact for item in offer.preconditions.all()] == ["fulltime_school_done"]
    assert [(item.month, item.day) for item in offer.deadlines.all()] == [(3, 15)]
    assert [basis.legal_state for basis in offer.legal_bases.all()] == [date(2026, 4, 29)]
    assert {"vorbereitungsjahr", "platz", "schlussel"} <= terms_of(offer)


@pytest.mark.django_db
def test_contact_point_is_loaded_with_hours_and_persons(folder: Path) -> None:
    load(folder)
    point = ContactPoint.objects.get()
    assert (point.owner.slug, point.municipality_id, point.is_example) == ("lotse", "99000001", False)
    assert (point.has_in_person, point.has_phone, point.has_video, point.has_written) == (True, True, False, False)
    assert (point.step_free, point.accessible_toilet, point.lift) == ("yes", "no", "unknown")
    assert point.phone_state == "missing"
    assert [(row.weekday, row.opens_at) for row in point.schedules.filter(kind="opening")] == [
        (0, time(9)),
        (1, time(9)),
    ]
    assert point.schedules.get(kind="consultation").person.name == "Beratung"
    assert [row.opens_at for row in point.exceptions.all()] == [time(9), time(14)]
    assert point.persons.get(name="Beratung").substitute.name == "Leitung"
    assert Absence.objects.get().person.name == "Beratung"
    assert [(share.agency.slug, share.role) for share in point.shares.all()] == [("kreis", "berät donnerstags")]


@pytest.mark.django_db
def test_directory_rows_are_loaded(folder: Path) -> None:
    load(folder)
    assert Agency.objects.get(slug="lotse").parent.slug == "kreis"
    assert Municipality.objects.get(name="Unterdorf").association == "Nord, Süd"
    assert Locality.objects.get().municipality.name == "Oberdorf"
    assert Page.objects.get().body == "Hier steht, wer das Portal macht."
    assert GlossaryTerm.objects.get().also == "Vorbereitungsjahr"


@pytest.mark.django_db
def test_second_run_changes_nothing(folder: Path) -> None:
    assert load(folder).splitlines()[-1] == "Fertig: 18 neu, 0 geändert, 0 gleich, 0 übersprungen"
    assert version() == 1
    saved = Offer.objects.get().updated_at
    assert load(folder).splitlines()[-1] == "Fertig: 0 neu, 0 geändert, 18 gleich, 0 übersprungen"
    assert (version(), Offer.objects.get().updated_at) == (1, saved)


@pytest.mark.django_db
def test_dry_run_shows_new_rows_and_writes_nothing(folder: Path) -> None:
    lines = load(folder, dry_run=True).splitlines()
    assert "neu: Angebot bvj" in lines
    assert lines[-1] == "Probelauf, nichts geschrieben: 18 neu, 0 geändert, 0 gleich, 0 übersprungen"
    assert not Offer.objects.exists()
    assert not ContentVersion.objects.exists()


@pytest.mark.django_db
def test_dry_run_shows_old_and_new_values(folder: Path) -> None:
    load(folder)
    replace(folder, "offers/bvj.toml", "age_min = 15", "age_min = 16")
    replace(folder, "offers/bvj.toml", "day = 15", "day = 31")
    replace(folder, "offers/bvj.toml", 'situations = ["no_plan"]', 'situations = ["at_school"]')
    replace(folder, "offers/bvj.toml", '[contact]\ncontact_point = "haus"\n', "")
    lines = load(folder, dry_run=True).splitlines()
    assert lines[:5] == [
        "geändert: Angebot bvj",
        "    ab Alter: 15 → 16",
        "    Hier zuerst fragen: haus → –",
        "    Situationen: ohne no_plan → mit at_school",
        "    Fristen und Termine: yearly · deadline · 3 · 15 · Melde dich bis zum 15. März an."
        " → yearly · deadline · 3 · 31 · Melde dich bis zum 15. März an.",
    ]
    assert Offer.objects.get().age_min == 15


@pytest.mark.django_db
def test_changes_are_written_and_raise_the_version_once(folder: Path) -> None:
    load(folder)
    replace(folder, "offers/bvj.toml", "age_min = 15", "age_min = 16")
    replace(folder, "agencies.csv", "Wir hören zu.", "Wir helfen.")
    replace(folder, "situations.csv", "keinen Plan", "keine Ahnung")
    assert load(folder).splitlines()[-1] == "Fertig: 0 neu, 3 geändert, 15 gleich, 0 übersprungen"
    assert (Offer.objects.get().age_min, version()) == (16, 2)
    assert "ahnung" in terms_of(Offer.objects.get())


@pytest.mark.django_db
def test_parts_are_replaced_only_when_they_changed(folder: Path) -> None:
    load(folder)
    point = ContactPoint.objects.get()

    def ids() -> tuple[list[int], list[int], list[int]]:
        return tuple(list(rows.values_list("pk", flat=True)) for rows in (point.phones, point.persons, point.schedules))

    phones, persons, schedules = ids()
    replace(folder, "contact_points/haus.toml", "+4939041000", "+4939041001")
    load(folder)
    assert ids()[0] != phones
    assert ids()[1:] == (persons, schedules)
    replace(folder, "contact_points/haus.toml", 'name = "Leitung"', 'name = "Leitung"\ntopic = "Geld"')
    load(folder)
    assert ids()[1] != persons
    assert point.schedules.get(kind="consultation").person.substitute.topic == "Geld"
    assert (point.schedules.count(), point.exceptions.count(), Absence.objects.count()) == (3, 2, 1)


@pytest.mark.django_db
def test_hours_alone_can_change_and_keep_their_person(folder: Path) -> None:
    load(folder)
    persons = list(ContactPoint.objects.get().persons.values_list("pk", flat=True))
    replace(folder, "contact_points/haus.toml", 'weekdays = ["fr"]', 'weekdays = ["do"]')
    load(folder)
    point = ContactPoint.objects.get()
    assert list(point.persons.values_list("pk", flat=True)) == persons
    assert point.schedules.get(person__name="Beratung").weekday == 3


@pytest.mark.django_db
def test_what_staff_edited_stays_unless_told(folder: Path) -> None:
    load(folder)
    Offer.objects.update(title="Von Hand", staff_edited_at=datetime(2026, 11, 20, tzinfo=UTC))
    changed(Offer.objects.all())
    lines = load(folder).splitlines()
    assert lines[:2] == [
        "übersprungen: Angebot bvj (von Hand geändert; ersetzen mit --overwrite)",
        "    Titel: Von Hand → Vorbereitungsjahr",
    ]
    assert (Offer.objects.get().title, version()) == ("Von Hand", 1)
    load(folder, overwrite=True)
    offer = Offer.objects.get()
    assert (offer.title, offer.staff_edited_at, version()) == ("Vorbereitungsjahr", None, 2)


@pytest.mark.django_db
def test_corrected_school_holidays_are_the_same_row(folder: Path) -> None:
    load(folder)
    replace(folder, "school_holidays.csv", "2026-10-19", "2026-10-20")
    load(folder)
    assert SchoolHoliday.objects.get().starts_on == date(2026, 10, 20)


@pytest.mark.django_db
def test_vanished_rows_are_reported_and_stay(folder: Path) -> None:
    load(folder)
    (folder / "offers/bvj.toml").unlink()
    Offer.objects.create(slug="gen-00001", title="Erzeugt", summary="x", kind="messe")
    Offer.objects.create(
        slug="eigenes", title="Von Hand", summary="x", kind="messe", staff_edited_at=datetime(2026, 11, 20, tzinfo=UTC)
    )
    gone = [line for line in load(folder).splitlines() if line.startswith("Nicht mehr")]
    assert gone == [
        "Nicht mehr im Ordner (bleibt stehen): Rechtsgrundlage SchulG / § 1",
        "Nicht mehr im Ordner (bleibt stehen): Angebot bvj",
    ]
    assert Offer.objects.count() == 3
    assert LegalBasis.objects.count() == 1


def test_shipped_folder_has_no_file_that_nobody_reads() -> None:
    assert unread_files(settings.REGION_DIR) == []


@pytest.mark.django_db
def test_files_that_nobody_reads_are_named(folder: Path) -> None:
    (folder / "agency.csv").write_text("slug\n")
    (folder / "offers/bvj.toml.bak").write_text("x")
    unread = [line.replace(f"{folder}/", "") for line in load(folder).splitlines() if line.startswith("Nicht geladen")]
    assert unread == [
        "Nicht geladen: agency.csv (kein Teil des Ladens; steht der Name richtig?)",
        "Nicht geladen: offers/bvj.toml.bak (kein Teil des Ladens; steht der Name richtig?)",
    ]


@pytest.mark.django_db
def test_refusal_by_the_database_undoes_everything(folder: Path) -> None:
    def refuse(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        if sql.startswith("INSERT") and '"directory_page"' in sql:  # pages are written last
            raise IntegrityError("abgelehnt")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(CommandError, match="die Datenbank lehnt eine Zeile ab"):
        load(folder)
    assert not Municipality.objects.exists()
    assert not Offer.objects.exists()
    assert not ContentVersion.objects.exists()


@pytest.mark.django_db
def test_reference_to_a_row_that_only_the_database_has_is_fine(folder: Path) -> None:
    load(folder)
    replace(folder, "situations.csv", "no_plan,Ich habe keinen Plan,1\n", "")
    assert load(folder).splitlines()[-1] == "Fertig: 0 neu, 0 geändert, 17 gleich, 0 übersprungen"


def test_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Den Ordner .* gibt es nicht"):
        load(tmp_path / "nichts")
