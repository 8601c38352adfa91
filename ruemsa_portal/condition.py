"""In what condition an installation is: one line a thing, and what to do about it. Nothing here changes anything."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.utils import timezone

from accounts.keys import KeyMissingError
from accounts.models import JobRun, OutboxMessage
from accounts.second_factor import num_closed
from counseling.actions.lookup import ALARM_AT, WRONG_CODES
from counseling.limits import tallied
from counseling.sealing import unusable_keys
from directory.models import ContentVersion, SearchEntry
from ruemsa_portal.backups import newest_copy

LEAST_FREE = 0.10
# How long after its last good end a job counts as stopped.
LONGEST_SILENCE = {
    "purge": timedelta(hours=26),
    "remind_owners": timedelta(hours=26),
    "check_links": timedelta(hours=50),
    "release_changes": timedelta(hours=1),
    "send_outbox": timedelta(minutes=30),
    "backup": timedelta(hours=26),
}
LONGEST_WAIT = timedelta(hours=7)


class Grade(StrEnum):
    """Fine; should be looked at; nobody may be sent here until it is mended."""

    OK = "ok"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: how it is called, how it is, what was seen, what helps."""

    name: str
    grade: Grade
    text: str
    help: str = ""


Look = Callable[[datetime], Iterator[Line]]


def condition(*, at: datetime) -> list[Line]:
    """Return all lines. What cannot even be looked at without a database ends the list."""
    lines = [*database(at)]
    if any(line.grade is Grade.BAD for line in lines):
        return [*lines, *disk(at), *files(at)]
    for look in (disk, files, keys, jobs, copies, outbox, shared_cache, content, guessing, second_factors):
        lines += look(at)
    return lines


def bad_for_visitors(*, at: datetime) -> list[Line]:
    """Return what must be mended before visitors are sent here: database, disk, and jobs that stopped."""
    lines = [*database(at), *disk(at)]
    if all(line.grade is not Grade.BAD for line in lines):
        lines += [*jobs(at), *outbox(at)]
    return [line for line in lines if line.grade is Grade.BAD]


def database(at: datetime) -> Iterator[Line]:
    """Whether it answers, takes a write (undone at once), and has every migration."""
    try:
        missing = known_migrations() - set(MigrationRecorder(connection).applied_migrations())
        with transaction.atomic():
            ContentVersion.objects.filter(pk=1).update(number=F("number"))
            transaction.set_rollback(True)
    except Error as error:
        yield Line("database", Grade.BAD, f"antwortet nicht: {type(error).__name__}", "Läuft der Datenbankserver?")
        return
    if missing:
        yield Line("database", Grade.BAD, f"{len(missing)} Migrationen fehlen", "manage.py migrate")
    else:
        yield Line("database", Grade.OK, f"{connection.display_name}, nimmt Schreiben an, alle Migrationen da")


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return (app, name) of every migration on disk; the files do not change while a process runs."""
    return frozenset(MigrationLoader(None).disk_migrations or {})


def disk(at: datetime) -> Iterator[Line]:
    """Whether a tenth of the disk is free where the database lies, or this code."""
    name = settings.DATABASES["default"]["NAME"]
    folder = Path(name).parent if connection.vendor == "sqlite" and Path(name).is_absolute() else settings.BASE_DIR
    usage = shutil.disk_usage(folder if Path(folder).is_dir() else settings.BASE_DIR)
    share = usage.free / usage.total
    text = f"{share:.0%} frei"
    if share < LEAST_FREE:
        yield Line("disk", Grade.BAD, text, "Platz schaffen: docs/operations/disk-full.md")
    else:
        yield Line("disk", Grade.OK, text)


def files(at: datetime) -> Iterator[Line]:
    """Whether the static files were collected for this version."""
    try:
        staticfiles_storage.url("css/base.css")
    except ValueError:
        yield Line("static files", Grade.BAD, "nicht gesammelt", "manage.py collectstatic --no-input")
        return
    yield Line("static files", Grade.OK, "gesammelt")


def keys(at: datetime) -> Iterator[Line]:
    """Whether the keys for enquiries open those of the agencies, and nobody else on the machine reads their file."""
    wrong = unusable_keys()
    if wrong:
        yield Line("keys", Grade.BAD, f"{wrong.total()} öffnen sich nicht", "docs/operations/keys.md")
        return
    file = Path(settings.ENQUIRY_KEY_FILE)
    if file.is_file() and file.stat().st_mode & 0o077:
        yield Line("keys", Grade.LOOK, "andere Konten dürfen die Datei lesen", f"chmod 400 {file}")
        return
    yield Line("keys", Grade.OK, "öffnen sich")


def copies(at: datetime) -> Iterator[Line]:
    """Whether the newest copy of the database is there and young; that the job ran says nothing about the file."""
    if not settings.BACKUP_DIR:
        yield Line("copies", Grade.LOOK, "keine", "BACKUP_DIR setzen: docs/operations/backup.md")
        return
    newest = newest_copy(Path(settings.BACKUP_DIR))
    age = at - datetime.fromtimestamp(newest.stat().st_mtime, tz=at.tzinfo) if newest else None
    if newest is None or age is None or age > LONGEST_SILENCE["backup"]:
        text = "keine" if newest is None else f"die neueste heißt {newest.name}"
        yield Line("copies", Grade.LOOK, text, "manage.py backup; läuft portal-jobs?")
    else:
        yield Line("copies", Grade.OK, newest.name)


def jobs(at: datetime) -> Iterator[Line]:
    """Whether each job that ever ran still does."""
    rows = {row.name: row for row in JobRun.objects.all()}
    if "purge" not in rows:
        help_text = "manage.py run_jobs --loop als Dienst einrichten: docs/deploy/portal-jobs.service"
        yield Line("jobs", Grade.LOOK, "noch nie gelaufen", help_text)
    for name, silence in LONGEST_SILENCE.items():
        row = rows.get(name)
        if row is None:
            continue
        last = row.done_at or row.began_at
        # Links need the network of others; nobody is turned away for that.
        grade = Grade.LOOK if name == "check_links" else Grade.BAD
        text = f"zuletzt {timezone.localtime(last):%d.%m. %H:%M}"
        if at - last > silence:
            yield Line(f"job {name}", grade, text, "Läuft der Dienst? Was sagt sein Protokoll?")
        else:
            yield Line(f"job {name}", Grade.OK, text)


def outbox(at: datetime) -> Iterator[Line]:
    """Whether mails leave."""
    waiting = OutboxMessage.objects.filter(
        state__in=["waiting", "sending"], first_due_at__lte=at - LONGEST_WAIT
    ).count()
    lost = OutboxMessage.objects.filter(state__in=["failed", "doubtful"]).count()
    if waiting:
        yield Line("mail", Grade.LOOK, f"{waiting} warten länger als 7 Stunden", "docs/operations/mail-down.md")
    elif lost:
        yield Line("mail", Grade.LOOK, f"{lost} kamen nicht an oder vielleicht nicht", "docs/operations/mail-down.md")
    else:
        yield Line("mail", Grade.OK, "nichts liegt liegen")


def shared_cache(at: datetime) -> Iterator[Line]:
    """Whether the shared cache answers. Without it pages are slower, nothing else."""
    if "pages" not in settings.CACHES:
        yield Line("cache", Grade.OK, "in jedem Prozess" if settings.PAGE_CACHE else "aus")
        return
    try:
        caches["pages"].set("doctor", 1, timeout=5)
        works = caches["pages"].get("doctor") == 1
    except Exception as error:  # whatever the library raises; it must not end the look
        yield Line("cache", Grade.LOOK, type(error).__name__, "Läuft Redis? Stimmt CACHE_URL?")
        return
    yield Line("cache", Grade.OK if works else Grade.LOOK, "Redis", "" if works else "Läuft Redis? Stimmt CACHE_URL?")


def content(at: datetime) -> Iterator[Line]:
    """Whether there is anything to show, and the search can find it."""
    if SearchEntry.objects.exists():
        yield Line("search", Grade.OK, f"{SearchEntry.objects.count()} Einträge")
    else:
        yield Line("search", Grade.LOOK, "leer", "manage.py load_region regions/…, dann rebuild_search")


def guessing(at: datetime) -> Iterator[Line]:
    """Whether somebody guesses codes of enquiries."""
    wrong = tallied(WRONG_CODES, at=at)
    if wrong >= ALARM_AT:
        yield Line("codes", Grade.LOOK, f"{wrong} falsche Codes in einer Stunde", "docs/operations/guessing.md")
    else:
        yield Line("codes", Grade.OK, "niemand rät")


def second_factors(at: datetime) -> Iterator[Line]:
    """Whether the apps of the staff can be used: their secrets open only with the master key."""
    try:
        number = num_closed()
    except KeyMissingError as error:
        yield Line("second factors", Grade.LOOK, str(error), "docs/operations/keys.md")
        return
    if number:
        text = f"{number} Apps öffnen sich mit keinem Schlüssel"
        yield Line("second factors", Grade.LOOK, text, "docs/operations/keys.md")
    else:
        yield Line("second factors", Grade.OK, "öffnen sich")
