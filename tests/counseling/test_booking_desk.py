"""Appointments in the back office: rules of the own agency, who comes, the list of a day, and nothing of others."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from counseling import booking_data
from counseling.about import About
from counseling.actions.bookings import move
from counseling.booking_waiting import BOOKINGS
from counseling.models import Booking, BookingReason, DeskVisit, SlotRule
from directory.models import Agency
from directory.versions import content_version
from tests.admin.rows import form_data
from tests.factories.accounts import log_in, staff
from tests.factories.appointments import TUESDAY, booked, slot_of, slot_rule
from tests.factories.directory import AgencyFactory, ContactPointFactory, PersonFactory
from tests.factories.enquiries import CANARY, counselor

pytestmark = pytest.mark.django_db
LIST, DAY = "/admin/counseling/booking/", "/admin/counseling/booking/tag/"
RULES, NEW = "/admin/counseling/slotrule/", "/admin/counseling/slotrule/add/"
ABOUT = About(first_name=CANARY, way="phone", phone="0171 123456")


@pytest.fixture(autouse=True)
def clock(fix_time: Any) -> Any:
    fix_time("2026-11-23 09:30")
    return fix_time


@pytest.fixture
def reader() -> User:
    return counselor()


@pytest.fixture
def agency(reader: User) -> Agency:
    return reader.membership.agency


@pytest.fixture
def rule(agency: Agency) -> SlotRule:
    return slot_rule(agency)


@pytest.fixture
def desk(client: Client, reader: User) -> Client:
    return log_in(client, reader)


def page_of(booking: Booking) -> str:
    return reverse("admin:counseling_booking_change", args=[booking.pk])


def test_list_names_no_person_and_counts_as_looking(desk: Client, rule: SlotRule) -> None:
    row = booked(rule, about=ABOUT).booking
    foreign = booked(slot_rule(AgencyFactory()), source="192.0.2.2").booking
    DeskVisit.objects.all().delete()
    page = desk.get(LIST)
    assert row.public_id in page.text and foreign.public_id not in page.text
    assert CANARY not in page.text and "0171" not in page.text
    assert DeskVisit.objects.count() == 1 and not AuditEntry.objects.filter(action="booking.open").exists()


def test_list_of_a_day_opens_what_it_shows_and_writes_it_down(
    desk: Client, rule: SlotRule, django_assert_max_num_queries: Any
) -> None:
    row = booked(rule, about=ABOUT).booking
    booked(rule, slot=slot_of(rule, TUESDAY + timedelta(minutes=30)))
    page = desk.get(DAY, {"tag": "2026-11-24"})
    assert page.status_code == 200 and CANARY in page.text and "Dienstag, 24. November 2026" in page.text
    assert "15:00–15:30" in page.text
    assert row.public_id in page.text and "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.filter(action="booking.open").count() == 2
    assert CANARY not in desk.get(DAY).text
    for day in ("nie", "2026-13-45", "0001-01-01", "9999-12-31", ""):
        assert desk.get(DAY, {"tag": day}).status_code == 200
    with django_assert_max_num_queries(22):
        desk.get(DAY, {"tag": "2026-11-24"})


def test_lead_sees_the_day_without_names(client: Client, rule: SlotRule) -> None:
    row = booked(rule, about=ABOUT).booking
    lead = log_in(client, staff("leitung", role="lead", agency=rule.agency))
    for path in (f"{DAY}?tag=2026-11-24", page_of(row)):
        page = lead.get(path)
        assert page.status_code == 200 and CANARY not in page.text and "nur Beratende" in page.text
    assert lead.post(page_of(row), {"tun": "absagen", "off-word": ""}).status_code == 404


def test_foreign_rows_do_not_exist(client: Client, rule: SlotRule) -> None:
    row = booked(rule, about=ABOUT).booking
    for user in (counselor("fremd", agency=AgencyFactory()), staff("technik", is_superuser=True)):
        other = log_in(Client(), user)
        for method in (other.get, other.post):
            assert method(page_of(row)).status_code == 404
    assert Booking.objects.get().is_booked


def test_page_of_one_appointment_does_what_the_office_needs(desk: Client, rule: SlotRule, clock: Any) -> None:
    row = booked(rule, about=ABOUT).booking
    page = desk.get(page_of(row))
    assert CANARY in page.text and "War die Person da?" not in page.text
    clock("2026-11-24 15:05")
    log_in(desk, User.objects.get(username="beratung"))
    assert "Es folgt nichts daraus" in desk.get(page_of(row)).text
    done = desk.post(page_of(row), {"tun": "nicht-da"}, follow=True)
    assert "Vermerkt." in done.text and Booking.objects.get().state == "missed"
    assert "hat sich inzwischen geändert" in desk.post(page_of(row), {"tun": "absagen"}, follow=True).text
    assert desk.post(page_of(row), {"tun": "nix"}).status_code == 302
    assert not LogEntry.objects.exists()


def test_calling_off_reaches_the_code_page(desk: Client, rule: SlotRule) -> None:
    found = booked(rule)
    desk.post(page_of(found.booking), {"tun": "absagen", "off-word": "Komm am **Montag**."})
    page = Client().post("/antwort/", {"code": str(found.code)})
    assert "Wir müssen den Termin absagen" in page.text and "Komm am **Montag**." in page.text
    assert (
        "x" * 501 not in desk.post(page_of(found.booking), {"tun": "absagen", "off-word": "x" * 501}, follow=True).text
    )


def test_assigning_in_a_youth_office_takes_it_out_of_sight(client: Client) -> None:
    home = AgencyFactory(kind="youth_welfare_office")
    mine, other = counselor("eine", agency=home), counselor("andere", agency=home)
    row = booked(slot_rule(home)).booking
    gone = log_in(client, mine).post(
        page_of(row), {"tun": "zuweisen", "assign-to": other.pk, "assign-deputy": ""}, follow=True
    )
    assert "Sie sehen den Termin jetzt nicht mehr." in gone.text
    assert Booking.objects.get().assigned_to == other


def test_editor_makes_times_for_the_own_doors_only(client: Client, agency: Agency, reader: User) -> None:
    point, foreign = ContactPointFactory(full=True, owner=agency), ContactPointFactory(full=True)
    person = PersonFactory(contact_point=point, name="Team eins")
    stranger = counselor("fremd", agency=foreign.owner)
    editor = log_in(client, staff("redaktion", agency=agency))
    page = editor.get(NEW)
    options = dict.fromkeys(re.findall(r'<option value="(\d+)"', page.text))
    assert page.status_code == 200 and foreign.name not in page.text and stranger.username not in page.text
    assert options and reader.username in page.text and "Team eins" in page.text
    data = form_data(page)
    data |= {"contact_point": str(point.pk), "person": str(person.pk), "weekday": "1"}
    data |= {"starts_at": "15:00", "ends_at": "17:00"}
    before = content_version()
    assert editor.post(NEW, data).status_code == 302
    made = SlotRule.objects.get()
    assert (made.agency, made.contact_point, made.person, content_version() != before) == (agency, point, person, True)
    for wrong in (
        {"contact_point": str(foreign.pk)},
        {"agency": str(foreign.owner.pk)},
        {"counsellor": str(stranger.pk)},
    ):
        assert editor.post(NEW, {**data, **wrong}).status_code == 200
    assert SlotRule.objects.count() == 1


def test_row_with_bookings_is_ended_and_not_deleted(client: Client, rule: SlotRule) -> None:
    booked(rule)
    editor = log_in(client, staff("redaktion", agency=rule.agency))
    page = editor.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"})
    assert page.status_code == 200 and SlotRule.objects.exists()
    assert CANARY not in page.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": "121"}, "Zwischen „von“ und „bis“ passt kein Termin."),
        ({"ends_at": "14:00"}, "„Bis“ liegt nicht nach „von“."),
        ({"channel": "video"}, "Für Termine per Video bitte den Link eintragen."),
        ({"video_link": "javascript:alert(1)"}, "gültige"),
        ({"places": "9" * 30}, "höchstens"),
    ],
)
def test_what_does_not_fit_is_said(client: Client, rule: SlotRule, changes: dict[str, str], said: str) -> None:
    editor = log_in(client, staff("redaktion", agency=rule.agency))
    path = f"{RULES}{rule.pk}/change/"
    page = editor.post(path, {**form_data(editor.get(path)), **changes})
    assert page.status_code == 200
    assert said in page.text or "kleiner oder gleich" in page.text


def test_lead_reads_with_a_reason_and_the_person_can_see_it(client: Client, rule: SlotRule) -> None:
    found = booked(rule, about=ABOUT)
    row = found.booking
    lead = log_in(client, staff("leitung", role="lead", agency=rule.agency))
    page = lead.post(page_of(row), {"tun": "lesen", "reason-reason": " "})
    assert CANARY not in page.text and not BookingReason.objects.exists()
    read = lead.post(page_of(row), {"tun": "lesen", "reason-reason": "Beratung ist krank, Termin ist heute"})
    assert CANARY in read.text and "Mit diesem Grund lesen" not in read.text
    entry = AuditEntry.objects.get(action="booking.open_with_reason")
    assert (entry.subject, entry.detail) == (f"counseling.booking:{row.public_id}", "")
    assert b"krank" not in bytes(BookingReason.objects.get().text_sealed)
    row.refresh_from_db()
    assert row.seen_at is None  # a lead reading is no counsellor who knows of it
    assert any("Beratung ist krank" in value for _name, value in booking_data.as_lines(row))
    assert booking_data.as_json(row)["reasons"][0]["text"].startswith("Beratung ist krank")
    for user in (counselor("fremd", agency=AgencyFactory()), staff("technik", is_superuser=True)):
        assert log_in(Client(), user).post(page_of(row), {"tun": "lesen", "reason-reason": "x"}).status_code == 404


def test_new_appointments_wait_until_somebody_looks(desk: Client, rule: SlotRule) -> None:
    row = booked(rule).booking
    sign = f"Neuer Termin {row.public_id} am 24. November, 15:00: Einfach reden"
    assert sign in desk.get("/admin/").text
    desk.get(page_of(row))
    assert sign not in desk.get("/admin/").text
    move(booking=row, rule=rule, slot=slot_of(rule, TUESDAY + timedelta(minutes=30)), at=timezone.now())
    assert f"Neuer Termin {row.public_id} am 24. November, 15:30" in desk.get("/admin/").text
    desk.get(DAY, {"tag": "2026-11-24"})
    assert "Neuer Termin" not in desk.get("/admin/").text


def test_new_appointments_of_others_do_not_wait_here(client: Client, rule: SlotRule) -> None:
    row = booked(rule).booking
    for user in (counselor("fremd", agency=AgencyFactory()), staff("technik", is_superuser=True)):
        assert row.public_id not in log_in(Client(), user).get("/admin/").text
    assert BOOKINGS.counts(agencies=None, on=TUESDAY.date()) == {}
    for number in range(4):
        booked(
            rule, slot=slot_of(rule, TUESDAY + timedelta(days=7, minutes=30 * number)), source=f"192.0.2.{number + 3}"
        )
    assert BOOKINGS.counts(agencies=None, on=TUESDAY.date()) == {rule.agency_id: 5}


def test_rows_at_the_same_time_are_pointed_out(client: Client, rule: SlotRule) -> None:
    lead = log_in(client, staff("leitung", role="lead", agency=rule.agency))
    page = f"/admin/counseling/slotrule/{rule.pk}/change/"
    assert "Zur selben Zeit" not in lead.post(page, form_data(lead.get(page)), follow=True).text
    other = slot_rule(rule.agency, contact_point=rule.contact_point, starts_at=time(16), ends_at=time(18))
    again = lead.post(page, form_data(lead.get(page)), follow=True)
    assert "Zur selben Zeit gibt es hier schon: Dienstag 16:00–18:00" in again.text
    for change in ({"weekday": 2}, {"starts_at": time(17)}, {"valid_from": date(2027, 1, 1)}):
        SlotRule.objects.filter(pk=other.pk).update(weekday=1, starts_at=time(16), valid_from=None)
        SlotRule.objects.filter(pk=other.pk).update(**change)
        rule.valid_to = date(2026, 12, 31)
        assert not SlotRule.objects.overlapping(rule).exists()
