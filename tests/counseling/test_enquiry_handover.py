"""Handing over: prior consent in person, exactly what was shown, taken back in one click."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, OutboxMessage, User
from accounts.outbox import deliver_next
from counseling.about import About
from counseling.actions import desk
from counseling.actions.enquiries import ClosedError, conversation, delete_enquiry
from counseling.actions.handover import TooYoungError, agree, code_of_copy, propose, refuse, withdraw
from counseling.models import Consent, Enquiry, Note, Proposal
from directory.models import Agency
from tests.factories.accounts import log_in
from tests.factories.enquiries import AT, CANARY, counselor, sent

pytestmark = pytest.mark.django_db
ANSWER = "/antwort/"
SAID = About(way="mail", email="kind@example.org", first_name="Mira", age_band="15-17", municipality="Ort")


@pytest.fixture
def reader(fix_time: Any) -> User:
    fix_time("2026-11-23 09:30")
    return counselor()


@pytest.fixture
def other(reader: User) -> Agency:
    return counselor("andere").membership.agency


@pytest.fixture
def enquiry(reader: User) -> Any:
    return sent(reader.membership.agency, about=SAID)


def offered(enquiry: Enquiry, reader: User, other: Agency, **changes: Any) -> Proposal:
    values = {
        "recipient": "Berufsberatung",
        "purpose": "Damit sie dir freie Plätze zeigen.",
        "fields": ["messages", "first_name"],
        "channel": "online",
    }
    return propose(enquiry=enquiry, user=reader, target=other, at=AT, **{**values, **changes})


def page_of(enquiry: Enquiry) -> str:
    return reverse("admin:counseling_enquiry_change", args=[enquiry.pk])


def field(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def test_nothing_moves_before_the_yes(enquiry: Any, reader: User, other: Agency) -> None:
    proposal = offered(enquiry.enquiry, reader, other)
    assert Enquiry.objects.count() == 1 and not Consent.objects.exists()
    refuse(proposal=proposal, at=AT)
    with pytest.raises(ClosedError):
        agree(proposal=proposal, due_at=AT, channel="online", at=AT)
    assert Enquiry.objects.count() == 1


def test_yes_copies_exactly_what_was_ticked_once_and_keeps_a_proof(enquiry: Any, reader: User, other: Agency) -> None:
    proposal = offered(enquiry.enquiry, reader, other)
    first = agree(proposal=proposal, due_at=AT, channel="online", at=AT)
    again = agree(proposal=proposal, due_at=AT, channel="online", at=AT)
    assert (first.enquiry, Enquiry.objects.count()) == (again.enquiry, 2)
    theirs = User.objects.get(username="andere")
    opened = desk.open_enquiry(enquiry=first.enquiry, user=theirs, at=AT)
    assert opened.about == About(first_name="Mira")
    assert [text for _row, text in opened.messages] == [CANARY]
    with pytest.raises(desk.NotYoursError):
        desk.open_enquiry(enquiry=enquiry.enquiry, user=theirs, at=AT)
    with pytest.raises(desk.NotYoursError):
        desk.open_enquiry(enquiry=first.enquiry, user=reader, at=AT)
    proof = Consent.objects.get()
    assert (proof.fields, proof.channel, proof.copied_to) == ("messages,first_name", "online", first.enquiry)
    assert len(proof.text_hash) == 64
    assert first.code == code_of_copy(proposal) != enquiry.code


def test_what_was_not_ticked_stays(enquiry: Any, reader: User, other: Agency) -> None:
    proposal = offered(enquiry.enquiry, reader, other, fields=["age_band"])
    copy = agree(proposal=proposal, due_at=AT, channel="online", at=AT).enquiry
    texts = [text for _row, text in conversation(enquiry=copy, at=AT)]
    assert texts == ["Damit sie dir freie Plätze zeigen."]


def test_under_fifteen_is_talked_about_in_person(reader: User, other: Agency) -> None:
    enquiry = sent(reader.membership.agency, about=About(age_band="unter-15")).enquiry
    with pytest.raises(TooYoungError):
        offered(enquiry, reader, other)
    assert not Proposal.objects.exists()
    assert offered(enquiry, reader, other, channel="in_person").state == "waiting"


def test_taking_it_back_gives_the_other_agency_a_task_it_can_do(
    client: Client, enquiry: Any, reader: User, other: Agency
) -> None:
    proposal = offered(enquiry.enquiry, reader, other)
    copy = agree(proposal=proposal, due_at=AT, channel="online", at=AT).enquiry
    theirs = User.objects.get(username="andere")
    desk.open_enquiry(enquiry=copy, user=theirs, at=AT)
    log_in(client, theirs)
    assert client.post(page_of(copy), {"tun": "loeschen"}).status_code == 404
    withdraw(proposal=proposal, at=AT)
    with pytest.raises(ClosedError):
        withdraw(proposal=proposal, at=AT)
    copy.refresh_from_db()
    assert (copy.status, Note.objects.get(enquiry=copy).kind, Consent.objects.get().withdrawn_at) == ("new", "task", AT)
    assert OutboxMessage.objects.filter(subject=str(copy.pk)).count() == 2
    assert "Einwilligung zurückgezogen" in client.get(page_of(copy)).text
    assert client.post(page_of(copy), {"tun": "loeschen"}).status_code == 302
    assert not Enquiry.objects.filter(pk=copy.pk).exists()


def test_person_reads_exactly_what_would_move_and_decides(
    client: Client, enquiry: Any, reader: User, other: Agency
) -> None:
    staff_client = log_in(Client(), reader)
    chosen = {
        "tun": "weitergeben", "handover-target": other.slug, "handover-recipient": "Berufsberatung",
        "handover-purpose": "Damit sie dir helfen.", "handover-fields_chosen": ["messages", "first_name"],
        "handover-channel": "online",
    }  # fmt: skip
    assert (
        "Bitte ankreuzen" in staff_client.post(page_of(enquiry.enquiry), {**chosen, "handover-fields_chosen": []}).text
    )
    assert staff_client.post(page_of(enquiry.enquiry), chosen).status_code == 302
    assert "wartet auf Einwilligung" in staff_client.get(page_of(enquiry.enquiry)).text
    page = client.post(ANSWER, {"code": str(enquiry.code)})
    shown = re.search(r"Dürfen wir das weitergeben.*?</section>", page.text, re.S)
    assert shown and other.display_name in shown[0]
    assert all(text in shown[0] for text in (CANARY, "Mira", "Berufsberatung", "Damit sie dir helfen."))
    assert "kind@example.org" not in shown[0] and "15 bis 17" not in shown[0]
    data = {"ticket": field(page, "ticket"), "vorschlag": field(page, "vorschlag")}
    yes = client.post(ANSWER, {**data, "tun": "ja"})
    code = re.search(r"<code[^>]*>([\w-]+)</code>", yes.text)
    assert code and "Weitergegeben an" in yes.text
    assert code[1] in client.post(ANSWER, {**data, "tun": "code"}).text
    assert CANARY in Client().post(ANSWER, {"code": code[1]}).text
    assert "Du hast es zurückgenommen." in client.post(ANSWER, {**data, "tun": "zurueck"}).text
    assert "Das ist schon entschieden." in client.post(ANSWER, {**data, "tun": "nein"}).text
    stored = client.post(ANSWER, {**data, "tun": "json"}).json()
    assert stored["handovers"][0]["state"] == "withdrawn"
    for key in ("x", str(enquiry.enquiry.pk)):
        assert client.post(ANSWER, {**data, "vorschlag": key, "tun": "ja"}).status_code == 200


def test_yes_said_in_person_is_recorded_with_who_heard_it(
    client: Client, enquiry: Any, reader: User, other: Agency
) -> None:
    log_in(client, reader)
    chosen = {
        "tun": "weitergeben", "handover-target": other.slug, "handover-recipient": "Berufsberatung",
        "handover-purpose": "Damit sie dir helfen.", "handover-fields_chosen": ["messages"], "handover-channel": "phone",
    }  # fmt: skip
    assert client.post(page_of(enquiry.enquiry), chosen).status_code == 302
    proof = Consent.objects.get()
    assert (proof.channel, proof.recorded_by, proof.copied_to.agency) == ("phone", reader, other)
    assert not re.search(r"\w{5}-\w{5}-\w{5}-\w{3}", client.get(page_of(enquiry.enquiry)).text)


def test_proof_stays_without_content_when_the_enquiry_goes(enquiry: Any, reader: User, other: Agency) -> None:
    proposal = offered(enquiry.enquiry, reader, other)
    agree(proposal=proposal, due_at=AT, channel="online", at=AT)
    delete_enquiry(enquiry=enquiry.enquiry, at=AT)
    assert not Proposal.objects.exists()
    proof = Consent.objects.get()
    assert (proof.proposal, proof.public_id) == (None, enquiry.enquiry.public_id)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["enquiry.propose_handover", "enquiry.hand_over", "enquiry.delete"]


def test_mail_says_only_that_there_is_something(enquiry: Any, reader: User, other: Agency) -> None:
    offered(enquiry.enquiry, reader, other)
    while deliver_next(at=AT) is not None:
        pass
    (to_person,) = [message for message in mail.outbox if message.to == ["kind@example.org"]]
    assert to_person.subject == "Es gibt eine Antwort" and "Berufsberatung" not in to_person.body
