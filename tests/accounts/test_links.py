"""Links by mail: one hour, one use, the same answer for everybody."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.emails import send_link
from accounts.links import LinkGoneError, find_link, make_link, set_password
from accounts.models import OneTimeLink, User
from tests.accounts.test_login import CODE, SET_UP, enter, inside
from tests.factories.accounts import PASSWORD, app_of, staff

FORGOTTEN, DONE, LINK = "/admin/passwort-vergessen/", "/admin/passwort-vergessen/gesendet/", "/admin/zugang/"
NEW = "Tisch Regen Schraube Mond"


def link_for(user: User, purpose: str = "reset") -> str:
    return make_link(user=user, purpose=purpose, at=timezone.now())


def choose(client: Client, token: str, password: str = NEW, again: str = "") -> Any:
    opened = client.get(LINK, {"t": token})
    assert (opened.status_code, opened["Location"]) == (302, LINK)
    return client.post(LINK, {"password": password, "again": again or password})


def test_invitation_leads_to_a_password_and_straight_in(client: Client, db: None) -> None:
    user = staff("neu")
    user.set_unusable_password()
    user.save()
    token = link_for(user, "invitation")
    assert choose(client, token)["Location"] == "/admin/"
    assert inside(client)
    assert enter(Client(), "neu", NEW).status_code == 302


def test_invitation_to_a_compulsory_second_factor_leads_there(client: Client, person: User) -> None:
    assert choose(client, link_for(person, "invitation"))["Location"] == SET_UP
    assert not inside(client)


@pytest.mark.parametrize("purpose", ["reset", "invitation"])
def test_new_password_keeps_the_second_factor(client: Client, person: User, purpose: str) -> None:
    app_of(person)
    answer = choose(client, link_for(person, purpose))
    assert answer["Location"] == (CODE if purpose == "invitation" else "/admin/login/")
    assert not inside(client)
    assert enter(Client(), "technik", NEW)["Location"] == CODE


def test_link_works_once(client: Client, clerk: User) -> None:
    token = link_for(clerk)
    assert choose(client, token).status_code == 302
    other = Client()
    answer = choose(other, token, "Noch ein anderes Passwort")
    assert (answer.status_code, "gilt nicht mehr" in answer.text) == (410, True)
    clerk.refresh_from_db()
    assert clerk.check_password(NEW)


def test_opening_a_link_does_not_use_it_up(client: Client, clerk: User) -> None:
    token = link_for(clerk)
    for _scanner in range(3):
        assert Client().get(LINK, {"t": token}, follow=True).status_code == 200
    assert choose(client, token).status_code == 302


def test_two_at_the_same_time_set_one_password(clerk: User) -> None:
    link = find_link(link_for(clerk), at=timezone.now())
    assert link
    set_password(link=link, password=NEW, at=timezone.now())
    with pytest.raises(LinkGoneError):
        set_password(link=link, password="zweites Passwort hier", at=timezone.now())


def test_link_ends_after_an_hour(client: Client, clerk: User, fix_time: Any) -> None:
    fix_time("2026-11-22 10:00")
    token = link_for(clerk)
    fix_time("2026-11-22 11:01")
    assert choose(client, token).status_code == 410
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_new_link_ends_the_one_before(client: Client, clerk: User) -> None:
    first, second = link_for(clerk), link_for(clerk)
    assert choose(client, first).status_code == 410
    assert choose(Client(), second).status_code == 302


def test_link_of_a_closed_account_opens_nothing(client: Client, clerk: User) -> None:
    token = link_for(clerk)
    User.objects.update(is_active=False)
    assert choose(client, token).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "\x00", "ä" * 5000, "\ud800"])
def test_nonsense_is_no_link(client: Client, db: None, token: str) -> None:
    assert find_link(token, at=timezone.now()) is None
    assert client.get(LINK).status_code == 410


def test_only_the_hash_of_a_link_is_kept(clerk: User) -> None:
    token = link_for(clerk)
    assert token not in str(list(OneTimeLink.objects.values_list()))


def test_new_password_ends_every_login(client: Client, clerk: User) -> None:
    enter(client, "redaktion")
    assert inside(client)
    choose(Client(), link_for(clerk))
    assert not inside(client)


def test_mail_link_helps_somebody_whom_guesses_slow_down(client: Client, clerk: User) -> None:
    for _try in range(9):
        enter(Client(), "redaktion", "falsch")
    assert enter(client, "redaktion").status_code == 429
    choose(client, link_for(clerk))
    assert enter(Client(REMOTE_ADDR="10.0.0.9"), "redaktion", NEW).status_code == 302


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kurz", "mindestens 12 Zeichen"),
        ("qwerty123456", "zu üblich"),
        ("123456789012345", "komplett numerisch"),
        ("x" * 129, "mehr als 128 Zeichen"),
        ("redaktion123", "zu ähnlich"),
    ],
)
def test_weak_passwords_are_refused(client: Client, clerk: User, password: str, said: str) -> None:
    answer = choose(client, link_for(clerk), password)
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors)


def test_names_of_the_county_are_no_password(client: Client, clerk: User, settings: Any) -> None:
    name = settings.REGION["county_seat"].casefold()
    for password in (f"{name}2026!", f"{name}{name}", f"123{name.upper()}456abc"):
        answer = choose(Client(), link_for(clerk), password)
        assert "Namen von hier" in str(answer.context["form"].errors), password
    assert choose(client, link_for(clerk), f"{name} ohne jede Absicht").status_code == 302


def test_both_passwords_must_be_the_same(client: Client, clerk: User) -> None:
    answer = choose(client, link_for(clerk), NEW, NEW + "x")
    assert "nicht gleich" in str(answer.context["form"].errors)


def ask(client: Client, email: str) -> Any:
    return client.post(FORGOTTEN, {"email": email})


def test_forgotten_password_answers_the_same_for_everybody(client: Client, clerk: User) -> None:
    answers = [ask(Client(), email) for email in (clerk.email.upper(), "niemand@example.org")]
    assert [(answer.status_code, answer["Location"], answer.content) for answer in answers] == [(302, DONE, b"")] * 2
    assert len(mail.outbox) == 1
    assert client.get(DONE).status_code == 200


def test_mail_names_nobody_and_its_link_works(client: Client, clerk: User, settings: Any) -> None:
    User.objects.filter(pk=clerk.pk).update(first_name="Erika", last_name="Muster")
    ask(client, clerk.email)
    (message,) = mail.outbox
    assert message.to == [clerk.email]
    text = f"{message.subject} {message.body}"
    assert not [word for word in ("Erika", "Muster", "redaktion", clerk.email) if word in text]
    address = re.search(r"http\S+/admin/zugang/\?t=(\S+)", message.body)
    assert address
    assert address[0].startswith(settings.BASE_URL)
    assert choose(client, address[1]).status_code == 302


def test_host_of_the_request_is_in_no_mail(client: Client, clerk: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(FORGOTTEN, {"email": clerk.email}, headers={"host": "evil.example.org"})
    assert "evil" not in mail.outbox[0].body


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_closed_accounts_get_no_mail(client: Client, clerk: User, fields: dict[str, bool]) -> None:
    User.objects.update(**fields)
    assert ask(client, clerk.email)["Location"] == DONE
    assert mail.outbox == []


def test_two_accounts_with_one_mailbox_get_a_link_each(client: Client, clerk: User) -> None:
    staff("zweites", email=clerk.email)
    ask(client, clerk.email)
    assert len(mail.outbox) == 2


def test_mailbox_is_not_flooded(client: Client, clerk: User) -> None:
    assert [ask(client, clerk.email).status_code for _try in range(5)] == [302] * 3 + [429] * 2
    assert len(mail.outbox) == 3


def test_silent_mail_server_breaks_nothing(clerk: User, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send_link(user=clerk, purpose="reset", token="x") is False
    assert clerk.email not in caplog.text
    assert f"account {clerk.pk}" in caplog.text


def test_link_is_kept_by_no_log(client: Client, clerk: User, caplog: pytest.LogCaptureFixture) -> None:
    token = link_for(clerk)
    with caplog.at_level("DEBUG"):
        choose(client, token)
    assert token not in caplog.text


def test_dates_of_a_link_are_an_hour_apart(clerk: User) -> None:
    link_for(clerk)
    link = OneTimeLink.objects.get()
    assert isinstance(link.created_at, datetime)
    assert (link.expires_at - link.created_at).total_seconds() == 3600
