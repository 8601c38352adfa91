"""The page behind the link in the mail, and what becomes of an answer."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Throttle
from accounts.outbox import deliver_next
from directory import actions
from directory.editorial.changes import open_change, withdraw
from directory.editorial.releasing import release
from directory.freshness import state
from directory.freshness.answers import AlreadyAnsweredError, still_right
from directory.freshness.asking import remind
from directory.freshness.directory_subjects import PointTextForm
from directory.models import Change, ConfirmationLink, ConfirmationRequest, ContactPoint, GroupCheck
from offers.models import OfferAgency
from ruemsa_portal.retention import RULES, purge
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory
from tests.naughty import NAUGHTY

DAY = date(2027, 2, 1)
URL = "/angaben/"


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


def ask(day: date) -> list[str]:
    """Run the daily job and return the secrets in the mails."""
    mail.outbox.clear()
    remind(on=day, at=at(day))
    while deliver_next(at=at(day)):
        pass
    lines = [line for message in mail.outbox for line in message.body.splitlines()]
    return [line.split("?t=")[1] for line in lines if "?t=" in line]


@pytest.fixture
def point(db: None) -> ContactPoint:
    agency = AgencyFactory(office_email="buero@example.org", checked_on=DAY)
    return ContactPointFactory(owner=agency, full=True, name="Beratung am Markt", checked_on=date(2026, 2, 1))


@pytest.fixture
def token(point: ContactPoint, fix_time: Any) -> str:
    """The link on the morning of DAY; all three groups are asked for."""
    fix_time(f"{DAY} 10:00")
    (secret,) = ask(DAY)
    return secret


def check(record: Any, group: str) -> GroupCheck:
    return GroupCheck.objects.get(record=record._meta.label_lower, object_id=record.pk, group=group)


def rows() -> list[Any]:
    """Everything a visit could change."""
    models = (GroupCheck, ConfirmationRequest, ConfirmationLink, Change, AuditEntry, Throttle)
    return [list(model.objects.order_by("pk").values()) for model in models]


def send(client: Client, token: str, **data: Any) -> Any:
    return client.post(URL, {"t": token, **data})


def test_opening_the_link_changes_nothing_however_often(client: Client, token: str) -> None:
    before = rows()
    for query in ("", "&teil=hours&art=aendern", "&teil=hours&art=weg", "&teil=hours&art=stimmt", "&danke=stimmt"):
        response = client.get(f"{URL}?t={token}{query}")
        assert response.status_code == 200
        assert client.head(f"{URL}?t={token}{query}").status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"
        assert "sessionid" not in response.cookies
    assert rows() == before


def test_the_page_says_what_is_stored(client: Client, token: str) -> None:
    text = client.get(f"{URL}?t={token}").content.decode()
    for words in ("Öffnungszeiten", "Montag", "09:00 – 12:00", "+49390412340", "Hauptstraße 1", "Alles stimmt noch"):
        assert words in text
    assert "buero@example.org" not in text


def test_everything_is_still_right_with_one_tap(client: Client, token: str, point: ContactPoint) -> None:
    response = send(client, token, art="stimmt")
    assert response.headers["Location"] == "/angaben/danke/"
    assert {check(point, group).confirmed_on for group in ("hours", "contact", "text")} == {DAY}
    assert {check(point, group).confirmed_by for group in ("hours", "contact", "text")} == {"link"}
    point.refresh_from_db()
    assert point.checked_on == DAY
    entry = AuditEntry.objects.get(action="contactpoint.confirm")
    assert (entry.actor, entry.subject, entry.detail) == (
        None,
        f"directory.contactpoint:{point.pk}",
        "hours, contact, text",
    )
    assert client.get(f"{URL}?t={token}").status_code == 410
    assert send(client, token, art="stimmt").status_code == 410
    assert ask(DAY + timedelta(days=1)) == []


def test_one_group_after_the_other(client: Client, token: str, point: ContactPoint) -> None:
    for group, ends in (("hours", "danke=stimmt"), ("text", "danke=stimmt"), ("contact", "/danke/")):
        assert ends in send(client, token, art="stimmt", teil=group).headers["Location"]
    assert not ConfirmationRequest.objects.filter(closed_on=None).exists()


def test_a_second_tap_does_no_harm(client: Client, token: str, point: ContactPoint) -> None:
    send(client, token, art="stimmt", teil="hours")
    assert "danke=schon" in send(client, token, art="aendern", teil="hours").headers["Location"]
    request = ConfirmationRequest.objects.get()
    with pytest.raises(AlreadyAnsweredError):
        still_right(request, groups=["hours"], on=DAY, at=at(DAY))


def hours(client: Client, token: str) -> dict[str, str]:
    """The form as it is shown."""
    form = client.get(f"{URL}?t={token}&teil=hours&art=aendern").context["form"]
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: value.strftime("%H:%M") if value else "" for name, value in values.items()}


def test_changed_hours_wait_for_their_release(client: Client, token: str, point: ContactPoint) -> None:
    monday = point.schedules.get(weekday=0)
    tuesday = point.schedules.get(weekday=1)
    typed = hours(client, token) | {
        f"a-s{monday.pk}_to": "13:30", f"a-s{tuesday.pk}_from": "", f"a-s{tuesday.pk}_to": "",
        "a-d4_from": "14:00", "a-d4_to": "18:00",
    }  # fmt: skip
    assert "danke=geaendert" in send(client, token, art="aendern", teil="hours", **typed).headers["Location"]
    assert point.schedules.count() == 5
    change = open_change(point)
    assert change is not None
    assert (change.state, change.origin) == ("review", "confirmation")
    row = check(point, "hours")
    assert (row.answered_on, row.confirmed_on, row.hidden_from) == (DAY, date(2026, 2, 1), None)
    assert "Öffnungszeiten" not in client.get(f"{URL}?t={token}").content.decode()
    # Nobody is reminded while it waits, and nothing is hidden.
    send(client, token, art="stimmt")
    assert ask(DAY + timedelta(days=100)) == []

    release(change, by=None, at=at(DAY + timedelta(days=3)), on=DAY + timedelta(days=3), reason="geprüft")
    found = sorted((row.weekday, f"{row.opens_at:%H:%M}", f"{row.closes_at:%H:%M}") for row in point.schedules.all())
    assert found == [
        (0, "09:00", "13:30"), (2, "09:00", "12:00"), (3, "09:00", "12:00"), (4, "09:00", "12:00"), (4, "14:00", "18:00"),
    ]  # fmt: skip
    assert check(point, "hours").answered_on is None
    assert check(point, "hours").confirmed_on == DAY + timedelta(days=3)


def test_a_change_that_is_given_up_leaves_the_question_open(client: Client, token: str, point: ContactPoint) -> None:
    typed = hours(client, token) | {"a-d5_from": "10:00", "a-d5_to": "12:00"}
    send(client, token, art="aendern", teil="hours", **typed)
    send(client, token, art="stimmt")
    change = open_change(point)
    assert change is not None
    withdraw(change, by=None, at=at(DAY))
    assert len(ask(DAY + timedelta(days=1))) == 1


def test_changing_nothing_means_that_it_is_right(client: Client, token: str, point: ContactPoint) -> None:
    assert (
        "danke=stimmt" in send(client, token, art="aendern", teil="hours", **hours(client, token)).headers["Location"]
    )
    assert open_change(point) is None
    assert check(point, "hours").confirmed_on == DAY


@pytest.mark.parametrize(("opens", "closes"), [("8:00", ""), ("", "12:00"), ("9:00", "9:00"), ("acht", "12:00")])
def test_half_typed_hours_are_named(client: Client, token: str, point: ContactPoint, opens: str, closes: str) -> None:
    typed = hours(client, token) | {"a-d6_from": opens, "a-d6_to": closes}
    response = send(client, token, art="aendern", teil="hours", **typed)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert "error-summary" in response.content.decode()
    assert open_change(point) is None


def test_a_new_phone_number_in_any_spelling(client: Client, token: str, point: ContactPoint) -> None:
    form = client.get(f"{URL}?t={token}&teil=contact&art=aendern").context["form"]
    typed = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    old = point.phones.get()
    typed |= {f"a-p{old.pk}": "03904 7240-14", "a-new_phone": "0391 55 55", "a-website": "example.org/neu"}
    assert "danke=geaendert" in send(client, token, art="aendern", teil="contact", **typed).headers["Location"]
    change = open_change(point)
    assert change is not None
    release(change, by=None, at=at(DAY), on=DAY, reason="geprüft")
    point.refresh_from_db()
    assert list(point.phones.values_list("number", flat=True)) == ["+4939047240" + "14", "+493915555"]
    assert point.website == "https://example.org/neu"


def test_a_place_that_is_gone_is_proposed_to_be_taken_back(client: Client, token: str, point: ContactPoint) -> None:
    data = {"w-what": "alles", "w-comment": "Die Beratung ist zu."}
    assert send(client, token, art="weg", teil="text", **data).headers["Location"] == "/angaben/danke/"
    assert point in ContactPoint.objects.published(on=DAY + timedelta(days=1))
    change = open_change(point)
    assert change is not None
    assert change.comment == "Die Beratung ist zu."
    release(change, by=None, at=at(DAY), on=DAY, reason="geprüft")
    assert point not in ContactPoint.objects.published(on=DAY + timedelta(days=1))


def test_only_the_hours_are_gone(client: Client, token: str, point: ContactPoint) -> None:
    assert "danke=weg" in send(client, token, art="weg", teil="hours", **{"w-what": "teil"}).headers["Location"]
    change = open_change(point)
    assert change is not None
    assert change.snapshot["parts"]["schedule"] == []
    assert change.snapshot["fields"]["hours_state"] == "none"


@pytest.mark.parametrize("group", ["contact", "law", "text"])
def test_every_form_of_an_offer(client: Client, db: None, fix_time: Any, group: str) -> None:
    fix_time(f"{DAY} 10:00")
    offer = OfferFactory(checked_on=date(2025, 1, 1))
    agency = AgencyFactory(office_email="buero@example.org", checked_on=DAY)
    OfferAgency.objects.create(offer=offer, agency=agency, role="provider")
    (token,) = ask(DAY)
    response = client.get(f"{URL}?t={token}&teil={group}&art=aendern")
    form = response.context["form"]
    typed = {form.add_prefix(name): form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    text = {"contact": "place_note", "law": "decides_text", "text": "duration"}[group]
    typed[f"a-{text}"] = "Neu gefasst."
    assert "danke=geaendert" in send(client, token, art="aendern", teil=group, **typed).headers["Location"]
    change = open_change(offer)
    assert change is not None
    assert change.snapshot["fields"][text] == "Neu gefasst."


@pytest.mark.parametrize("broken", ["", "x", "a" * 43, "ä€\u2028", "0" * 5000, "%00"])
def test_a_wrong_link_says_whom_to_ask(client: Client, db: None, broken: str) -> None:
    response = client.get(URL, {"t": broken.replace("%00", "")})
    assert response.status_code == 410
    assert "Dieser Link gilt nicht mehr" in response.content.decode()


def test_guessing_is_slowed_down(client: Client, token: str) -> None:
    answers = [send(client, f"{number:043d}", art="stimmt").status_code for number in range(25)]
    assert answers[:20] == [410] * 20
    assert answers[-1] == 429
    assert client.get(f"{URL}?t={token}").status_code == 200


def test_links_end_after_thirty_days(client: Client, token: str, fix_time: Any) -> None:
    fix_time("2027-03-03 09:59")
    assert client.get(f"{URL}?t={token}").status_code == 200
    fix_time("2027-03-03 10:01")
    assert client.get(f"{URL}?t={token}").status_code == 410


def test_old_links_and_answered_questions_go(client: Client, token: str) -> None:
    links, requests = (rule for rule in RULES if rule.name.startswith("confirmation_"))
    assert purge(links, on=DAY + timedelta(days=30)) == 0
    assert purge(links, on=DAY + timedelta(days=31)) == 1
    assert purge(requests, on=date(2030, 1, 1)) == 0
    ConfirmationRequest.objects.update(closed_on=DAY)
    assert purge(requests, on=date(2028, 2, 1)) == 0
    assert purge(requests, on=date(2028, 2, 2)) == 1


def test_post_without_the_csrf_token_is_refused(token: str, point: ContactPoint) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, token, art="stimmt").status_code == 403
    assert check(point, "hours").confirmed_on != DAY


def test_only_the_hash_of_the_secret_is_stored(token: str) -> None:
    assert token not in str(rows())
    assert len(token) == 43


# What visitors see.


def test_overdue_is_said_and_hidden_is_explained(client: Client, point: ContactPoint, fix_time: Any) -> None:
    fix_time("2027-02-01 10:00")
    ask(DAY)
    page = client.get(point.get_absolute_url()).content.decode()
    assert "Angaben werden gerade geprüft · zuletzt geprüft am 1. Februar 2026" in page
    sister = ContactPointFactory(owner=point.owner, full=True, name="Zweites Büro", checked_on=DAY)
    fix_time("2027-08-01 10:00")
    state.refresh_all(on=date(2027, 8, 1))
    actions.raise_content_version()
    response = client.get(point.get_absolute_url())
    text = response.content.decode()
    assert response.status_code == 404
    assert "Diese Seite macht Pause" in text
    assert sister.get_absolute_url() in text
    assert "noindex" in text
    assert point.name not in client.get("/anlaufstellen/").content.decode()
    assert point.slug not in client.get("/api/anlaufstellen").content.decode()
    assert point.slug not in client.get(reverse("sitemap")).content.decode()
    assert client.get("/anlaufstellen/gibt-es-nicht/").status_code == 404


def test_hidden_offers_and_agencies_have_the_page_too(client: Client, db: None, fix_time: Any) -> None:
    fix_time("2027-02-01 10:00")
    agency = AgencyFactory(hidden_from=DAY)
    offer = OfferFactory(hidden_from=DAY)
    for record in (agency, offer):
        response = client.get(record.get_absolute_url())
        assert response.status_code == 404
        assert "macht Pause" in response.content.decode()


def test_the_page_asks_the_database_little(client: Client, token: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        client.get(f"{URL}?t={token}")


@pytest.mark.slow
def test_naughty_strings_are_stored_or_refused(
    client: Client, token: str, point: ContactPoint, quick_pages: None
) -> None:
    """In every parameter of the page, and in the texts that become a change."""
    form = PointTextForm(record=point)
    typed = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    for text in NAUGHTY:
        assert client.get(URL, {"t": token, "teil": text, "art": text, "danke": text}).status_code in (200, 400)
        # A name too long keeps the question open, and so does a choice there is none of.
        refused = send(client, token, art="aendern", teil="text", **typed | {"a-name": "n" * 300, "a-summary": text})
        assert refused.status_code == 200
        assert "<script>alert" not in refused.content.decode()
        assert send(client, token, art="weg", teil="text", **{"w-what": text, "w-comment": text}).status_code == 200
    everything = "".join(text for text in NAUGHTY if "\x00" not in text)[:5000]
    send(client, token, art="aendern", teil="text", **typed | {"a-summary": everything})
    change = open_change(point)
    assert change is not None
    assert change.snapshot["fields"]["summary"] == everything.replace("\r\n", "\n").replace("\r", "\n").strip()
