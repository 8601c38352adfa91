"""Enquiries without pages: sent once, read by the one agency, found by the code, gone when deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.keys import KeyMissingError, new_entry
from accounts.models import AuditEntry, OutboxMessage, User
from accounts.outbox import deliver_next
from counseling.about import About
from counseling.actions import desk, lookup
from counseling.actions.enquiries import DeskFullError, conversation, delete_enquiry, write_again
from counseling.actions.lookup import WrongCodeError, find_by_code
from counseling.codes import Code, new_token, read_code, stored_hash
from counseling.emails import somebody_guesses
from counseling.encryption import UnreadableError
from counseling.limits import TooManyError, tallied
from counseling.models import AgencyKey, Enquiry, EnquiryCount, Message
from directory.models import Agency
from tests.factories.accounts import staff
from tests.factories.directory import AgencyFactory
from tests.factories.enquiries import AT, CANARY, counselor, draft, sent

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def reader() -> User:
    return counselor()


@pytest.fixture
def agency(reader: User) -> Agency:
    return reader.membership.agency


def deliver_all() -> None:
    while deliver_next(at=AT) is not None:
        pass


def find(code: object, *, source: str = "192.0.2.1", at: Any = AT) -> object:
    return find_by_code(typed=str(code), source=source, at=at)


def test_enquiry_number_and_mail_are_stored_together(agency: Agency) -> None:
    found = sent(agency, about=About(age_band="15-17"))
    assert found.is_new and find(found.code) == found.enquiry
    assert list(EnquiryCount.objects.values_list("event", "age_band", "topic")) == [("received", "15-17", "reden")]
    assert OutboxMessage.objects.get().subject == str(found.enquiry.pk)


def test_nothing_is_stored_when_the_mail_cannot_be_promised(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counseling.actions.enquiries.enqueue", lambda **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sent(agency)
    assert not Enquiry.objects.exists() and not EnquiryCount.objects.exists() and not AgencyKey.objects.exists()


def test_same_form_gives_the_same_enquiry_and_for_a_while_the_same_code(agency: Agency) -> None:
    token = new_token()
    first = sent(agency, token=token)
    again = sent(agency, token=token, text="anders", at=AT + timedelta(minutes=10))
    late = sent(agency, token=token, at=AT + timedelta(minutes=11))
    assert (again.code, again.enquiry, again.is_new) == (first.code, first.enquiry, False)
    assert (late.code, late.enquiry) == (None, first.enquiry)
    assert Enquiry.objects.count() == Message.objects.count() == OutboxMessage.objects.count() == 1


def test_four_signs_that_are_taken_are_drawn_again(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["2222", "2222", "3333"])
    monkeypatch.setattr("counseling.issuing.new_public_id", lambda: next(drawn))
    assert [sent(agency).enquiry.public_id for _time in "12"] == ["2222", "3333"]


def test_class_behind_one_address_gets_through_and_a_program_does_not(agency: Agency) -> None:
    for number in range(30):
        sent(agency, at=AT + timedelta(seconds=10 * number))
    stored = 30
    for number in range(100):
        try:
            sent(agency, at=AT + timedelta(minutes=6, seconds=number))
            stored += 1
        except TooManyError as error:
            assert 50 <= error.minutes <= 60
    assert stored == Enquiry.objects.count() == 40
    sent(agency, source="192.0.2.2")
    sent(agency, at=AT + HOUR)


def test_flood_is_stopped_before_anything_is_stored(agency: Agency, settings: Any) -> None:
    settings.MOST_WAITING_ENQUIRIES = 1
    sent(agency)
    with pytest.raises(DeskFullError):
        sent(agency)
    assert Enquiry.objects.count() == 1


def test_code_is_counted_before_it_is_compared_and_a_right_one_costs_nothing(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = sent(agency).code
    assert code is not None
    for _time in range(10):
        find(code)
    wrong = Code(code.public_id, "2" * 13)
    for _time in range(5):
        with pytest.raises(WrongCodeError):
            find(wrong)
    monkeypatch.setattr("counseling.actions.lookup.stored_hash", lambda *_args: pytest.fail("hashed before the limit"))
    with pytest.raises(TooManyError) as refused:
        find(code, source="192.0.2.9")
    assert refused.value.minutes == 60


def test_twenty_wrong_codes_from_one_place_are_enough(agency: Agency) -> None:
    for number in range(20):
        with pytest.raises(WrongCodeError):
            find(Code(f"222{'23456789ABCDEFGHJKMNPQRSTUVWXYZ'[number]}", "2" * 13))
    code = sent(agency).code
    with pytest.raises(TooManyError):
        find(code)
    assert find(code, source="198.51.100.7").agency == agency
    assert find(code, at=AT + HOUR).agency == agency


def test_alarm_is_raised_once_at_two_hundred_wrong_codes(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lookup, "ALARM_AT", 3)
    staff("technik", is_superuser=True)
    for number in range(5):
        with pytest.raises(WrongCodeError):
            find(Code(f"222{'2345678'[number]}", "2" * 13), source=f"192.0.2.{number}")
    assert caplog.messages == ["3 wrong codes within an hour: somebody guesses"]
    row = OutboxMessage.objects.get(kind="enquiry.guessing")
    (message,) = somebody_guesses(row.subject, AT)
    assert (message.to, message.subject) == (["technik@example.org"], "Codes werden geraten")
    assert (tallied(lookup.WRONG_CODES, at=AT), tallied(lookup.WRONG_CODES, at=AT + HOUR)) == (5, 0)


def test_unknown_code_costs_the_same(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    code = sent(agency).code
    assert code is not None
    hashed: list[Code] = []
    monkeypatch.setattr(lookup, "stored_hash", lambda code, key: hashed.append(code) or stored_hash(code, key))
    with pytest.raises(WrongCodeError):  # the first one of the hour also opens the count over all
        find(Code("YYYY", "2" * 13), source="192.0.2.2")
    hashed.clear()
    numbers = []
    for source, typed in (("192.0.2.3", Code(code.public_id, "2" * 13)), ("192.0.2.4", Code("ZZZZ", "2" * 13))):
        with CaptureQueriesContext(connection) as asked, pytest.raises(WrongCodeError):
            find(typed, source=source)
        numbers.append(len(asked))
    assert len(hashed) == 4 and numbers[0] == numbers[1]


def test_typing_mistake_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), pytest.raises(WrongCodeError):
        find("7KQ4M-XR3VT-9HWPA-N6D")


def test_conversation_goes_both_ways(agency: Agency, reader: User) -> None:
    enquiry = sent(agency, about=About(way="mail", email="kind@example.org")).enquiry
    opened = desk.open_enquiry(enquiry=enquiry, user=reader, at=AT)
    assert [text for _row, text in opened.messages] == [CANARY]
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.read_at) == ("read", AT)
    desk.answer(enquiry=enquiry, user=reader, text="Komm am Montag.", is_question=False, at=AT)
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.assigned_to) == ("answered", reader)
    assert [(row.kind, text) for row, text in conversation(enquiry=enquiry, at=AT)] == [
        ("person", CANARY), ("answer", "Komm am Montag."),
    ]  # fmt: skip
    assert Message.objects.get(kind="answer").seen_at == AT
    write_again(enquiry=enquiry, text="Danke!", due_at=AT + HOUR, at=AT)
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.due_at) == ("new", AT + HOUR)


@pytest.mark.parametrize("role", ["editor", "lead", "coordinator", "school", "technician", "foreign", "gone"])
def test_nobody_else_reads(agency: Agency, reader: User, role: str) -> None:
    enquiry = sent(agency).enquiry
    person = {
        "technician": lambda: staff("technik", is_superuser=True),
        "foreign": lambda: counselor("fremd", agency=AgencyFactory(kind="job_centre")),
        "gone": lambda: staff("weg", role="counselor", agency=agency, is_active=False),
    }.get(role, lambda: staff("jemand", role=role, agency=agency if role in ("editor", "lead") else None))()
    if role != "lead":
        assert not Enquiry.objects.visible_to(person).exists()
    for deed in (
        lambda: desk.open_enquiry(enquiry=enquiry, user=person, at=AT),
        lambda: desk.answer(enquiry=enquiry, user=person, text="x", is_question=False, at=AT),
        lambda: desk.add_note(enquiry=enquiry, user=person, text="x", at=AT),
        lambda: desk.close(enquiry=enquiry, user=person, outcome="talked", at=AT),
    ):
        with pytest.raises(desk.NotYoursError):
            deed()


def test_lead_reads_with_a_reason_and_the_person_can_see_it(agency: Agency) -> None:
    lead = staff("leitung", role="lead", agency=agency)
    enquiry = sent(agency).enquiry
    opened = desk.open_enquiry(enquiry=enquiry, user=lead, at=AT, reason="Vertretung im Urlaub")
    assert [text for _row, text in opened.messages] == [CANARY]
    assert [(row.kind, text) for row, text in opened.notes] == [("reason", "Vertretung im Urlaub")]
    enquiry.refresh_from_db()
    assert enquiry.status == "new"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject) == ("enquiry.open_with_reason", f"counseling.enquiry:{enquiry.public_id}")
    assert "Vertretung" not in entry.detail


def test_every_opening_is_recorded(agency: Agency, reader: User) -> None:
    enquiry = sent(agency).enquiry
    for _time in range(3):
        desk.open_enquiry(enquiry=enquiry, user=reader, at=AT)
    assert AuditEntry.objects.filter(action="enquiry.open", actor=reader.pk, agency=agency.pk).count() == 3


def test_youth_office_keeps_it_with_the_named_person() -> None:
    office = AgencyFactory(kind="youth_welfare_office")
    mine, other, third = (counselor(name, agency=office) for name in ("eins", "zwei", "drei"))
    enquiry = sent(office).enquiry
    assert all(Enquiry.objects.visible_to(person).exists() for person in (mine, other, third))
    desk.assign(enquiry=enquiry, user=mine, to=mine, deputy=other, at=AT)
    assert [Enquiry.objects.visible_to(person).exists() for person in (mine, other, third)] == [True, True, False]
    with pytest.raises(desk.NotYoursError):
        desk.open_enquiry(enquiry=enquiry, user=third, at=AT)


def test_only_counsellors_of_the_agency_get_an_enquiry(agency: Agency, reader: User) -> None:
    enquiry = sent(agency).enquiry
    for person in (staff("redaktion", agency=agency), counselor("fremd")):
        with pytest.raises(ValueError):
            desk.assign(enquiry=enquiry, user=reader, to=person, deputy=None, at=AT)


def test_deleting_takes_everything_but_the_numbers(agency: Agency, reader: User) -> None:
    enquiry = sent(agency).enquiry
    desk.add_note(enquiry=enquiry, user=reader, text=CANARY, at=AT)
    delete_enquiry(enquiry=enquiry, at=AT)
    assert not Enquiry.objects.exists() and not Message.objects.exists()
    assert sorted(EnquiryCount.objects.values_list("event", flat=True)) == ["received", "withdrawn"]
    deliver_all()
    assert mail.outbox == [] and OutboxMessage.objects.get().state == "not_needed"


def test_texts_cannot_be_swapped_between_rows(agency: Agency) -> None:
    one, two = sent(agency, text="eins").enquiry, sent(agency, text="zwei").enquiry
    Message.objects.filter(enquiry=one).update(text_sealed=bytes(Message.objects.get(enquiry=two).text_sealed))
    with pytest.raises(UnreadableError):
        conversation(enquiry=one, at=AT)


def test_wrong_or_missing_key_is_said_and_the_data_is_left_alone(agency: Agency, reader: User, settings: Any) -> None:
    enquiry, good = sent(agency).enquiry, settings.ENQUIRY_KEYS
    before = bytes(Message.objects.get().text_sealed)
    for keys in (new_entry("test"), new_entry("anders")):
        settings.ENQUIRY_KEYS = keys
        for deed in (lambda: desk.open_enquiry(enquiry=enquiry, user=reader, at=AT), lambda: sent(agency)):
            with pytest.raises(KeyMissingError):
                deed()
    settings.ENQUIRY_KEYS, settings.ENQUIRY_KEY_FILE = "", "/gibt/es/nicht"
    with pytest.raises(KeyMissingError):
        sent(agency)
    settings.ENQUIRY_KEYS = good
    assert bytes(Message.objects.get().text_sealed) == before
    assert Enquiry.objects.count() == 1
    desk.open_enquiry(enquiry=enquiry, user=reader, at=AT)


def test_enquiry_names_itself_by_its_public_part_only(agency: Agency) -> None:
    found = sent(agency)
    assert str(found.enquiry) == found.enquiry.public_id
    assert read_code(str(found.code)) == found.code
    assert draft(agency).text not in str(Message.objects.get())
