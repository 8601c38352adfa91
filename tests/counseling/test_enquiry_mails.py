"""Mails about enquiries say that something is there, never what."""

import pytest
from django.core import mail

from accounts.outbox import deliver_next
from counseling.about import About
from counseling.actions import desk
from tests.factories.accounts import staff
from tests.factories.enquiries import AT, CANARY, counselor, sent

pytestmark = pytest.mark.django_db


def deliver_all() -> None:
    while deliver_next(at=AT) is not None:
        pass


def test_mails_say_nothing_and_go_only_to_who_shall_hear() -> None:
    reader = counselor()
    agency = reader.membership.agency
    staff("leitung", role="lead", agency=agency)
    enquiry = sent(agency, about=About(way="mail", email="kind@example.org", first_name="Mira")).enquiry
    deliver_all()
    (to_staff,) = mail.outbox
    assert (to_staff.to, to_staff.subject) == ([reader.email], f"Neue Anfrage {enquiry.public_id}")
    desk.open_enquiry(enquiry=enquiry, user=reader, at=AT)
    desk.answer(enquiry=enquiry, user=reader, text=CANARY, is_question=False, at=AT)
    deliver_all()
    to_person = mail.outbox[-1]
    assert (to_person.to, to_person.subject) == (["kind@example.org"], "Es gibt eine Antwort")
    for message in mail.outbox:
        whole = message.message().as_string() + message.body
        assert not any(word in whole for word in (CANARY, "Mira", agency.name)), whole
    silent = sent(agency).enquiry
    desk.answer(enquiry=silent, user=reader, text="Hallo", is_question=True, at=AT)
    deliver_all()
    assert len(mail.outbox) == 2
