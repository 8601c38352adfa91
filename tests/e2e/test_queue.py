"""The first page of the back office, the figures and the audit log in a real browser, by keyboard and without script."""

from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.audit import record
from accounts.models import AuditEntry
from counseling.models import FinderGap
from directory.models import Agency
from offers.gaps import monday
from offers.models import SearchGap
from tests.e2e.conftest import fits
from tests.e2e.test_admin import AXE, AXE_RUN, NOT_NAMED, SETTLED, WATCH
from tests.factories.accounts import log_in, staff

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def come_in(page: Page, role: str) -> None:
    page.add_init_script(WATCH)
    page.goto("/admin/login/")
    key = log_in(Client(), staff(f"konto-{role}", role=role)).session.session_key
    page.context.add_cookies([{"name": "sessionid", "value": key, "domain": urlsplit(page.url).hostname, "path": "/"}])
    page.goto("/admin/")


def assert_sound(page: Page) -> None:
    """No finding, nothing refused by the policy, nothing beside the screen, every control named."""
    assert fits(page), page.url
    page.evaluate(SETTLED)
    assert page.evaluate("window.violations") == []  # before the checker, which tries styles of its own
    page.evaluate(AXE.read_text())
    assert page.evaluate(AXE_RUN, TAGS) == [], page.url
    assert page.evaluate(NOT_NAMED) == []


def some_work() -> None:
    week = monday(timezone.localdate())
    for number in range(7):
        SearchGap.objects.create(query=f"gesucht{number}", week=week, count=20 - number)
    FinderGap.objects.create(week=week, concern="at_school", reason="no_rule", count=8)
    for agency in Agency.objects.order_by("pk")[:3]:
        subject = f"directory.agency:{agency.pk}"
        record(actor=None, action="agency.release", subject=subject, at=timezone.now(), agency=agency.pk)


def test_coordination_goes_from_the_queue_to_figures_and_log(dark_page: Page) -> None:
    some_work()
    page = dark_page
    come_in(page, "coordinator")
    expect(page.get_by_role("heading", level=1)).to_have_text("Was wartet auf mich")
    assert_sound(page)
    page.get_by_role("link", name="Alle zeigen: Gesucht und wenig gefunden").press("Enter")
    expect(page.get_by_text("„gesucht6“: 14-mal gesucht")).to_be_visible()
    assert_sound(page)
    page.get_by_role("link", name="Alles, was wartet").press("Enter")
    page.get_by_role("link", name="Was wartet bei welcher Stelle?").press("Enter")
    expect(page.get_by_role("rowheader", name="keine Stelle")).to_be_visible()
    assert_sound(page)
    page.goto("/admin/uebersicht/")
    page.get_by_label("Rechtskreis").select_option(label="SGB VIII – Kinder- und Jugendhilfe")
    page.get_by_role("button", name="Anzeigen").press("Enter")
    page.wait_for_url("**?recht=sgb8")
    assert_sound(page)
    with page.expect_download() as waited:
        page.get_by_role("link", name="Finder als CSV").press("Enter")
    assert '"keine Regel passt";"8"' in waited.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="Zum Protokoll").press("Enter")
    page.get_by_label("Am", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Zeigen", exact=True).press("Enter")
    expect(page.get_by_role("link", name="Alle Tage")).to_be_attached()
    expect(page.locator("#result_list tbody tr")).to_have_count(4)  # three releases and the download
    assert_sound(page)
    assert AuditEntry.objects.filter(action="overview.export").count() == 1


def test_queue_and_log_work_without_script(plain_page: Page) -> None:
    some_work()
    come_in(plain_page, "coordinator")
    plain_page.get_by_role("link", name="Überblick").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Überblick")
    plain_page.get_by_text("Nach Gemeinden").click()
    expect(plain_page.get_by_text("< 5").first).to_be_visible()
    plain_page.goto("/admin/accounts/auditentry/?tat=release")
    expect(plain_page.locator("#result_list tbody tr")).to_have_count(3)
