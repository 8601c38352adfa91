"""Logging in: two steps, no page in between, no hints, rising waits."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken

from accounts import second_factor, throttle
from accounts.models import AuditEntry, CodeApp, StaffSession, Throttle, ThrottleKey, User
from accounts.throttle import LONGEST_WAIT, waiting_time
from tests.factories.accounts import PASSWORD, app_of, code_of, staff

LOGIN, CODE, SET_UP = "/admin/login/", "/admin/login/code/", "/admin/konto/zweiter-faktor/"
WRONG = "Benutzername und Passwort passen nicht zusammen."


def enter(client: Client, name: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, **extra})


def inside(client: Client) -> bool:
    response = client.get("/admin/konto/")
    assert (response.status_code, response.get("Location")) in ((200, None), (302, "/admin/login/?next=/admin/konto/"))
    return bool(response.status_code == 200)


def test_password_alone_is_enough_where_the_second_factor_is_not_compulsory(client: Client, clerk: User) -> None:
    response = enter(client, "redaktion", next="/admin/konto/")
    assert (response.status_code, response["Location"]) == (302, "/admin/konto/")
    assert inside(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example.org/", "//evil.example.org", "javascript:alert(1)", "", "/\\evil"]
)
def test_login_leads_to_no_foreign_address(client: Client, clerk: User, target: str) -> None:
    assert enter(client, "redaktion", next=target)["Location"] == "/admin/"


def test_password_without_code_opens_nothing(client: Client, person: User) -> None:
    app_of(person)
    assert enter(client, "technik")["Location"] == CODE
    assert not inside(client)
    assert client.get("/admin/").status_code == 302
    assert "_auth_user_id" not in client.session
    # A second app would be a way around the first.
    assert client.get(SET_UP)["Location"] == LOGIN
    assert client.get(f"{SET_UP}qr.svg").status_code == 404
    assert CodeApp.objects.count() == 1


def test_code_opens_and_a_code_never_works_twice(client: Client, person: User) -> None:
    code = code_of(app_of(person))
    enter(client, "technik", next="/admin/konto/")
    assert client.post(CODE, {"code": f" {code[:3]} {code[3:]}"})["Location"] == "/admin/konto/"
    assert inside(client)
    client.post("/admin/logout/")
    assert not inside(client)
    enter(client, "technik")
    replayed = client.post(CODE, {"code": code})
    assert "schon benutzt" in replayed.text
    assert not inside(client)


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦", "0" * 20, "\x00", "9" * 400])
def test_what_is_no_code_is_answered(client: Client, person: User, code: str) -> None:
    app_of(person)
    enter(client, "technik")
    assert client.post(CODE, {"code": code}).status_code == 200
    assert not inside(client)


def test_recovery_code_opens_once_and_says_how_many_are_left(client: Client, person: User) -> None:
    app_of(person)
    codes = second_factor.new_recovery_codes(user=person)
    assert len(set(codes)) == 10
    enter(client, "technik")
    response = client.post(CODE, {"code": codes[3].lower()}, follow=True)
    assert "Sie haben noch 9 Notfallcodes." in response.text
    client.post("/admin/logout/")
    enter(client, "technik")
    assert client.post(CODE, {"code": codes[3]}).status_code == 200
    assert not inside(client)
    assert client.post(CODE, {"code": codes[4]}).status_code == 302
    assert inside(client)


def test_recovery_codes_are_kept_as_keyed_hashes_only(person: User) -> None:
    codes = second_factor.new_recovery_codes(user=person)
    stored = " ".join(StaticToken.objects.values_list("token", flat=True))
    assert not [code for code in codes if second_factor.plain(code) in stored]


def test_first_factor_is_forgotten_after_ten_minutes(client: Client, person: User, fix_time: Any) -> None:
    fix_time("2026-11-22 10:00")
    enter(client, "technik")
    fix_time("2026-11-22 10:11")
    assert client.get(SET_UP)["Location"] == LOGIN
    assert client.get(CODE)["Location"] == LOGIN


def test_first_factor_is_worth_nothing_after_a_new_password(client: Client, person: User) -> None:
    device = app_of(person)
    enter(client, "technik")
    person.set_password("ganz anders als vorher")
    person.save()
    assert client.post(CODE, {"code": code_of(device)})["Location"] == LOGIN


def test_compulsory_second_factor_is_set_up_before_anything_opens(client: Client, person: User) -> None:
    assert enter(client, "technik", next="/admin/konto/")["Location"] == SET_UP
    assert not inside(client)
    page = client.get(SET_UP)
    device = CodeApp.objects.get()
    assert page.status_code == 200
    assert second_factor.secret_text(device) in page.text
    picture = client.get(f"{SET_UP}qr.svg")
    assert picture["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "no-store" in picture["Cache-Control"]
    assert client.post(SET_UP, {"code": "000000"}).status_code == 200
    assert not inside(client)
    done = client.post(SET_UP, {"code": code_of(device)})
    assert len(re.findall(r"<code>[2-9A-Z]{5}-[2-9A-Z]{5}</code>", done.text)) == 10
    assert 'href="/admin/konto/"' in done.text
    assert inside(client)
    client.post("/admin/logout/")
    assert enter(client, "technik")["Location"] == CODE


def test_code_of_the_set_up_does_not_open_the_next_login(client: Client, person: User) -> None:
    enter(client, "technik")
    client.get(SET_UP)
    code = code_of(CodeApp.objects.get())
    client.post(SET_UP, {"code": code})
    other = Client()
    enter(other, "technik")
    other.post(CODE, {"code": code})
    assert not inside(other)


def test_login_without_second_factor_is_asked_for_it_once_it_is_compulsory(client: Client, clerk: User) -> None:
    enter(client, "redaktion")
    User.objects.filter(pk=clerk.pk).update(is_superuser=True)
    assert not inside(client)
    assert client.get(f"{LOGIN}?next=/admin/konto/")["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200


def test_lost_app_ends_what_was_opened_with_it(client: Client, person: User) -> None:
    enter(client, "technik")
    client.get(SET_UP)
    client.post(SET_UP, {"code": code_of(CodeApp.objects.get())})
    assert inside(client)
    second_factor.switch_off(user=person)
    assert not inside(client)


@pytest.mark.parametrize(
    "fields", [{"password": "falsch"}, {"is_active": False}, {"is_staff": False}, {"unusable": True}, {"unknown": True}]
)
def test_every_refusal_looks_the_same(client: Client, db: None, fields: dict[str, Any]) -> None:
    if not fields.get("unknown"):
        user = staff("person", password=PASSWORD)
        User.objects.filter(pk=user.pk).update(**{k: v for k, v in fields.items() if k.startswith("is_")})
        if fields.get("unusable"):
            user.set_unusable_password()
            user.save()
    response = enter(client, "person", fields.get("password", PASSWORD))
    assert response.status_code == 200
    words = re.sub(r'value="[^"]*"', "", response.text)
    other = re.sub(r'value="[^"]*"', "", enter(Client(), "niemand").text)
    assert WRONG in words
    assert words == other


def test_password_is_compared_as_typed(client: Client, db: None) -> None:
    password = " Ein langer Satz mit Ä und ß, " + "noch länger, " * 7
    assert len(password) > 100
    staff("redaktion", password=password)
    for wrong in (password.strip(), password.lower(), password[:100], f"{password} "):
        enter(client, "redaktion", wrong)
        assert not inside(client), wrong
        Throttle.objects.all().delete()
    assert enter(client, "redaktion", password)["Location"] == "/admin/"


def test_every_login_and_every_refusal_is_noted_without_the_name(client: Client, person: User) -> None:
    code = code_of(app_of(person))
    enter(client, "technik", "falsch")
    enter(client, "niemand", "falsch")
    enter(client, "technik")
    client.post(CODE, {"code": code})
    client.post("/admin/logout/")
    enter(client, "technik")
    client.post(CODE, {"code": code})
    key = f"accounts.user:{person.pk}"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor", "subject", "detail")) == [
        ("user.login_refused", None, "accounts.user:", "password"),
        ("user.login_refused", None, "accounts.user:", "password"),
        ("user.login", person.pk, key, "second factor"),
        ("user.login_refused", None, key, "code"),
    ]


def test_every_try_costs_one_hash(client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        counted.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    numbers = []
    for name in ("redaktion", "niemand"):
        counted.clear()
        enter(client, name, "falsch")
        numbers.append(len(counted))
    assert numbers == [1, 1]


def test_waiting_time_rises_and_has_an_end() -> None:
    waits = [waiting_time(failures, free=3) for failures in range(12)]
    assert waits[:3] == [timedelta(0)] * 3
    assert waits[3:6] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT == waiting_time(10**6, free=3)


def test_guessing_is_slowed_down_and_the_right_password_waits_too(client: Client, clerk: User, fix_time: Any) -> None:
    fix_time("2026-11-22 10:00:00")
    for _try in range(3):
        assert enter(client, "redaktion", "falsch").status_code == 200
    response = enter(client, "Redaktion ", PASSWORD)
    assert (response.status_code, "Bitte warten Sie 31 Sekunden." in response.text) == (429, True)
    fix_time("2026-11-22 10:00:31")
    assert enter(client, "redaktion").status_code == 302
    assert inside(client)


def test_ten_tries_an_hour_for_an_account(client: Client, clerk: User, fix_time: Any) -> None:
    judged = 0
    for minute in range(60):
        for second in (0, 31):
            fix_time(f"2026-11-22 10:{minute:02d}:{second:02d}")
            judged += enter(Client(REMOTE_ADDR=f"10.0.{minute}.{second}"), "redaktion", "falsch").status_code == 200
    assert judged <= 10


def test_unknown_names_wait_like_known_ones(client: Client, clerk: User) -> None:
    answers = {
        name: [enter(Client(), name, "falsch").status_code for _try in range(5)] for name in ("redaktion", "niemand")
    }
    assert answers["redaktion"] == answers["niemand"] == [200, 200, 200, 429, 429]


def test_one_address_that_tries_many_names_waits(client: Client, db: None) -> None:
    assert [enter(client, f"name{number}", "falsch").status_code for number in range(12)] == [200] * 10 + [429] * 2
    assert enter(Client(REMOTE_ADDR="10.9.9.9"), "name99", "falsch").status_code == 200


def test_an_office_that_logs_in_does_not_wait(client: Client, clerk: User) -> None:
    for _person in range(15):
        assert enter(Client(), "redaktion").status_code == 302


def test_codes_are_slowed_down_too(client: Client, person: User) -> None:
    device = app_of(person)
    enter(client, "technik")
    assert [client.post(CODE, {"code": "000000"}).status_code for _try in range(6)] == [200] * 5 + [429]
    assert client.post(CODE, {"code": code_of(device)}).status_code == 429
    assert not inside(client)


def test_brake_keeps_neither_name_nor_address(client: Client, db: None) -> None:
    enter(Client(REMOTE_ADDR="203.0.113.77"), "erika.muster", "falsch")
    kept = " ".join(str(row) for model in (Throttle, ThrottleKey) for row in model.objects.values_list())
    assert "muster" not in kept
    assert "203.0" not in kept
    assert Throttle.objects.count() == 2


def test_behind_a_proxy_only_its_word_counts(rf: Any, settings: Any) -> None:
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_REAL_IP="203.0.113.77", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert throttle.source_of(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert throttle.source_of(request) == "203.0.113.77"
    assert throttle.source_of(rf.get("/", REMOTE_ADDR="127.0.0.1")) == ""


def test_login_needs_a_csrf_token(clerk: User) -> None:
    assert enter(Client(enforce_csrf_checks=True), "redaktion").status_code == 403


def test_login_changes_the_key_of_the_session(client: Client, person: User) -> None:
    client.get("/admin/zugang/?t=irgendwas")
    keys = [client.session.session_key]
    device = app_of(person)
    enter(client, "technik")
    keys.append(client.session.session_key)
    client.post(CODE, {"code": code_of(device)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert list(Session.objects.values_list("pk", flat=True)) == [keys[-1]]
    assert StaffSession.objects.get().session_id == keys[-1]
