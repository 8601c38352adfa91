"""The own account: open logins, ending them, the second factor, the password."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import CodeApp, StaffSession, User
from accounts.sessions import device_text
from tests.accounts.test_login import CODE, SET_UP, enter, inside
from tests.factories.accounts import PASSWORD, app_of, code_of, log_in

ACCOUNT = "/admin/konto/"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A) AppleWebKit/537.36 Chrome/129.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (PHONE, "Chrome unter Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox unter Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Version/17.6 Safari/604.1", "Safari unter iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/129.0 Safari/537.36 Edg/129.0", "Edge unter Windows"),
        ("curl/8.0", "unbekanntes Gerät"),
        ("", "unbekanntes Gerät"),
    ],
)
def test_device_is_named_in_two_words(agent: str, said: str) -> None:
    assert device_text(agent) == said


def test_open_logins_are_listed_without_address(clerk: User) -> None:
    here, there = Client(headers={"user-agent": PHONE}), Client(REMOTE_ADDR="203.0.113.77")
    enter(here, "redaktion")
    enter(there, "redaktion")
    page = here.get(ACCOUNT).text
    assert page.count("Chrome unter Android") == 2
    assert page.count("dieses Gerät") == 1
    assert "unbekanntes Gerät" in page
    kept = str(list(StaffSession.objects.values_list()))
    assert "Pixel" not in kept
    assert "203.0" not in kept


def test_one_login_is_ended(clerk: User) -> None:
    here, there = Client(), Client()
    enter(here, "redaktion")
    enter(there, "redaktion")
    row = StaffSession.objects.get(session_id=there.session.session_key)
    assert here.get(f"{ACCOUNT}anmeldungen/{row.pk}/beenden/").status_code == 405
    assert here.post(f"{ACCOUNT}anmeldungen/{row.pk}/beenden/")["Location"] == ACCOUNT
    assert (inside(here), inside(there)) == (True, False)


def test_nobody_ends_the_login_of_somebody_else(clerk: User, person: User) -> None:
    mine, theirs = Client(), Client()
    log_in(theirs, person)
    assert inside(theirs)
    enter(mine, "redaktion")
    row = StaffSession.objects.get(user=person)
    assert mine.post(f"{ACCOUNT}anmeldungen/{row.pk}/beenden/").status_code == 404
    assert inside(theirs)


def test_every_login_is_ended(clerk: User) -> None:
    clients = [Client(), Client(), Client()]
    for client in clients:
        enter(client, "redaktion")
    assert clients[0].post(f"{ACCOUNT}anmeldungen/beenden/", follow=True).text.count("überall abgemeldet") == 1
    assert [inside(client) for client in clients] == [False] * 3
    assert not StaffSession.objects.exists()


def test_own_login_is_ended(client: Client, clerk: User) -> None:
    enter(client, "redaktion")
    row = StaffSession.objects.get()
    client.post(f"{ACCOUNT}anmeldungen/{row.pk}/beenden/")
    assert not inside(client)


@pytest.mark.parametrize(
    ("uses", "open_at_the_end"),
    [
        (["10:29", "10:58", "11:27"], True),
        (["10:29", "11:00"], False),
        (["10:31"], False),
        ([f"{hour}:{minute}" for hour in range(10, 18) for minute in ("20", "40", "59")], True),
        ([f"{hour}:{minute}" for hour in range(10, 18) for minute in ("20", "40", "59")] + ["18:01"], False),
    ],
)
def test_login_ends_without_use_and_after_eight_hours(
    client: Client, clerk: User, fix_time: Any, uses: list[str], open_at_the_end: bool
) -> None:
    fix_time("2026-11-22 10:00")
    enter(client, "redaktion")
    for clock in uses[:-1]:
        fix_time(f"2026-11-22 {clock}")
        assert inside(client), clock
    fix_time(f"2026-11-22 {uses[-1]}")
    assert inside(client) is open_at_the_end


def test_closed_account_is_out_at_once(client: Client, clerk: User) -> None:
    enter(client, "redaktion")
    User.objects.update(is_active=False)
    assert not inside(client)


def test_new_password_ends_the_other_logins(clerk: User) -> None:
    here, there = Client(), Client()
    enter(here, "redaktion")
    enter(there, "redaktion")
    new = "Tisch Regen Schraube Mond"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", data).status_code == 302
    assert (inside(here), inside(there)) == (True, False)
    assert StaffSession.objects.count() == 1


def test_second_factor_can_be_chosen_and_given_up(client: Client, clerk: User) -> None:
    there = Client()
    enter(client, "redaktion")
    enter(there, "redaktion")
    assert inside(there)
    assert "Ausgeschaltet." in client.get(ACCOUNT).text
    client.get(SET_UP)
    client.post(SET_UP, {"code": code_of(CodeApp.objects.get())})
    assert (inside(client), inside(there)) == (True, False)
    assert "Sie haben noch 10 Notfallcodes." in client.get(ACCOUNT).text
    assert enter(Client(), "redaktion")["Location"] == CODE
    client.post(f"{ACCOUNT}zweiter-faktor/aus/")
    assert inside(client)
    assert enter(Client(), "redaktion")["Location"] == "/admin/"


def test_compulsory_second_factor_cannot_be_given_up(client: Client, person: User) -> None:
    log_in(client, person)
    assert "Ausschalten" not in client.get(ACCOUNT).text
    assert client.post(f"{ACCOUNT}zweiter-faktor/aus/").status_code == 404
    assert CodeApp.objects.filter(user=person).exists()


def test_new_phone_takes_the_place_of_the_old_one(client: Client, person: User) -> None:
    old = app_of(person)
    log_in(client, person)
    client.get(SET_UP)
    new = CodeApp.objects.get(confirmed=False)
    assert new.key != old.key
    client.post(SET_UP, {"code": code_of(new)})
    assert inside(client)
    assert list(CodeApp.objects.values_list("pk", flat=True)) == [new.pk]


def test_new_recovery_codes_end_the_old_ones(client: Client, person: User) -> None:
    log_in(client, person)
    pages = [client.post(f"{ACCOUNT}notfallcodes/").text for _time in range(2)]
    first, second = (re.findall(r"<code>([^<\s]+)</code>", page) for page in pages)
    assert (len(first), set(first) & set(second)) == (10, set())
    other = Client()
    enter(other, "technik")
    assert other.post(CODE, {"code": first[0]}).status_code == 200
    assert other.post(CODE, {"code": second[0]}).status_code == 302


def test_recovery_codes_need_an_app(client: Client, clerk: User) -> None:
    enter(client, "redaktion")
    assert client.post(f"{ACCOUNT}notfallcodes/").status_code == 404


def test_secrets_of_the_second_factor_have_no_page(client: Client, person: User) -> None:
    log_in(client, person)
    assert "otp" not in client.get("/admin/").text
    for path in ("otp_totp/totpdevice/", "otp_static/staticdevice/", "auth/group/"):
        assert client.get(f"/admin/{path}").status_code == 404


def test_short_cut_to_any_row_is_closed(client: Client, person: User) -> None:
    log_in(client, person)
    assert client.get("/admin/r/1/1/").status_code == 404


def test_use_is_noted_by_the_script_too(client: Client, clerk: User, fix_time: Any) -> None:
    fix_time("2026-11-22 10:00")
    enter(client, "redaktion")
    page = client.get(ACCOUNT)
    assert 'data-idle="1800" data-ends="28800"' in page.text
    fix_time("2026-11-22 10:29")
    assert client.post(f"{ACCOUNT}weiter/").status_code == 204
    fix_time("2026-11-22 10:58")
    assert 'data-ends="25320"' in client.get(ACCOUNT).text
    assert "data-login-end" not in Client().get("/admin/login/").text
