"""Appointments as deeds: one seat each, the same code for the same form, mails without content, gone in time."""

import io
import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from accounts.models import AuditEntry, OutboxMessage, User
from accounts.outbox import deliver_next
from counseling.about import About
from counseling.actions import booking_desk, bookings
from counseling.actions.bookings import FullError, book, cancel, delete_booking, move
from counseling.actions.desk import NotYoursError
from counseling.actions.enquiries import ClosedError
from counseling.actions.lookup import WrongCodeError, by_ticket, find_by_code, ticket_of
from counseling.actions.upkeep import renew_keys
from counseling.codes import Code, new_token
from counseling.limits import TooManyError
from counseling.models import Booking, EnquiryCount, SlotRule
from counseling.sealing import Keys, unseal
from counseling.slots import Slot
from directory.models import Agency
from ruemsa_portal.retention import RULES, purge
from tests.factories.accounts import staff
from tests.factories.appointments import TUESDAY, booked, slot_of, slot_rule, wish
from tests.factories.directory import AgencyFactory
from tests.factories.enquiries import AT, CANARY, counselor, sent

pytestmark = pytest.mark.django_db
HALF = timedelta(minutes=30)
BY_MAIL = About(way="mail", email="kind@example.org", first_name=CANARY)
AFTER = TUESDAY + HALF


@pytest.fixture
def reader() -> User:
    return counselor()


@pytest.fixture
def agency(reader: User) -> Agency:
    return reader.membership.agency


@pytest.fixture
def rule(agency: Agency) -> SlotRule:
    return slot_rule(agency)


def find(code: object, *, source: str = "192.0.2.7") -> object:
    return find_by_code(typed=str(code), source=source, at=AT)


def events() -> list[str]:
    return sorted(EnquiryCount.objects.values_list("event", flat=True))


def deliver_all(at: datetime) -> list[tuple[str, list[str]]]:
    mail.outbox.clear()
    while deliver_next(at=at) is not None:
        pass
    return [(message.subject, message.to) for message in mail.outbox]


def test_booking_holds_a_seat_and_what_was_said_is_sealed(rule: SlotRule) -> None:
    found = booked(rule, about=BY_MAIL)
    row = Booking.objects.get()
    assert (found.is_new, row.seat, row.state, row.starts_at, row.ends_at) == (True, 1, "booked", TUESDAY, AFTER)
    assert (row.agency, row.contact_point, row.assigned_to) == (rule.agency, rule.contact_point, None)
    assert CANARY.encode() not in bytes(row.about_sealed)
    assert CANARY in unseal(row, "about", keys=Keys()) and str(row) == row.public_id
    assert find(found.code) == row and events() == ["booked"]


def test_full_is_full_until_somebody_cancels(agency: Agency) -> None:
    rule = slot_rule(agency, places=2)
    first = booked(rule).booking
    booked(rule)
    with pytest.raises(FullError):
        booked(rule)
    booked(rule, slot=slot_of(rule, AFTER))
    assert sorted(Booking.objects.values_list("starts_at", "seat")) == [(TUESDAY, 1), (TUESDAY, 2), (AFTER, 1)]
    cancel(booking=first, at=AT)
    assert booked(rule).booking.seat == 1


def test_appointment_of_an_older_rule_keeps_its_seat(rule: SlotRule) -> None:
    booked(rule)
    SlotRule.objects.filter(pk=rule.pk).update(minutes=45)
    for start, is_free in ((TUESDAY + timedelta(minutes=15), False), (AFTER, True)):
        slot = Slot(start, start + timedelta(minutes=45))
        assert (bookings.free_seat(rule, slot) == 1) is is_free
    SlotRule.objects.filter(pk=rule.pk).update(places=2)
    assert bookings.free_seat(rule, slot_of(rule)) == 2


def test_same_form_gives_the_same_appointment_even_when_the_time_is_full(rule: SlotRule) -> None:
    token = new_token()
    first = booked(rule, token=token)
    again = booked(rule, token=token, at=AT + timedelta(minutes=10))
    late = booked(rule, token=token, at=AT + timedelta(minutes=11))
    assert (again.code, again.booking, again.is_new) == (first.code, first.booking, False)
    assert (late.code, late.booking) == (None, first.booking)
    assert Booking.objects.count() == OutboxMessage.objects.count() == 1


def test_enquiry_and_appointment_may_share_their_signs(
    rule: SlotRule, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counseling.issuing.new_public_id", lambda: "2222")
    asked, meeting = sent(agency), booked(rule)
    assert (find(asked.code), find(meeting.code)) == (asked.enquiry, meeting.booking)
    with pytest.raises(WrongCodeError):
        find(Code("2222", "2" * 13))
    assert by_ticket(ticket_of(asked.enquiry)) == asked.enquiry
    assert by_ticket(ticket_of(meeting.booking)) == meeting.booking
    assert by_ticket(ticket_of(meeting.booking)[1:]) is None


def test_class_gets_through_and_a_program_does_not(agency: Agency) -> None:
    rule = slot_rule(agency, places=50)
    for _pupil in range(40):
        booked(rule)
    with pytest.raises(TooManyError):
        booked(rule)
    booked(rule, source="192.0.2.2")
    assert Booking.objects.count() == 41


def test_move_takes_the_new_place_before_the_old_one_goes(rule: SlotRule) -> None:
    row = booked(rule).booking
    booked(rule, slot=slot_of(rule, AFTER))
    with pytest.raises(FullError):
        move(booking=row, rule=rule, slot=slot_of(rule, AFTER), at=AT)
    row.refresh_from_db()
    assert (row.starts_at, row.seat) == (TUESDAY, 1)
    moved = move(booking=row, rule=rule, slot=slot_of(rule, AFTER + HALF), at=AT)
    assert (moved.starts_at, moved.seat, moved.state) == (AFTER + HALF, 1, "booked")
    assert booked(rule).booking.starts_at == TUESDAY
    with pytest.raises(ValueError, match="agency"):
        move(booking=row, rule=slot_rule(AgencyFactory()), slot=slot_of(rule), at=AT)


def test_what_is_over_or_cancelled_stays_as_it_is(rule: SlotRule, reader: User) -> None:
    row = booked(rule).booking
    for deed in (
        lambda: move(booking=row, rule=rule, slot=slot_of(rule, AFTER), at=TUESDAY),
        lambda: cancel(booking=row, at=TUESDAY),
        lambda: booking_desk.call_off(booking=row, user=reader, word="", at=TUESDAY),
        lambda: booking_desk.mark(booking=row, user=reader, came=True, at=TUESDAY - HALF),
    ):
        with pytest.raises(ClosedError):
            deed()
    cancel(booking=row, at=AT)
    with pytest.raises(ClosedError):
        cancel(booking=row, at=AT)
    with pytest.raises(ClosedError):
        booking_desk.mark(booking=row, user=reader, came=True, at=AFTER)


def test_cancelling_forgets_who_it_was(rule: SlotRule) -> None:
    row = cancel(booking=booked(rule, about=BY_MAIL).booking, at=AT)
    assert (row.state, row.seat, unseal(row, "about", keys=Keys())) == ("cancelled", None, About().to_json())
    assert events() == ["booked", "cancelled"]


def test_deleting_leaves_only_numbers(rule: SlotRule) -> None:
    found = booked(rule, about=BY_MAIL)
    delete_booking(booking=found.booking, at=AT)
    assert not Booking.objects.exists() and events() == ["booked", "deleted"]
    with pytest.raises(WrongCodeError):
        find(found.code)
    with pytest.raises(ClosedError):
        delete_booking(booking=found.booking, at=AT)


def test_staff_hear_of_a_code_and_the_person_the_day_before(rule: SlotRule, reader: User) -> None:
    row = booked(rule, about=BY_MAIL).booking
    assert deliver_all(AT) == [(f"Neuer Termin {row.public_id}", [reader.email])]
    assert mail.outbox[0].body.count(row.public_id) == 1 and CANARY not in mail.outbox[0].body
    due = datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert deliver_all(due - timedelta(seconds=1)) == []
    assert deliver_all(due) == [("Erinnerung", ["kind@example.org"])]
    body = mail.outbox[0].body
    assert "/antwort/" in body and not any(word in body for word in (row.public_id, CANARY, rule.agency.name, "15"))


def test_nobody_is_reminded_who_left_no_address_or_books_late(rule: SlotRule) -> None:
    booked(rule)
    booked(rule, slot=slot_of(rule, AFTER), about=BY_MAIL, at=TUESDAY - timedelta(hours=3))
    assert set(OutboxMessage.objects.values_list("kind", flat=True)) == {"booking.new"}


def test_moved_there_and_back_reminds_once_and_at_the_right_day(rule: SlotRule) -> None:
    row = booked(rule, about=BY_MAIL).booking
    week = TUESDAY + timedelta(weeks=1)
    for start in (week, TUESDAY, week):
        row = move(booking=row, rule=rule, slot=slot_of(rule, start), at=AT)
    assert OutboxMessage.objects.filter(kind="booking.reminder").count() == 2
    subjects = [subject for subject, _to in deliver_all(TUESDAY)]
    assert "Erinnerung" not in subjects and f"Termin {row.public_id} geändert" in subjects
    assert deliver_all(week - timedelta(hours=23)) == [("Erinnerung", ["kind@example.org"])]


def test_office_that_calls_off_says_so_and_keeps_the_place_shut(rule: SlotRule, reader: User) -> None:
    row = booked(rule, about=BY_MAIL).booking
    deliver_all(AT)
    booking_desk.call_off(booking=row, user=reader, word="Komm am Montag.", at=AT)
    row.refresh_from_db()
    assert (row.state, booking_desk.word_of(row, Keys())) == ("called_off", "Komm am Montag.")
    with pytest.raises(FullError):
        booked(rule)
    assert deliver_all(AT) == [("Es gibt etwas Neues", ["kind@example.org"])]
    assert "Montag" not in mail.outbox[0].body
    assert deliver_all(TUESDAY - timedelta(hours=1)) == []  # no reminder of what does not take place


def test_came_or_not_is_counted_once_and_can_be_put_right(rule: SlotRule, reader: User) -> None:
    row = booked(rule).booking
    for came in (False, True, False):
        booking_desk.mark(booking=row, user=reader, came=came, at=AFTER)
    row.refresh_from_db()
    assert (row.state, events()) == ("missed", ["booked", "missed"])
    booked(rule, slot=slot_of(rule, AFTER))  # nothing follows from it


def test_only_the_own_office_sees_who_comes(rule: SlotRule, reader: User) -> None:
    row = booked(rule, about=BY_MAIL).booking
    lead = staff("leitung", role="lead", agency=rule.agency)
    strangers = [counselor("fremd", agency=AgencyFactory()), staff("technik", is_superuser=True), staff("redaktion")]
    strangers.append(staff("koordination", role="coordinator"))
    for user in strangers:
        assert not Booking.objects.visible_to(user).exists()
        for deed in (
            lambda user=user: booking_desk.open_booking(booking=row, user=user, at=AT),
            lambda user=user: booking_desk.call_off(booking=row, user=user, word="", at=AT),
            lambda user=user: booking_desk.mark(booking=row, user=user, came=True, at=AFTER),
        ):
            with pytest.raises(NotYoursError):
                deed()
        assert booking_desk.open_day(user=user, on=date(2026, 11, 24), at=AT) == []
    assert not AuditEntry.objects.filter(action="booking.open").exists()
    assert booking_desk.open_booking(booking=row, user=lead, at=AT).about is None
    assert [found.about for found in booking_desk.open_day(user=lead, on=date(2026, 11, 24), at=AT)] == [None]
    assert not AuditEntry.objects.filter(action="booking.open").exists()
    opened = booking_desk.open_day(user=reader, on=date(2026, 11, 24), at=AT)
    assert [found.about for found in opened] == [BY_MAIL]
    assert booking_desk.open_day(user=reader, on=date(2026, 11, 23), at=AT) == []
    entry = AuditEntry.objects.get(action="booking.open")
    assert (entry.actor, entry.subject) == (reader.pk, f"counseling.booking:{row.public_id}")


def test_youth_office_shows_it_to_the_person_who_is_there(db: None) -> None:
    home = AgencyFactory(kind="youth_welfare_office")
    mine, other = counselor("eine", agency=home), counselor("andere", agency=home)
    row = booked(slot_rule(home, counsellor=mine)).booking
    assert [user for user in (mine, other) if Booking.objects.visible_to(user).exists()] == [mine]
    booking_desk.assign(booking=row, user=mine, to=mine, deputy=other, at=AT)
    assert Booking.objects.visible_to(other).get() == row
    with pytest.raises(ValueError, match="counsellor"):
        booking_desk.assign(booking=row, user=mine, to=counselor("fremd"), deputy=None, at=AT)


def test_gone_fourteen_days_after_the_day(rule: SlotRule) -> None:
    booked(rule)
    later = booked(rule, slot=slot_of(rule, TUESDAY + timedelta(weeks=1))).booking
    (retention,) = [found for found in RULES if found.name == "bookings"]
    assert [purge(retention, on=date(2026, 12, day), dry_run=True) for day in (7, 8, 15)] == [0, 1, 2]
    assert purge(retention, on=date(2026, 12, 8)) == 1
    assert Booking.objects.get() == later


def test_new_keys_open_the_same_texts(rule: SlotRule, reader: User) -> None:
    row = booked(rule, about=BY_MAIL).booking
    assert renew_keys(at=AT) == (1, 2)
    row.refresh_from_db()
    assert booking_desk.open_booking(booking=row, user=reader, at=AT).about == BY_MAIL


def run(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_commands_know_appointments(rule: SlotRule, reader: User) -> None:
    found = booked(rule, about=BY_MAIL)
    data = json.loads(run("subject_export", str(found.code)))
    assert (data["code_id"], data["about"]["first_name"]) == (found.booking.public_id, CANARY)
    booking_desk.open_booking(booking=found.booking, user=reader, at=AT)
    report = run("breach_report", "--from", "2026-11-23", "--to", "2026-11-23")
    assert f"{found.booking.public_id}  Konten: {reader.pk}  Termin" in report
    assert found.booking.public_id in run("subject_delete", str(found.code))
    assert not Booking.objects.exists()
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "booking.export", "booking.open", "booking.delete_on_request", "booking.delete",
    }  # fmt: skip


def rush(deeds: list[Callable[[], object]]) -> list[str]:
    """Do all of it at the same moment; return how each ended."""
    gate, ends = threading.Barrier(len(deeds), timeout=20), []

    def do(deed: Callable[[], object]) -> None:
        gate.wait()
        try:
            deed()
            ends.append("booked")
        except FullError:
            ends.append("full")
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def booking_by(number: int, rule: SlotRule, **options: Any) -> Callable[[], object]:
    return lambda: book(wish=wish(rule), token=new_token(), source=f"192.0.2.{number}", at=AT, **options)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_last_places_go_once_also_in_a_rush() -> None:
    rule = slot_rule(counselor().membership.agency, places=3)
    booked(rule, source="192.0.2.250")  # the key of the agency is there
    assert rush([booking_by(number, rule) for number in range(10)]) == ["booked"] * 2 + ["full"] * 8
    assert sorted(Booking.objects.values_list("seat", flat=True)) == [1, 2, 3]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_rush_overbooks() -> None:
    """The control: whoever looks first and books later gives away more than there is."""
    rule = slot_rule(counselor().membership.agency, places=3)
    booked(rule, source="192.0.2.250")
    looked, seats = threading.Barrier(10, timeout=20), count(2)

    def careless(number: int) -> Callable[[], object]:
        def look_then_book() -> object:
            free = Booking.objects.taken().filter(rule=rule).count() < rule.places
            connection.close()  # it is a thread of its own
            looked.wait()
            return booking_by(number, rule, seat_of=lambda _rule, _slot: next(seats) if free else None)()

        return look_then_book

    ends = rush([careless(number) for number in range(10)])
    assert ends.count("booked") > 2
    assert Booking.objects.taken().count() > rule.places
