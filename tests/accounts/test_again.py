"""Who is in shows password and code once more before what could lock the owner out."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, CodeApp, StaffSession, User
from tests.accounts.test_login import SET_UP, enter, inside
from tests.factories.accounts import PASSWORD, app_of, code_of, log_in, staff

ACCOUNT, AGAIN = "/admin/konto/", "/admin/konto/noch-einmal/"
CODES, OFF, EVERYWHERE = f"{ACCOUNT}notfallcodes/", f"{ACCOUNT}zweiter-faktor/aus/", f"{ACCOUNT}anmeldungen/beenden/"
START, LATER = "2026-11-22 10:00", "2026-11-22 10:06"


@pytest.fixture
def late(client: Client, person: User, fix_time: Any) -> Client:
    """Somebody with an app whose login is six minutes old."""
    fix_time(START)
    log_in(client, person)
    assert inside(client)
    fix_time(LATER)
    return client


def asked(response: Any, back_to: str = ACCOUNT) -> bool:
    return bool(response.status_code == 302 and response["Location"] == f"{AGAIN}?next={back_to.replace('/', '%2F')}")


def test_buttons_of_the_own_account_ask_again(late: Client, person: User) -> None:
    other = StaffSession.objects.get()
    log_in(Client(), person).get(ACCOUNT)
    other = StaffSession.objects.exclude(pk=other.pk).get()
    for address in (CODES, EVERYWHERE, f"{ACCOUNT}anmeldungen/{other.pk}/beenden/"):
        assert asked(late.post(address)), address
    assert asked(late.get(SET_UP), SET_UP)
    assert StaffSession.objects.count() == 2
    assert not AuditEntry.objects.filter(action="user.recovery_codes").exists()


def test_switching_off_asks_again(client: Client, clerk: User, fix_time: Any) -> None:
    fix_time(START)
    log_in(client, clerk)
    assert inside(client)
    fix_time(LATER)
    assert asked(client.post(OFF))
    assert CodeApp.objects.filter(user=clerk, confirmed=True).exists()


def test_password_and_code_together_open_for_five_minutes(late: Client, person: User, fix_time: Any) -> None:
    page = late.get(AGAIN, {"next": SET_UP}).text
    assert 'autocomplete="current-password"' in page and 'autocomplete="one-time-code"' in page
    assert 'aria-describedby="id_code_helptext"' in page and page.count('id="id_code_helptext"') == 1
    code = code_of(app_of(person))
    for wrong in (
        {"password": "falsch", "code": code},
        {"password": PASSWORD, "code": "000000"},
        {"password": PASSWORD},
    ):
        assert late.post(AGAIN, {"next": SET_UP, **wrong}).status_code == 200
        assert asked(late.get(SET_UP), SET_UP)
    done = late.post(AGAIN, {"next": SET_UP, "password": PASSWORD, "code": code})
    assert done["Location"] == SET_UP and late.get(SET_UP).status_code == 200
    assert AuditEntry.objects.filter(action="user.shown_again", actor=person.pk).count() == 1
    fix_time("2026-11-22 10:10")
    assert late.post(CODES).status_code == 200
    fix_time("2026-11-22 10:12")
    assert asked(late.post(CODES))


def test_account_without_an_app_shows_its_password(client: Client, clerk: User, fix_time: Any) -> None:
    fix_time(START)
    enter(client, "redaktion")
    fix_time(LATER)
    assert 'name="code"' not in client.get(AGAIN).text
    assert asked(client.get(SET_UP), SET_UP)
    done = client.post(AGAIN, {"next": "https://boese.example/", "password": PASSWORD})
    assert done["Location"] == "/admin/"
    assert client.get(SET_UP).status_code == 200


def test_own_login_ends_without_asking(late: Client) -> None:
    late.post(f"{ACCOUNT}anmeldungen/{StaffSession.objects.get().pk}/beenden/")
    assert not inside(late)


def test_guessing_is_slowed_down(late: Client) -> None:
    statuses = [late.post(AGAIN, {"password": "falsch", "code": "000000"}).status_code for _try in range(6)]
    assert statuses[0] == 200 and statuses[-1] == 429


def test_address_of_an_account_changes_only_after_asking(client: Client, clerk: User, fix_time: Any) -> None:
    fix_time(START)
    boss = staff("technik", is_superuser=True)
    page = f"/admin/accounts/user/{clerk.pk}/change/"
    assert log_in(client, boss).get(page).status_code == 200
    fix_time(LATER)
    assert asked(client.get(page), page)
    fix_time("2026-11-22 10:16")
    assert asked(client.post(page, {"email": "neu@example.org"}), page)
    assert User.objects.get(pk=clerk.pk).email == "redaktion@example.org"


def test_password_of_somebody_else_changes_only_after_asking(client: Client, clerk: User, fix_time: Any) -> None:
    fix_time(START)
    boss = staff("technik", is_superuser=True)
    page = f"/admin/accounts/user/{clerk.pk}/password/"
    assert log_in(client, boss).get(page).status_code == 200
    new = {"password1": "ein-ganz-neues-Wort-7", "password2": "ein-ganz-neues-Wort-7", "usable_password": "true"}
    fix_time("2026-11-22 10:16")
    assert asked(client.post(page, new), page)
    assert User.objects.get(pk=clerk.pk).check_password(PASSWORD)
    fix_time("2026-11-22 10:14")
    assert client.post(page, {**new, "set-password": "x"}).status_code == 302
    assert not User.objects.get(pk=clerk.pk).check_password(PASSWORD)
