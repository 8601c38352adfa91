"""What was copied comes back whole, on both databases; a copy that is not whole changes nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from directory.models import ContentVersion, GlossaryTerm
from ruemsa_portal import restoring
from ruemsa_portal.backups import back_up

ENDING = {"sqlite": ".sqlite3", "postgresql": ".dump"}


def term(word: str) -> None:
    GlossaryTerm.objects.create(slug=word.lower(), term=word, explanation="Nur zur Probe.")


def words() -> list[str]:
    return sorted(GlossaryTerm.objects.values_list("term", flat=True))


@pytest.fixture
def copy(transactional_db: None, tmp_path: Path, settings: Any) -> Path:
    """A copy that knows one word; the database has gone on since."""
    settings.BACKUP_DIR = str(tmp_path / "kept")
    term("Damals")
    path = back_up(tmp_path, at=timezone.now())
    term("Heute")
    Session.objects.create(session_key="offen", session_data="", expire_date=timezone.now() + timedelta(days=1))
    return path


def test_copy_comes_back_and_the_present_is_kept(copy: Path, tmp_path: Path, capsys: Any) -> None:
    before = ContentVersion.objects.values_list("stamp").first()
    call_command("restore", str(copy), yes=True)
    assert words() == ["Damals"]
    assert Session.objects.count() == 0
    assert ContentVersion.objects.values_list("stamp").first() != before
    assert "Jetzt die Dienste starten" in capsys.readouterr().out
    # And what was there a moment ago comes back the same way, also into a database that lost a table.
    (present,) = (tmp_path / "kept").iterdir()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE directory_glossaryterm")
    call_command("restore", str(present), yes=True, no_copy=True)
    assert words() == ["Damals", "Heute"]


def test_without_a_yes_nothing_happens(copy: Path) -> None:
    with pytest.raises(CommandError, match="--yes"):
        call_command("restore", str(copy))
    assert words() == ["Damals", "Heute"]


@pytest.mark.parametrize("left", [0.5, 0.999])
def test_broken_copy_is_refused(left: float, copy: Path) -> None:
    """The second lacks its last table only: what was put in before that is taken out again."""
    with copy.open("r+b") as file:
        file.truncate(int(copy.stat().st_size * left))
    with pytest.raises(CommandError):
        call_command("restore", str(copy), yes=True, no_copy=True)
    assert words() == ["Damals", "Heute"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("portal-x.zip", "Endung"), ("portal-x{ending}", "keine Kopie"), ("fehlt{ending}", "gibt es nicht")],
)
def test_something_else_is_refused(name: str, said: str, db: None, tmp_path: Path) -> None:
    path = tmp_path / name.format(ending=ENDING[connection.vendor])
    if not path.name.startswith("fehlt"):
        path.write_bytes(b"PK\x03\x04 etwas anderes")
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(path), yes=True)


def test_copy_of_a_newer_version_is_refused(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = frozenset(pair for pair in restoring.known_migrations() if pair != ("offers", "0003_searchgap"))
    monkeypatch.setattr(restoring, "known_migrations", lambda: older)
    with pytest.raises(CommandError, match=r"offers\.0003_searchgap"):
        call_command("restore", str(copy), yes=True)
    assert words() == ["Damals", "Heute"]
