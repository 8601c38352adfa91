"""The doctor says what is wrong and what helps; visitors are turned away only for what concerns them."""

import os
import re
from collections import Counter, namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from accounts.models import JobRun, OutboxMessage
from directory.actions import raise_content_version
from directory.models import ContentVersion
from ruemsa_portal import condition as looks
from ruemsa_portal.condition import LONGEST_SILENCE, Grade, condition
from tests.factories.accounts import log_in, staff

Usage = namedtuple("Usage", "total used free")


def grades() -> dict[str, Grade]:
    return {line.name: line.grade for line in condition(at=timezone.now())}


def test_healthy_installation(region: None, settings: Any, tmp_path: Path) -> None:
    now = timezone.now()
    settings.BACKUP_DIR = str(tmp_path)
    settings.ENQUIRY_KEY_FILE = str(tmp_path / "keys")
    (tmp_path / "portal-20261130-023000.dump").touch()
    for name in LONGEST_SILENCE:
        JobRun.objects.create(name=name, began_at=now, done_at=now)
    assert {name for name, grade in grades().items() if grade is not Grade.OK} == set()


def test_fresh_installation_gets_visitors_and_a_hint(db: None, client: Client) -> None:
    found = grades()
    assert (found["jobs"], found["search"]) == (Grade.LOOK, Grade.LOOK)
    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("name", sorted(LONGEST_SILENCE))
def test_job_that_stopped(name: str, db: None, client: Client) -> None:
    now = timezone.now()
    row = JobRun.objects.create(name=name, began_at=now, done_at=now - LONGEST_SILENCE[name] + timedelta(minutes=1))
    assert grades()[f"job {name}"] is Grade.OK
    row.done_at = now - LONGEST_SILENCE[name] - timedelta(minutes=1)
    row.save()
    needs_others = name == "check_links"
    assert grades()[f"job {name}"] is (Grade.LOOK if needs_others else Grade.BAD)
    assert client.get("/health/ready").status_code == (200 if needs_others else 503)


def test_full_disk(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks.shutil, "disk_usage", lambda path: Usage(1000, 900, 100))
    assert grades()["disk"] is Grade.OK
    monkeypatch.setattr(looks.shutil, "disk_usage", lambda path: Usage(1000, 901, 99))
    assert grades()["disk"] is Grade.BAD
    assert client.get("/health/ready").status_code == 503


def test_mail_that_waits(db: None) -> None:
    now = timezone.now()
    row = OutboxMessage.objects.create(
        kind="x", created_at=now, first_due_at=now - timedelta(hours=6), due_at=now + timedelta(hours=1)
    )
    assert grades()["mail"] is Grade.OK
    row.first_due_at = now - timedelta(hours=8)
    row.save()
    assert grades()["mail"] is Grade.LOOK


def test_copy_that_is_missing_or_old(db: None, settings: Any, tmp_path: Path) -> None:
    assert grades()["copies"] is Grade.LOOK
    settings.BACKUP_DIR = str(tmp_path)
    assert grades()["copies"] is Grade.LOOK
    path = tmp_path / "portal-20261130-023000.sqlite3"
    path.touch()
    assert grades()["copies"] is Grade.OK
    stamp = (timezone.now() - timedelta(hours=27)).timestamp()
    os.utime(path, (stamp, stamp))
    assert grades()["copies"] is Grade.LOOK


def test_keys_that_do_not_fit_or_that_others_read(
    db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "keys"
    file.touch(mode=0o644)
    settings.ENQUIRY_KEY_FILE = str(file)
    assert grades()["keys"] is Grade.LOOK
    file.chmod(0o400)
    assert grades()["keys"] is Grade.OK
    monkeypatch.setattr(looks, "unusable_keys", lambda: Counter({"fehlt": 2}))
    assert grades()["keys"] is Grade.BAD


def test_shared_cache_that_is_away(db: None, settings: Any) -> None:
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "pages": away}
    assert grades()["cache"] is Grade.LOOK


def test_every_line_that_is_not_fine_says_what_to_do(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what it names is there: pages of the documentation, and commands."""
    monkeypatch.setattr(looks.shutil, "disk_usage", lambda path: Usage(1000, 999, 1))
    helps = [line.help for line in condition(at=timezone.now()) if line.grade is not Grade.OK]
    assert "" not in helps
    text = Path(looks.__file__).read_text(encoding="utf-8")
    pages = set(re.findall(r"docs/[a-z/-]+\.(?:md|service)", text))
    assert pages and [page for page in pages if not (settings.BASE_DIR / page).is_file()] == []
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())


def test_technician_sees_the_lines_in_the_back_office(db: None, client: Client) -> None:
    log_in(client, staff("technik", is_superuser=True))
    page = client.get("/admin/zustand/").content.decode()
    assert "manage.py run_jobs --loop als Dienst einrichten" in page
    assert page.index("bitte ansehen") < page.index("in Ordnung")
    assert "Zustand der Installation" in client.get("/admin/").content.decode()


def test_looking_changes_nothing(db: None) -> None:
    raise_content_version()
    before = ContentVersion.objects.values().get()
    condition(at=timezone.now())
    assert ContentVersion.objects.values().get() == before


def test_command_names_what_helps_and_fails(db: None, capsys: Any) -> None:
    MigrationRecorder.Migration.objects.filter(app="directory", name="0001_initial").delete()
    with pytest.raises(CommandError, match="1 Punkte"):
        call_command("doctor")
    assert "→ manage.py migrate" in capsys.readouterr().out
