"""A copy is whole, private and can be read back; old ones go, the newest never."""

import os
import shutil
import sqlite3
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from directory.models import GlossaryTerm
from ruemsa_portal import backups
from ruemsa_portal.backups import KEPT, remove_old


def text_in(path: Path) -> str:
    """Everything the copy holds about words, read by the database's own tools."""
    if path.suffix == ".sqlite3":
        with sqlite3.connect(path) as copy:
            return str(copy.execute("SELECT term FROM directory_glossaryterm").fetchall())
    program = shutil.which("pg_restore")
    assert program, "pg_restore fehlt"
    command = [program, "--data-only", "--table=directory_glossaryterm", "--file=-", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_copy_can_be_read_back(transactional_db: None, tmp_path: Path, capsys: Any) -> None:
    GlossaryTerm.objects.create(slug="probe", term="Probewort", explanation="Nur zur Probe.")
    call_command("backup", str(tmp_path))
    (path,) = tmp_path.iterdir()
    assert str(path) in capsys.readouterr().out
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Probewort" in text_in(path)


def test_without_a_folder_nothing_is_copied(db: None, settings: Any) -> None:
    with pytest.raises(CommandError, match="BACKUP_DIR"):
        call_command("backup")


def test_failed_copy_leaves_nothing_behind(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        path.write_text("halb")
        raise OSError("No space left on device")

    monkeypatch.setattr(backups, "_copy_sqlite" if connection.vendor == "sqlite" else "_dump_postgresql", broken)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_old_copies_go_but_never_the_newest(tmp_path: Path) -> None:
    now = timezone.now()
    names = ["portal-20260101-023000.dump", "portal-20260201-023000.dump", "portal-20260301-023000.dump", "anderes.txt"]
    for name in names:
        (tmp_path / name).touch()
        stamp = (now - KEPT - timedelta(days=1)).timestamp()
        os.utime(tmp_path / name, (stamp, stamp))
    assert [path.name for path in remove_old(tmp_path, at=now)] == names[:2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["anderes.txt", names[2]]
