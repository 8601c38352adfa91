"""What the back office writes into the audit log, and who reads it."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audit import fields_in, record
from accounts.links import find_link, make_link, set_password
from accounts.models import AuditEntry, User
from accounts.second_factor import open_device
from counseling.models import ResponsibilityRule
from directory.audit_words import DEEDS
from directory.models import Agency, ContactPerson, ContactPoint, GlossaryTerm, Membership, Role
from offers.models import Offer
from tests.admin.rows import form_data, make_rows
from tests.factories.accounts import PASSWORD, agency_for, code_of, log_in
from tests.factories.accounts import staff as make_staff

NOW = timezone.now()
LIST = "admin:accounts_auditentry_changelist"


def address(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def save(desk: Client, row: Any, **changes: Any) -> None:
    data = form_data(desk.get(address(row)))
    answer = desk.post(address(row), {**data, **changes})
    assert answer.status_code == 302, answer.context["errors"]


def run(desk: Client, action: str, row: Any) -> None:
    listed = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
    assert desk.post(listed, {"action": action, "_selected_action": [row.pk], "post": "yes"}).status_code == 302


def deeds() -> list[tuple[str, str, int | None, str]]:
    rows = AuditEntry.objects.order_by("pk")
    return list(rows.values_list("action", "subject", "agency", "detail"))


def test_add_change_and_delete_of_simple_rows(desk: Client, staff: User) -> None:
    listed = reverse("admin:directory_glossaryterm_add")
    desk.post(listed, {"slug": "wort", "term": "Wort", "explanation": "Das heißt so.", "audience": "all"})
    term = GlossaryTerm.objects.get()
    save(desk, term, explanation="Das heißt anders.")
    desk.post(address(term, "delete"), {"post": "yes"})
    subject = f"directory.glossaryterm:{term.pk}"
    assert deeds() == [
        ("glossaryterm.add", subject, None, ""),
        ("glossaryterm.change", subject, None, "Erklärung"),
        ("glossaryterm.delete", subject, None, ""),
    ]
    assert set(AuditEntry.objects.values_list("actor", "role")) == {(staff.pk, "technician")}


def test_several_rows_are_deleted_and_named_one_by_one(desk: Client) -> None:
    terms = [GlossaryTerm.objects.create(slug=f"w{n}", term=f"W{n}", explanation="So.") for n in range(3)]
    listed = reverse("admin:directory_glossaryterm_changelist")
    keys = [term.pk for term in terms]
    desk.post(listed, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    assert not GlossaryTerm.objects.exists()
    assert sorted(subject for _deed, subject, _agency, _detail in deeds()) == [
        f"directory.glossaryterm:{key}" for key in keys
    ]


def test_a_person_is_changed_without_her_name(desk: Client) -> None:
    person = make_rows(1)[ContactPerson]
    owner = person.contact_point.owner_id
    save(desk, person, name="Erika Muster", email="erika@example.org")
    (found,) = deeds()
    assert found[:3] == ("contactperson.change", f"directory.contactperson:{person.pk}", owner)
    assert "Erika" not in found[3]
    assert "@" not in found[3]
    assert found[3] == "Funktion oder Name, E-Mail"


def test_roles_closed_accounts_and_lost_factors(desk: Client) -> None:
    person = make_staff("person").membership
    save(desk, person, role="lead", is_active="")
    run(desk, "reset_second_factor", person)
    subject, agency = f"directory.membership:{person.pk}", person.agency_id
    assert deeds() == [
        ("membership.role", subject, agency, "editor > lead"),
        ("membership.close", subject, agency, ""),
        ("membership.change", subject, agency, "Aufgabe, Konto ist offen"),
        ("membership.second_factor_reset", subject, agency, ""),
    ]


def test_an_invitation_is_one_deed(desk: Client, mailoutbox: list) -> None:
    home = agency_for("editor")
    data = {"username": "neu", "email": "neu@example.org", "agency": home.pk, "role": "editor"}
    desk.post(reverse("admin:directory_membership_add"), data)
    member = Membership.objects.get(user__username="neu")
    assert deeds() == [("membership.invite", f"directory.membership:{member.pk}", home.pk, "editor")]


def test_own_second_factor_switched_off(client: Client, db: None) -> None:
    editor = make_staff("redaktion")
    log_in(client, editor).post(reverse("admin:second_factor_off"))
    assert deeds() == [("user.second_factor_off", f"accounts.user:{editor.pk}", None, "")]


def test_own_password_and_second_factor_are_noted(client: Client, db: None) -> None:
    editor = make_staff("redaktion")
    editor.set_password(PASSWORD)
    editor.save()
    log_in(client, editor, second_factor=False)
    new = "fünf Wörter ganz ohne Sinn"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("admin:password_change"), data).status_code == 302
    assert set_password(link=find_link(make_link(user=editor, purpose="reset", at=NOW), at=NOW), password=new, at=NOW)
    log_in(client, User.objects.get(pk=editor.pk), second_factor=False)
    device = open_device(editor)
    assert client.post(reverse("admin:second_factor"), {"code": code_of(device)}).status_code == 200
    subject = f"accounts.user:{editor.pk}"
    assert deeds() == [
        ("user.password", subject, None, "change"),
        ("user.password", subject, None, "reset"),
        ("user.second_factor_on", subject, None, ""),
        ("user.recovery_codes", subject, None, ""),
    ]


def test_entry_and_deed_stand_or_fall_together(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    term = GlossaryTerm.objects.create(slug="w", term="W", explanation="So.")
    desk.raise_request_exception = False
    monkeypatch.setattr("accounts.admin.record_rows", lambda **_values: 1 / 0)
    with transaction.atomic():
        assert desk.post(address(term, "delete"), {"post": "yes"}).status_code == 500
    assert GlossaryTerm.objects.exists()


def test_loaded_region_and_rules_are_noted(region: None) -> None:
    """The county is put in as rows here; the deeds themselves are tested with the loaders."""
    rule = ResponsibilityRule.objects.filter(is_active=True, rule_set__status="active", owner__isnull=False).first()
    lead = make_staff("leitung", role="lead", agency=rule.owner)
    page = reverse("admin:counseling_responsibilityrule_switch_off", args=[rule.pk])
    log_in(Client(), lead).post(page, {"reason": "Das Recht ist neu."})
    (found,) = [deed for deed in deeds() if deed[0] == "rule.switch_off"]
    assert (found[2], found[3]) == (rule.owner_id, f"{rule.key}, {rule.rule_set}")
    entry = AuditEntry.objects.get(action="rule.switch_off")
    assert (entry.actor, entry.role, entry.actor_agency) == (lead.pk, "lead", rule.owner_id)


def test_message_of_the_admin_becomes_names_of_fields() -> None:
    message = [
        {"changed": {"fields": ["Titel"]}},
        {"added": {"name": "Telefon", "object": "Erika Muster"}},
        {"changed": {"name": "Person", "object": "Erika", "fields": ["Name", "E-Mail"]}},
    ]
    assert fields_in(message) == "Titel, Telefon: neu, Person: Name, Person: E-Mail"
    assert fields_in([{"added": {}}]) == ""
    assert fields_in("Freier Satz") == ""


def entries(number: int, **values: Any) -> None:
    for turn in range(number):
        at = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/Berlin")) - timedelta(days=turn % 5)
        record(**{"actor": None, "action": "offer.release", "subject": f"offers.offer:{turn}", "at": at, **values})


def shown(client: Client, query: str = "") -> list[AuditEntry]:
    return list(client.get(reverse(LIST) + query).context["cl"].result_list)


def test_lead_sees_the_own_agency_and_the_own_people(db: None) -> None:
    home, other = agency_for("lead"), Agency.objects.create(slug="fremd", name="Fremd", kind="county")
    lead, colleague = make_staff("leitung", role=Role.LEAD), make_staff("kollege")
    stranger = make_staff("fremder", agency=other)
    entries(1, subject="offers.offer:1", agency=home.pk, actor=stranger)
    entries(1, subject="offers.offer:2", agency=other.pk, actor=colleague)
    entries(1, subject="offers.offer:3", agency=other.pk, actor=stranger)
    entries(1, subject="offers.offer:4")
    found = {row.subject[-1]: row.who for row in shown(log_in(Client(), lead))}
    assert found == {"1": None, "2": "kollege"}
    everything = shown(log_in(Client(), make_staff("koordination", role=Role.COORDINATOR)))
    assert {row.subject[-1]: row.who for row in everything} == {
        "1": "fremder",
        "2": "kollege",
        "3": "fremder",
        "4": None,
    }


def test_enquiries_are_for_their_own_agency_only(db: None) -> None:
    home, other = agency_for("lead"), Agency.objects.create(slug="fremd", name="Fremd", kind="county")
    entries(1, action="enquiry.answer", subject="counseling.enquiry:K7QM", agency=home.pk)
    entries(1, action="enquiry.answer", subject="counseling.enquiry:X3PA", agency=other.pk)
    seen = {}
    for role in ("lead", "coordinator", "technician"):
        user = make_staff(role, is_superuser=True) if role == "technician" else make_staff(role, role=role)
        seen[role] = [row.subject for row in shown(log_in(Client(), user))]
    assert seen == {"lead": ["counseling.enquiry:K7QM"], "coordinator": [], "technician": []}


def test_filters_by_deed_item_kind_and_day(desk: Client) -> None:
    entries(5)
    entries(1, action="agency.publish", subject="directory.agency:1")
    assert len(shown(desk, "?tat=publish")) == 1
    assert len(shown(desk, "?art=offers.offer")) == 5
    assert [row.subject for row in shown(desk, "?subject=offers.offer:3")] == ["offers.offer:3"]
    assert len(shown(desk, "?tag=2026-11-20&art=offers.offer")) == 1
    assert len(shown(desk, "?tag=kein-tag")) == 6
    assert len(shown(desk, "?tag=0001-01-01")) == len(shown(desk, "?tag=9999-12-31")) == 0
    assert len(shown(desk, "?q=agency")) == 1


def test_page_names_what_is_public_and_asks_little(desk: Client) -> None:
    rows = make_rows(1)
    offer, point = rows[Offer], rows[ContactPoint]
    now = timezone.now()
    for row in (offer, point, rows[Agency], rows[ContactPerson]):
        record(actor=None, action=f"{row._meta.model_name}.change", subject=f"{row._meta.label_lower}:{row.pk}", at=now)
    page = desk.get(reverse(LIST)).text
    assert offer.title in page
    assert f'href="{address(point)}"' in page
    assert rows[ContactPerson].name not in page
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse(LIST))
    entries(60)
    with CaptureQueriesContext(connection) as many:
        assert len(desk.get(reverse(LIST)).context["cl"].result_list) == 50
    assert len(many) <= len(few) <= 12


def test_nobody_writes_here(desk: Client) -> None:
    entries(1)
    row = AuditEntry.objects.get()
    assert desk.get(address(row)).status_code == 200
    for page in ("change", "delete"):
        assert desk.post(address(row, page), {"post": "yes"}).status_code == 403
    assert desk.post(reverse(LIST), {"action": "delete_selected", "_selected_action": [row.pk]}).status_code in (
        200,
        302,
    )
    assert AuditEntry.objects.count() == 1


def test_every_deed_in_the_code_has_words() -> None:
    """What the page says about a deed is German; a new deed without words would show its key."""
    root = Path(__file__).resolve().parents[2]
    found = set()
    for package in ("accounts", "directory", "offers", "counseling", "ruemsa_portal"):
        for path in (root / package).rglob("*.py"):
            text = path.read_text()
            if re.search(r"\baudit\b|accounts\.audit", text):
                found |= set(re.findall(r'(?:action=|_record\(|_note\([\w.]+, )f?"[\w{}.()]*?\.([a-z_]+)"', text))
                found |= set(re.findall(r'self\.audit\(request, "([a-z_]+)"', text))
    assert {"publish", "second_factor_off", "load"} - found <= {"publish"}
    assert found - set(DEEDS) == set()
