"""The audit log: written with the deed, never changed, deleted by age alone."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry, User
from directory.models import Role
from ruemsa_portal.retention import RULES, purge
from tests.factories.accounts import agency_for, staff

ROOT = Path(__file__).resolve().parent.parent.parent


def entry(at: datetime, *, actor: User | None = None) -> AuditEntry:
    audit.record(actor=actor, action="offer.release", subject="offers.offer:17", at=at, agency=3, detail="title")
    return AuditEntry.objects.latest("pk")


def test_entry_says_who_as_what_did_what_where(db: None) -> None:
    at = timezone.now()
    lead = staff("leitung", role=Role.LEAD)
    found = entry(at, actor=lead)
    assert (found.at, found.actor, found.role, found.actor_agency) == (at, lead.pk, "lead", agency_for("lead").pk)
    assert (found.action, found.subject, found.agency, found.detail) == ("offer.release", "offers.offer:17", 3, "title")


def test_technicians_and_programs_have_no_agency(db: None) -> None:
    at = timezone.now()
    found = [entry(at, actor=staff("technik", is_superuser=True)), entry(at)]
    assert [(row.actor is None, row.role, row.actor_agency) for row in found] == [
        (False, "technician", None),
        (True, "", None),
    ]


@pytest.mark.parametrize(("action", "subject"), [("Peter wurde Leiter", "a.b:1"), ("offer.release", "Peter Müller")])
def test_free_text_is_no_action_and_no_subject(db: None, action: str, subject: str) -> None:
    with pytest.raises(ValueError, match="not an action"):
        audit.record(actor=None, action=action, subject=subject, at=timezone.now())
    assert not AuditEntry.objects.exists()


def test_entry_goes_with_the_deed(db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        entry(timezone.now())
        raise RuntimeError("the deed failed")
    assert not AuditEntry.objects.exists()


def refused(statement: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError:
        return True
    return False


def test_database_refuses_every_change_and_early_deletion(db: None) -> None:
    now = timezone.now()
    young, old = entry(now - timedelta(days=360)).pk, entry(now - timedelta(days=370)).pk
    assert refused("UPDATE accounts_auditentry SET detail = ''")
    assert refused("UPDATE accounts_auditentry SET at = '2001-01-01 00:00:00+00' WHERE id = %s", old)
    assert refused("DELETE FROM accounts_auditentry")
    assert refused("DELETE FROM accounts_auditentry WHERE id = %s", young)
    if connection.vendor == "sqlite":
        assert refused(
            "INSERT OR REPLACE INTO accounts_auditentry (id, at, role, action, subject, detail)"
            " VALUES (%s, '2001', '', '', '', '')",
            young,
        )
    else:
        assert refused("TRUNCATE accounts_auditentry")
    assert not refused("DELETE FROM accounts_auditentry WHERE id = %s", old)
    assert [row.pk for row in AuditEntry.objects.all()] == [young]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tests_that_commit_start_empty_and_guarded(turn: int) -> None:
    assert not AuditEntry.objects.exists()
    entry(timezone.now())
    assert refused("DELETE FROM accounts_auditentry")


def test_models_own_ways_are_refused_too(db: None) -> None:
    found = entry(timezone.now())
    for change in (
        found.delete,
        found.save,
        lambda: AuditEntry.objects.update(detail="x"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.bulk_update([found], ["detail"]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_purge_takes_what_is_older_than_twelve_months(db: None) -> None:
    now = timezone.now()
    kept = entry(now - timedelta(days=364)).pk
    entry(now - timedelta(days=400))
    (rule,) = [rule for rule in RULES if rule.name == "audit"]
    assert purge(rule, on=timezone.localdate(), dry_run=True) == 1
    assert purge(rule, on=timezone.localdate()) == 1
    assert [row.pk for row in AuditEntry.objects.all()] == [kept]


def test_history_of_the_admin_goes_after_the_same_time(db: None) -> None:
    person, now = staff("person"), timezone.now()
    for days in (364, 400):
        LogEntry.objects.create(
            user=person, action_flag=CHANGE, object_repr="x", action_time=now - timedelta(days=days)
        )
    (rule,) = [rule for rule in RULES if rule.name == "history"]
    assert purge(rule, on=timezone.localdate()) == 1
    assert LogEntry.objects.count() == 1


def test_only_one_module_writes_and_only_the_purge_deletes() -> None:
    """The database refuses; this finds whoever tries."""
    naming = {}
    for package in ("accounts", "directory", "offers", "counseling", "ruemsa_portal"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text()
            if "migrations" not in path.parts and re.search(r"AuditEntry|old_entries|auditentry", text):
                naming[path.relative_to(ROOT).as_posix()] = text
    writes = re.compile(
        r"(?<!super\(\))\.(update|delete|bulk_update|save|bulk_create|create|get_or_create|raw|execute)\("
    )
    writers = {name for name, text in naming.items() if writes.search(text)}
    assert writers == {"accounts/audit.py", "ruemsa_portal/retention.py"}
    assert set(re.findall(writes, naming["accounts/audit.py"])) == {"save", "bulk_create"}
