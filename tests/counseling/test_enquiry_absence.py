"""Somebody is away: the substitute reads, answers and gets the mails for as long, and not a day longer."""

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from accounts.outbox import deliver_next
from counseling.actions import desk
from counseling.models import DeskAbsence, Enquiry
from directory.models import Agency
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory
from tests.factories.enquiries import AT, counselor, sent

pytestmark = pytest.mark.django_db
PAGE, INBOX = "/admin/counseling/deskabsence/", "/admin/counseling/enquiry/"
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock(fix_time: Any) -> None:
    fix_time("2026-11-23 09:30")


@pytest.fixture
def office() -> Agency:
    return AgencyFactory(kind="youth_welfare_office")


@pytest.fixture
def anna(office: Agency) -> User:
    return counselor("anna", agency=office)


@pytest.fixture
def ben(office: Agency) -> User:
    return counselor("ben", agency=office)


def away(user: User, substitute: User, first: date = TODAY, last: date = TODAY) -> DeskAbsence:
    return DeskAbsence.objects.create(user=user, substitute=substitute, starts_on=first, ends_on=last)


def entrusted(office: Agency, to: User) -> Enquiry:
    enquiry = sent(office).enquiry
    desk.assign(enquiry=enquiry, user=to, to=to, deputy=None, at=AT)
    return enquiry


def test_substitute_reads_and_answers_on_those_days_only(office: Agency, anna: User, ben: User) -> None:
    enquiry = entrusted(office, anna)
    third = counselor("dritte", agency=office)
    away(anna, ben, TODAY, date(2026, 11, 27))
    seen = {
        day: Enquiry.objects.visible_to(ben, on=date(2026, 11, day)).filter(pk=enquiry.pk).exists()
        for day in (22, 23, 27, 28)
    }
    assert seen == {22: False, 23: True, 27: True, 28: False}
    assert not Enquiry.objects.visible_to(third).filter(pk=enquiry.pk).exists()
    desk.open_enquiry(enquiry=enquiry, user=ben, at=AT)
    desk.answer(enquiry=enquiry, user=ben, text="Anna ist morgen wieder da.", is_question=False, at=AT)
    enquiry.refresh_from_db()
    assert (enquiry.assigned_to, enquiry.deputy) == (anna, None)
    with pytest.raises(desk.NotYoursError):
        desk.open_enquiry(enquiry=enquiry, user=third, at=AT)


def test_substitute_of_another_agency_never_sees_anything(office: Agency, anna: User) -> None:
    enquiry, foreign = entrusted(office, anna), counselor("fremd")
    with pytest.raises(ValidationError, match="in derselben Stelle"):
        DeskAbsence(user=anna, substitute=foreign, starts_on=TODAY, ends_on=TODAY).full_clean()
    away(anna, foreign)
    assert not Enquiry.objects.visible_to(foreign).exists()
    assert Enquiry.objects.visible_to(anna).get() == enquiry


def test_mails_go_to_the_substitute(office: Agency, anna: User, ben: User) -> None:
    counselor("dritte", agency=office)
    enquiry = entrusted(office, anna)
    away(anna, ben)
    while deliver_next(at=AT):
        pass
    assert [message.to for message in mail.outbox] == [[ben.email]]
    job_centre = counselor("allein").membership.agency
    away(User.objects.get(username="allein"), ben)
    sent(job_centre)
    while deliver_next(at=AT):
        pass
    # Nobody else is there, so it is better that the absent one hears of it than nobody.
    assert mail.outbox[-1].to == ["allein@example.org"]
    assert enquiry.public_id in mail.outbox[0].subject


def test_inbox_says_that_somebody_stands_in(client: Client, office: Agency, anna: User, ben: User) -> None:
    entrusted(office, anna)
    log_in(client, ben)
    assert "anna" not in client.get(INBOX).text
    away(anna, ben)
    assert "anna, heute in Vertretung" in client.get(INBOX).text


def test_counsellor_enters_the_own_absence_and_no_other(client: Client, office: Agency, anna: User, ben: User) -> None:
    log_in(client, ben)
    dates = {"starts_on": "2026-11-23", "ends_on": "2026-11-24"}
    stolen = client.post(f"{PAGE}add/", {"user": anna.pk, "substitute": ben.pk, **dates})
    assert stolen.status_code == 200 and not DeskAbsence.objects.exists()
    assert client.post(f"{PAGE}add/", {"user": ben.pk, "substitute": anna.pk, **dates}).status_code == 302
    mine, hers = DeskAbsence.objects.get(), away(anna, ben)
    assert client.post(f"{PAGE}{mine.pk}/change/", {"user": ben.pk, "substitute": anna.pk, **dates}).status_code == 302
    assert client.post(f"{PAGE}{hers.pk}/change/", {"user": ben.pk, "substitute": anna.pk, **dates}).status_code == 403
    assert client.post(f"{PAGE}{hers.pk}/delete/", {"post": "yes"}).status_code == 403
    lead = log_in(Client(), staff("leitung", role="lead", agency=office))
    assert lead.post(f"{PAGE}{hers.pk}/change/", {"user": anna.pk, "substitute": ben.pk, **dates}).status_code == 302
    foreign = log_in(Client(), counselor("fremd"))
    assert foreign.get(f"{PAGE}{hers.pk}/change/").status_code == 404
