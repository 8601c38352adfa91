"""Staff read visitors' reports, answer them and hand them over."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from directory.models import ContactPoint, VisitorReport
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LIST = "/admin/directory/visitorreport/"


@pytest.fixture
def point(db: None) -> ContactPoint:
    return ContactPointFactory(name="Haus am Markt")


@pytest.fixture
def editor(client: Client, point: ContactPoint) -> Client:
    return log_in(client, staff("redaktion", agency=point.owner))


def report_on(point: ContactPoint, **values: Any) -> VisitorReport:
    number = VisitorReport.objects.count()
    fields = {"kind": "anlaufstelle", "key": str(point.pk), "title": point.name, "agency": point.owner, "text": "Text"}
    return VisitorReport.objects.create(
        **{**fields, "reason": "veraltet", "created_at": NOW, "token": f"t{number}", **values}
    )


def change(report: VisitorReport) -> str:
    return reverse("admin:directory_visitorreport_change", args=[report.pk])


def test_reading_shows_the_text_as_text_and_both_ways_on(editor: Client, point: ContactPoint) -> None:
    page = editor.get(change(report_on(point, text="<script>alert(1)</script>\nZweite Zeile"))).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Zweite Zeile" in page
    assert f'<a href="{point.get_absolute_url()}">Auf der Website ansehen</a>' in page
    assert f'<a href="/admin/directory/contactpoint/{point.pk}/change/">Bearbeiten</a>' in page
    assert "Das ist veraltet" in page
    gone = report_on(point, kind="angebot", key="99999", title="Gibt es nicht mehr")
    assert "Gibt es nicht mehr" in editor.get(change(gone)).text


def test_own_reports_only(editor: Client, point: ContactPoint) -> None:
    mine = report_on(point)
    others = [report_on(point, agency=AgencyFactory()), report_on(point, agency=None)]
    assert editor.get(LIST).context["cl"].result_count == 1
    assert editor.get(change(mine)).status_code == 200
    for row in others:
        assert editor.get(change(row)).status_code == 404
        assert editor.post(change(row), {"outcome": "done"}).status_code == 404
    coordinator = log_in(Client(), staff("koordination", role="coordinator"))
    assert coordinator.get(LIST).context["cl"].result_count == 3
    assert editor.get("/admin/directory/visitorreport/add/").status_code == 403
    assert coordinator.get(f"{LIST}{mine.pk}/delete/").status_code == 403


def test_answering_closes_and_the_note_can_be_put_right(editor: Client, point: ContactPoint) -> None:
    report = report_on(point)
    empty = editor.post(change(report), {"outcome": "", "note": ""})
    assert "Wählen Sie, was aus dem Hinweis wird." in empty.text
    assert editor.post(change(report), {"outcome": "done", "note": "Nummer berichtigt"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.note, report.closed_at is not None) == ("done", "Nummer berichtigt", True)
    assert editor.post(change(report), {"outcome": "elsewhere"}).status_code == 200
    assert editor.post(change(report), {"outcome": "fine", "note": "Die Nummer stimmt"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.note, report.agency) == ("fine", "Die Nummer stimmt", point.owner)
    deeds = AuditEntry.objects.order_by("pk").values_list("action", "detail")
    assert list(deeds) == [("visitorreport.answer", "done, note"), ("visitorreport.answer", "fine, note")]


def test_handing_over_to_another_agency_or_to_the_coordination(editor: Client, point: ContactPoint) -> None:
    other, hidden = AgencyFactory(), AgencyFactory(status="draft")
    report = report_on(point)
    assert editor.post(change(report), {"outcome": "elsewhere", "other": hidden.pk}).status_code == 200
    refused = editor.post(change(report), {"outcome": "elsewhere", "other": other.pk, "note": "Für alle"})
    assert "Eine Antwort schreibt die Stelle, die den Hinweis bekommt." in refused.text
    assert editor.post(change(report), {"outcome": "elsewhere", "other": other.pk}, follow=True).status_code == 200
    report.refresh_from_db()
    assert (report.agency, report.state) == (other, "open")
    assert editor.get(change(report)).status_code == 404
    second = report_on(point)
    editor.post(change(second), {"outcome": "elsewhere", "other": ""})
    second.refresh_from_db()
    assert second.agency is None
    coordinator = log_in(Client(), staff("koordination", role="coordinator"))
    stays = coordinator.post(change(second), {"outcome": "elsewhere", "other": ""})
    assert "liegt schon bei der Koordinierungsstelle" in stays.text


def test_a_list_costs_the_same_for_many(editor: Client, point: ContactPoint) -> None:
    def queries(path: str) -> int:
        editor.get(path)
        with CaptureQueriesContext(connection) as found:
            assert editor.get(path).status_code == 200
        return len(found)

    first = report_on(point)
    before = [queries(LIST), queries(change(first))]
    for _ in range(20):
        report_on(point)
    assert [queries(LIST), queries(change(first))] == before
    assert before[0] <= 12
