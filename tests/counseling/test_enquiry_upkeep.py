"""What the nightly run and the operator do: periods, keys, exports, breach report, the record of processing."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.keys import new_entry
from accounts.models import AuditEntry, User
from counseling.about import About
from counseling.actions import desk
from counseling.actions.enquiries import delete_enquiry
from counseling.actions.upkeep import close_silent
from counseling.codes import Code
from counseling.erasing import wipe_deleted
from counseling.models import AgencyKey, Enquiry, EnquiryCount, Message
from counseling.periods import deleted_on
from directory.models import Agency
from ruemsa_portal import checks
from tests.factories.enquiries import AT, CANARY, counselor, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(fix_time: Any) -> User:
    fix_time("2026-11-23 09:30")
    return counselor()


@pytest.fixture
def agency(reader: User) -> Agency:
    return reader.membership.agency


def run(name: str, *arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def at_noon(days: int) -> datetime:
    return AT + timedelta(days=days)


@pytest.mark.parametrize(("days", "is_left"), [(29, True), (30, False)])
def test_closed_enquiry_goes_after_thirty_days(
    agency: Agency, reader: User, fix_time: Any, days: int, is_left: bool
) -> None:
    enquiry = sent(agency).enquiry
    desk.close(enquiry=enquiry, user=reader, outcome="talked", at=AT)
    enquiry.refresh_from_db()
    assert deleted_on(enquiry) == at_noon(30).date()
    fix_time(f"{at_noon(days):%Y-%m-%d} 03:00")
    text = run("purge", "--dry-run")
    assert f"enquiries: {0 if is_left else 1} zu löschen" in text
    run("purge")
    assert Enquiry.objects.exists() is is_left
    run("purge")


def test_no_enquiry_is_older_than_180_days(agency: Agency, fix_time: Any) -> None:
    enquiry = sent(agency).enquiry
    Enquiry.objects.update(active_at=at_noon(170))
    fix_time(f"{at_noon(180):%Y-%m-%d} 00:10")
    enquiry.refresh_from_db()
    assert deleted_on(enquiry) == at_noon(180).date()
    run("purge")
    assert not Enquiry.objects.exists() and not Message.objects.exists()
    assert EnquiryCount.objects.exists()


def test_silent_enquiry_is_closed_after_ninety_days(agency: Agency, reader: User) -> None:
    enquiry = sent(agency).enquiry
    assert close_silent(at=at_noon(89)) == 0
    assert close_silent(at=at_noon(90)) == 1 and close_silent(at=at_noon(90)) == 0
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.outcome) == ("closed", "silent")
    assert AuditEntry.objects.get().actor is None
    assert EnquiryCount.objects.filter(event="silent").count() == 1


def texts() -> list[bytes]:
    return [bytes(value) for value in Message.objects.order_by("pk").values_list("text_sealed", flat=True)]


def test_master_key_is_changed_without_touching_a_text(agency: Agency, reader: User, settings: Any) -> None:
    found = sent(agency)
    old, before = settings.ENQUIRY_KEYS, texts()
    settings.ENQUIRY_KEYS = f"{new_entry('neu')} {old}"
    assert "Neu verpackt: 1" in run("rotate_keys") and "Neu verpackt: 0" in run("rotate_keys")
    assert AgencyKey.objects.get().master == "neu" and texts() == before
    assert found.code is not None
    assert json.loads(run("subject_export", str(found.code)))["messages"][0]["text"] == CANARY
    # Without the old one texts still open; only codes made with it do not.
    settings.ENQUIRY_KEYS = settings.ENQUIRY_KEYS.split()[0]
    assert desk.open_enquiry(enquiry=found.enquiry, user=reader, at=AT).messages[0][1] == CANARY


def test_all_texts_get_new_keys(agency: Agency, reader: User) -> None:
    enquiry = sent(agency, about=About(first_name="Mira")).enquiry
    desk.add_note(enquiry=enquiry, user=reader, text="Notiz", at=AT)
    before, key = texts(), AgencyKey.objects.get()
    text = run("rotate_keys", "--texts")
    assert "Neue Schlüssel: 1, neu verschlüsselt: 3" in text and "Gelöscht: 1 alte" in text
    assert not AgencyKey.objects.filter(pk=key.pk).exists() and texts() != before
    opened = desk.open_enquiry(enquiry=enquiry, user=reader, at=AT)
    assert (opened.about.first_name, opened.messages[0][1], opened.notes[0][1]) == ("Mira", CANARY, "Notiz")


def test_wrong_key_is_found_before_the_start(agency: Agency, settings: Any) -> None:
    assert checks.enquiry_keys_fit(None) == []
    sent(agency)
    good = settings.ENQUIRY_KEYS
    assert checks.enquiry_keys_fit(None) == []
    for wrong in (new_entry("test"), new_entry("anders")):
        settings.ENQUIRY_KEYS = wrong
        (error,) = checks.enquiry_keys_fit(None)
        assert error.id == "portal.E006" and wrong.partition(":")[2] not in str(error)
        with pytest.raises(CommandError):
            run("rotate_keys", "--texts")
    settings.ENQUIRY_KEYS = good
    assert checks.enquiry_keys_fit(None) == []


def test_person_gets_everything_and_has_it_deleted(agency: Agency) -> None:
    found = sent(agency, about=About(first_name="Mira"))
    data = json.loads(run("subject_export", str(found.code).lower()))
    assert (data["about"]["first_name"], data["code_id"]) == ("Mira", found.enquiry.public_id)
    assert "Gelöscht" in run("subject_delete", str(found.code))
    assert not Enquiry.objects.exists()
    assert CANARY not in "".join(AuditEntry.objects.values_list("detail", flat=True))
    for code in (str(found.code), str(Code("2222", "2" * 13)), "nix"):
        with pytest.raises(CommandError):
            run("subject_export", code)


def test_breach_report_names_what_was_opened_and_by_whom(agency: Agency, reader: User) -> None:
    opened, untouched = sent(agency).enquiry, sent(agency).enquiry
    desk.open_enquiry(enquiry=opened, user=reader, at=AT)
    text = run("breach_report", "--from", "2026-11-23", "--to", "2026-11-23")
    assert f"{agency.name}: 1" in text and f"{opened.public_id}  Konten: {reader.pk}" in text
    assert untouched.public_id not in text and CANARY not in text and reader.username not in text
    assert "0 Anfragen" in run("breach_report", "--from", "2026-11-24", "--to", "2026-11-25")
    assert "0 Anfragen" in run("breach_report", "--from", "2026-11-23", "--to", "2026-11-23", "--account", "999")
    with pytest.raises(CommandError):
        run("breach_report", "--from", "gestern", "--to", "heute")


def everything_stored() -> bytes:
    """Return every value of every table."""
    with connection.cursor() as cursor:
        parts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 names of our own tables
            parts += [
                bytes(value) if isinstance(value, memoryview) else repr(value).encode()
                for row in cursor
                for value in row
            ]
    return b"\n".join(parts)


def test_planted_words_are_in_no_table_but_as_ciphertext(agency: Agency, reader: User) -> None:
    about = About(
        way="mail", email="kanari@example.org", first_name="Kanaria", municipality="Kanarienort", age_band="15-17"
    )
    found = sent(agency, about=about)
    desk.open_enquiry(enquiry=found.enquiry, user=reader, at=AT)
    desk.answer(enquiry=found.enquiry, user=reader, text=CANARY, is_question=False, at=AT)
    desk.add_note(enquiry=found.enquiry, user=reader, text=CANARY, at=AT)
    stored = everything_stored()
    assert found.enquiry.public_id.encode() in stored
    assert found.code is not None
    for planted in (
        CANARY,
        "Kanarienvogel",
        "kanari@example.org",
        "Kanaria",
        "Kanarienort",
        found.code.secret,
        str(found.code),
    ):
        assert planted.encode() not in stored, planted
        assert planted.encode("unicode_escape") not in stored, planted


@pytest.mark.django_db(transaction=True)
def test_file_holds_no_plain_text_and_after_deleting_no_ciphertext() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps deleted rows in a file of its own")
    enquiry = sent(counselor().membership.agency).enquiry
    sealed = bytes(Message.objects.get().text_sealed)
    database = Path(connection.settings_dict["NAME"])
    files = [database, database.with_name(f"{database.name}-wal")]
    stored = b"".join(path.read_bytes() for path in files if path.exists())
    assert sealed in stored and CANARY.encode() not in stored
    delete_enquiry(enquiry=enquiry, at=AT)
    assert wipe_deleted()
    left = b"".join(path.read_bytes() for path in files if path.exists())
    assert sealed not in left and sealed[30:60] not in left
