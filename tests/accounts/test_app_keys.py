"""The secret of a code app opens with the master key, in its own row, and in no other way."""

import importlib
from base64 import b32encode
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import app_keys, second_factor
from accounts.keys import KeyMissingError, new_entry
from accounts.models import CodeApp, User
from ruemsa_portal.condition import Grade, second_factors
from tests.factories.accounts import PASSWORD, app_of, code_of, staff

LOGIN, CODE, SET_UP = "/admin/login/", "/admin/login/code/", "/admin/konto/zweiter-faktor/"
migration = importlib.import_module("accounts.migrations.0006_code_apps_sealed")


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM otp_totp_totpdevice ORDER BY id")
        return repr(cursor.fetchall())


def grade() -> Grade:
    (line,) = second_factors(timezone.now())
    return line.grade


def test_table_holds_the_secret_in_no_spelling(client: Client, person: User) -> None:
    client.post(LOGIN, {"username": "technik", "password": PASSWORD})
    client.get(SET_UP)
    secret = CodeApp.objects.get().bin_key
    assert len(secret) == 20
    for spelling in (secret.hex(), b32encode(secret).decode(), repr(secret)[2:-1]):
        assert spelling.lower() not in stored().lower()
    client.post(SET_UP, {"code": code_of(CodeApp.objects.get())})
    assert secret.hex() not in stored() and CodeApp.objects.get().bin_key == secret


def test_secret_opens_for_its_own_account_only(person: User, clerk: User) -> None:
    mine, other = app_of(person), app_of(clerk)
    assert mine.bin_key != other.bin_key
    CodeApp.objects.filter(pk=mine.pk).update(key=other.key)
    assert not second_factor.opens(CodeApp.objects.get(pk=mine.pk))
    assert (second_factor.num_closed(), grade()) == (1, Grade.LOOK)


@pytest.mark.parametrize("key", ["a" * 40, "", "1:", "1:AAAA", "1:" + "A" * 64])
def test_what_was_not_sealed_by_us_proves_nothing(person: User, key: str) -> None:
    device = app_of(person)
    CodeApp.objects.filter(pk=device.pk).update(key=key)
    with pytest.raises(second_factor.SecretsClosedError):
        second_factor.verify(user=person, code="123456")


def test_apps_of_before_are_sealed_and_go_on(person: User) -> None:
    old = TOTPDevice.objects.create(user=person, name="App")
    assert old.key in stored()
    migration.seal(apps, None)
    device = CodeApp.objects.get()
    assert old.key not in stored() and device.bin_key == old.bin_key
    assert second_factor.verify(user=person, code=code_of(device)) == device
    migration.seal(apps, None)
    migration.unseal(apps, None)
    assert TOTPDevice.objects.get().bin_key == old.bin_key


def test_migration_without_apps_needs_no_key_and_with_apps_fails_whole(person: User, settings: Any) -> None:
    settings.ENQUIRY_KEYS, settings.ENQUIRY_KEY_FILE = "", "/nirgends"
    migration.seal(apps, None)
    old = TOTPDevice.objects.create(user=person, name="App")
    with pytest.raises(KeyMissingError):
        migration.seal(apps, None)
    assert TOTPDevice.objects.get().key == old.key


def test_new_master_key_seals_anew_and_the_old_one_may_go(
    person: User, clerk: User, settings: Any, capsys: Any
) -> None:
    secrets = [app_of(user).bin_key for user in (person, clerk)]
    old, before = settings.ENQUIRY_KEYS, stored()
    settings.ENQUIRY_KEYS = f"{new_entry('neu')} {old}"
    call_command("rotate_keys")
    call_command("rotate_keys")
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Zweite Faktoren")]
    assert lines == ["Zweite Faktoren neu verschlüsselt: 2", "Zweite Faktoren neu verschlüsselt: 0"]
    settings.ENQUIRY_KEYS = settings.ENQUIRY_KEYS.split()[0]
    assert [device.bin_key for device in CodeApp.objects.order_by("pk")] == secrets and stored() != before
    # With the old one alone nothing opens, nothing is changed, and the command says what to do.
    settings.ENQUIRY_KEYS, now = old, stored()
    with pytest.raises(CommandError, match=r"docs/operations/keys\.md"):
        call_command("rotate_keys")
    assert stored() == now


@pytest.mark.parametrize("has_other", [True, False])
def test_without_the_key_a_recovery_code_still_opens(
    client: Client, person: User, settings: Any, has_other: bool
) -> None:
    code = code_of(app_of(person))
    (recovery, *_rest) = second_factor.new_recovery_codes(user=person)
    assert grade() is Grade.OK
    settings.ENQUIRY_KEYS, settings.ENQUIRY_KEY_FILE = new_entry("test") if has_other else "", "/nirgends"
    assert grade() is Grade.LOOK
    client.post(LOGIN, {"username": "technik", "password": PASSWORD})
    refused = client.post(CODE, {"code": code})
    assert (refused.status_code, "Ein Notfallcode geht trotzdem." in refused.text) == (503, True)
    assert client.post(CODE, {"code": recovery})["Location"] == "/admin/"
    # A new app can be made with a new key, not without any.
    assert client.get(SET_UP).status_code == (200 if has_other else 503)
    assert client.get(f"{SET_UP}qr.svg").status_code == (200 if has_other else 404)


def test_app_that_waits_under_a_lost_key_is_made_anew(db: None, settings: Any) -> None:
    user = staff("neu", is_superuser=True)
    first = second_factor.open_device(user)
    settings.ENQUIRY_KEYS = new_entry("anders")
    second = second_factor.open_device(user)
    assert (second.pk != first.pk, CodeApp.objects.count()) == (True, 1)
    assert app_keys.is_current(second.key, account=user.pk)
