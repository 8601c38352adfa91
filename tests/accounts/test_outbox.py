"""Mails that wait: each leaves once or is marked doubtful, whatever the mail server does."""

import signal
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command
from django.db import connection

from accounts import loop, outbox
from accounts.mail import DeliveryUnknownError
from accounts.management.commands import send_outbox
from accounts.models import OutboxMessage
from ruemsa_portal.retention import RULES, purge
from tests.factories.mail import MailServer, mail_server

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FRIEND, OTHER = "buero@example.org", "amt@example.org"
State = OutboxMessage.State


def letters(subject: str, at: datetime) -> list[EmailMessage]:
    """The subject says who gets the mail."""
    return [EmailMessage("Bitte prüfen", f"Für {subject}", None, subject.split())] if subject else []


@pytest.fixture(autouse=True)
def letters_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_builders", {"letter": letters})


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as found:
        settings.EMAIL_BACKEND = "accounts.mail.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = found.server_address
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_TIMEOUT = 0.2
        yield found


def promise(subject: str = FRIEND) -> OutboxMessage:
    return outbox.enqueue(kind="letter", subject=subject, at=NOW)


def row_of(row: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=row.pk)


def test_an_unknown_kind_is_refused_at_once(db: None) -> None:
    with pytest.raises(ValueError, match="unknown"):
        outbox.enqueue(kind="unknown", subject="", at=NOW)


def test_a_mail_leaves_once_and_nothing_personal_stays(server: MailServer, db: None) -> None:
    row = promise()
    assert outbox.deliver_next(at=NOW) == State.SENT
    assert outbox.deliver_next(at=NOW + timedelta(days=1)) is None
    ((recipient, text),) = server.taken
    assert recipient == FRIEND
    assert "To: buero@example.org" in text
    assert "Auto-Submitted: auto-generated" in text
    stored = row_of(row)
    assert stored.done_at == NOW
    assert "prüfen" not in str(vars(stored))
    # The address stands in ``subject`` only because this test's letters put it there.
    assert FRIEND not in str([stored.delivered, stored.leaving, stored.last_error])


def test_not_before_its_time(server: MailServer, db: None) -> None:
    outbox.enqueue(kind="letter", subject=FRIEND, at=NOW, not_before=NOW + timedelta(days=2))
    assert outbox.deliver_next(at=NOW + timedelta(days=1)) is None
    assert outbox.oldest_due(at=NOW + timedelta(days=1)) is None
    assert outbox.oldest_due(at=NOW + timedelta(days=3)) == NOW + timedelta(days=2)
    assert outbox.deliver_next(at=NOW + timedelta(days=2)) == State.SENT


@pytest.mark.parametrize(
    "script",
    [
        {"greeting": "421 too busy"},
        {"greeting": "hang"},
        {"greeting": "drop"},
        {"mail": "451 try later"},
        {"rcpt": "450 mailbox busy"},
        {"rcpt": "550 no such mailbox"},
        {"data": "554 not here"},
        {"data": "hang"},
        {"body": "452 disk full"},
        {"body": "552 too large"},
    ],
    ids=lambda script: "-".join([*script, *script.values()]),
)
def test_what_surely_did_not_arrive_is_tried_again(server: MailServer, db: None, script: dict[str, str]) -> None:
    server.script = script
    row = promise()
    assert outbox.deliver_next(at=NOW) == State.WAITING
    assert server.taken == []
    stored = row_of(row)
    assert stored.due_at == NOW + timedelta(minutes=1)
    assert stored.last_error
    assert FRIEND not in stored.last_error
    assert outbox.deliver_next(at=NOW + timedelta(seconds=59)) is None
    server.script = {}
    assert outbox.deliver_next(at=stored.due_at) == State.SENT
    assert len(server.taken) == 1


@pytest.mark.parametrize("what", ["hang", "drop", "confused"])
def test_a_server_that_falls_silent_after_the_mail_makes_it_doubtful(server: MailServer, db: None, what: str) -> None:
    server.script = {"body": what}
    promise()
    assert outbox.deliver_next(at=NOW) == State.DOUBTFUL
    server.script = {}
    for day in range(5):
        assert outbox.deliver_next(at=NOW + timedelta(days=day)) is None
    assert len(server.taken) == 1


@pytest.mark.parametrize("what", ["hang", "drop", "421 later"])
def test_trouble_at_the_good_bye_does_not_matter(server: MailServer, db: None, what: str) -> None:
    server.script = {"quit": what}
    promise()
    assert outbox.deliver_next(at=NOW) == State.SENT


def test_one_refused_recipient_delays_nobody_and_the_other_gets_one_mail(server: MailServer, db: None) -> None:
    server.script = {f"rcpt:{FRIEND}": "550 no such mailbox"}
    row = promise(f"{FRIEND} {OTHER}")
    assert outbox.deliver_next(at=NOW) == State.WAITING
    assert [recipient for recipient, _text in server.taken] == [OTHER]
    server.script = {}
    assert outbox.deliver_next(at=row_of(row).due_at) == State.SENT
    assert [recipient for recipient, _text in server.taken] == [OTHER, FRIEND]
    assert all("To: " + recipient in text for recipient, text in server.taken)


def test_a_mail_server_down_for_a_day_and_one_down_for_three(server: MailServer, db: None) -> None:
    server.script = {"greeting": "421 down"}
    row = promise()
    pauses, at = [], NOW
    while (state := outbox.deliver_next(at=at)) == State.WAITING:
        due = row_of(row).due_at
        pauses.append(due - at)
        at = due
    assert state == State.FAILED
    assert pauses[0] == timedelta(minutes=1)
    assert max(pauses) == timedelta(hours=6)
    assert sum(pauses, timedelta()) >= timedelta(hours=72)
    assert len(pauses) < 25
    assert outbox.deliver_next(at=at + timedelta(days=9)) is None


def test_a_crash_between_sending_and_marking_is_doubtful_and_never_sent_again(
    server: MailServer, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = promise(f"{FRIEND} {OTHER}")
    note = outbox._note

    def die(row: OutboxMessage, *, leaving: str) -> bool:
        if not leaving:
            raise SystemExit  # as kill -9: nothing more is written
        return note(row, leaving=leaving)

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(outbox, "_note", die)
        outbox.deliver_next(at=NOW)
    assert len(server.taken) == 1
    assert outbox.recover(at=NOW + timedelta(minutes=29)) == 0
    later = NOW + timedelta(minutes=31)
    assert outbox.recover(at=later) == 1
    assert outbox.deliver_next(at=later) == State.DOUBTFUL
    assert [recipient for recipient, _text in server.taken] == [FRIEND, OTHER]
    assert len(row_of(row).in_doubt.split()) == 1


def test_a_crash_before_sending_costs_nothing(server: MailServer, db: None) -> None:
    promise()
    assert outbox._claim(at=NOW) is not None
    assert outbox.deliver_next(at=NOW) is None
    outbox.recover(at=NOW + timedelta(hours=1))
    assert outbox.deliver_next(at=NOW + timedelta(hours=1)) == State.SENT


def test_a_sender_taken_for_dead_writes_nothing_more(server: MailServer, db: None) -> None:
    row = promise()
    claimed = outbox._claim(at=NOW)
    assert claimed is not None
    outbox.recover(at=NOW + timedelta(hours=1))
    outbox._deliver(claimed, at=NOW + timedelta(hours=2))
    assert server.taken == []
    assert row_of(row).state == State.WAITING


def test_a_mistake_in_one_kind_stops_no_other(server: MailServer, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(subject: str, at: datetime) -> list[EmailMessage]:
        raise LookupError(subject)

    outbox.register("broken", broken)
    outbox.register("header", lambda subject, at: [EmailMessage("a\nBcc: x@example.org", "", None, [FRIEND])])
    first = outbox.enqueue(kind="broken", subject=FRIEND, at=NOW)
    outbox.enqueue(kind="header", subject="", at=NOW)
    promise()
    promise("")
    assert [outbox.deliver_next(at=NOW) for _ in range(5)] == [
        State.WAITING, State.WAITING, State.SENT, State.NOT_NEEDED, None,
    ]  # fmt: skip
    assert row_of(first).last_error == "LookupError"
    assert len(server.taken) == 1


def test_the_command_sends_what_is_due(db: None) -> None:
    promise()
    promise()
    out = StringIO()
    call_command("send_outbox", stdout=out)
    call_command("send_outbox", stdout=out)
    assert out.getvalue() == "sent: 2\nnichts zu tun\n"
    assert [message.to for message in mail.outbox] == [[FRIEND], [FRIEND]]


def test_the_service_goes_on_until_it_is_told_to_end(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[int, Any] = {}
    monkeypatch.setattr(loop.signal, "signal", lambda number, handler: told.update({number: handler}))
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)
    passes = []

    def pause(self: threading.Event, timeout: float | None = None) -> bool:
        passes.append(timeout)
        if len(passes) == 2:
            told[signal.SIGTERM](signal.SIGTERM, None)
        promise()
        return self.is_set()

    monkeypatch.setattr(loop.Event, "wait", pause)
    out = StringIO()
    call_command("send_outbox", loop=True, stdout=out)
    assert out.getvalue() == "sent: 1\n"
    assert passes == [send_outbox.PAUSE_SECONDS] * 2
    assert OutboxMessage.objects.filter(state=State.WAITING).count() == 1


def test_rows_go_when_their_time_is_over(db: None) -> None:
    rule = next(rule for rule in RULES if rule.name == "outbox")
    states = {State.SENT: 7, State.NOT_NEEDED: 7, State.DOUBTFUL: 14, State.FAILED: 14}
    for state, days in states.items():
        row = promise()
        OutboxMessage.objects.filter(pk=row.pk).update(state=state, done_at=NOW)
        last_day = NOW.date() + timedelta(days=days)
        assert purge(rule, on=last_day) == 0
        assert purge(rule, on=last_day + timedelta(days=1)) == 1
    promise()
    assert purge(rule, on=date(2030, 1, 1)) == 0


def test_smtp_errors_before_the_mail_are_not_taken_for_doubt(server: MailServer) -> None:
    server.script = {"data": "drop"}
    with get_connection() as mailer, pytest.raises(OSError, match="closed"):
        mailer.send_messages(letters(FRIEND, NOW))
    server.script = {"body": "drop"}
    with get_connection() as mailer, pytest.raises(DeliveryUnknownError):
        mailer.send_messages(letters(FRIEND, NOW))


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_every_mail_once(server: MailServer) -> None:
    subjects = [f"buero{number}@example.org" for number in range(12)]
    for subject in subjects:
        promise(subject)
    states: list[str] = []
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            while state := outbox.deliver_next(at=NOW):
                states.append(state)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == [State.SENT] * 12
    assert sorted(recipient for recipient, _text in server.taken) == sorted(subjects)
