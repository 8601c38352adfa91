"""The demo command: everything set up, logins with fresh passwords, never in production."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.keys import key_ring
from accounts.models import CodeApp
from counseling.models import SlotRule
from directory.models import Membership, Municipality
from offers.models import Offer
from ruemsa_portal.management.commands.demo import make_key_file
from tests.factories.accounts import app_of


def demo(**options: object) -> str:
    out = io.StringIO()
    call_command("demo", no_server=True, stdout=out, **options)
    return out.getvalue()


def logins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^Zugang: +(\S+)  Passwort: (\S+)$", text, re.MULTILINE))


@pytest.mark.django_db
def test_demo_loads_the_region_and_prints_address_and_logins() -> None:
    text = demo(port=8123)
    assert Municipality.objects.exists()
    assert Offer.objects.exists()
    assert "Portal:      http://127.0.0.1:8123/\n" in text
    assert "Verwaltung:  http://127.0.0.1:8123/admin/\n" in text
    passwords = logins(text)
    assert list(passwords) == ["technik", "koordination", "redaktion", "leitung", "beratung", "erstberatung"]
    for name, password in passwords.items():
        user = authenticate(username=name, password=password)
        assert (user.username, user.is_staff) == (name, True)


def test_demo_gives_appointments_once(region: None, client: Client) -> None:
    for _time in "12":
        demo()
    page = client.get("/beratung/termin/", {"stelle": settings.REGION["youth_office_point"]})
    assert page.text.count('name="zeit"') > 4 and SlotRule.objects.count() == 2


def test_logins_have_one_role_each_at_an_agency_that_can_give_it(region: None) -> None:
    demo()
    users = get_user_model().objects
    assert [user.username for user in users.filter(is_superuser=True)] == ["technik"]
    members = {item.user.username: item for item in Membership.objects.select_related("user", "agency")}
    assert {name: item.role for name, item in members.items()} == {
        "koordination": "coordinator", "redaktion": "editor", "leitung": "lead", "beratung": "counselor",
        "erstberatung": "counselor",
    }  # fmt: skip
    for membership in members.values():
        membership.full_clean()


def test_second_factor_of_the_demo_is_set_up_at_the_first_login(region: None, client: Client) -> None:
    passwords = logins(demo())
    for name, step in (
        ("technik", "/admin/konto/zweiter-faktor/"), ("leitung", "/admin/konto/zweiter-faktor/"),
        ("beratung", "/admin/konto/zweiter-faktor/"),
        ("koordination", "/admin/"), ("redaktion", "/admin/"),
    ):  # fmt: skip
        answer = client.post("/admin/login/", {"username": name, "password": passwords[name]})
        assert answer["Location"] == step, name
        client.post("/admin/logout/")
    app_of(get_user_model().objects.get(username="technik"))
    demo()
    assert not CodeApp.objects.exists()


def test_second_run_gives_new_passwords_and_keeps_the_data(region: None) -> None:
    first = logins(demo())
    get_user_model().objects.filter(username="redaktion").update(is_superuser=True, is_active=False)
    text = demo()
    second = logins(text)
    assert re.search(r"Fertig: 0 neu, 0 geändert, \d+ gleich", text)
    assert set(first.values()) & set(second.values()) == set()
    assert authenticate(username="redaktion", password=first["redaktion"]) is None
    assert authenticate(username="redaktion", password=second["redaktion"]).is_superuser is False
    assert get_user_model().objects.count() == 6


@pytest.mark.django_db
def test_demo_is_refused_in_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match=r"^Die Vorführung setzt Passwörter zurück\. Im Betrieb .* gesperrt\.$"):
        demo()
    assert not get_user_model().objects.exists()
    assert not Municipality.objects.exists()


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_impossible_port_is_refused(port: int) -> None:
    with pytest.raises(CommandError, match="--port muss zwischen 1 und 65535 liegen"):
        demo(port=port)


def test_demo_from_the_command_line_shows_the_own_error_pages(tmp_path: Path) -> None:
    """Settings are read before the command runs, so only a process of its own tells."""
    (tmp_path / "manage.py").write_text((settings.BASE_DIR / "manage.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "probe.py").write_text("import os\nINSTALLED_APPS = []\nprint('DEBUG', os.environ.get('DEBUG'))\n")
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "probe"}
    for command, expected in (("demo", "DEBUG 0"), ("check", "DEBUG None")):
        answer = subprocess.run(
            [sys.executable, "manage.py", command], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert expected in answer.stdout


def test_demo_makes_a_key_once(tmp_path: Path, settings) -> None:
    settings.ENQUIRY_KEYS, settings.ENQUIRY_KEY_FILE = "", str(tmp_path / "var" / "enquiry.keys")
    make_key_file()
    first = (tmp_path / "var" / "enquiry.keys").read_text()
    make_key_file()
    assert key_ring().current == "demo" and (tmp_path / "var" / "enquiry.keys").read_text() == first
    assert (tmp_path / "var" / "enquiry.keys").stat().st_mode & 0o077 == 0
