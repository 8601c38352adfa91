"""The pages for tables: upload, columns, findings, answers, carrying out, files out, print, merging."""

import csv
import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry, User
from directory.exchange import steps
from directory.exchange.waiting import IMPORTS
from directory.models import ContactPoint, Import
from tests.exchange.files import xlsx
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory

ADD = "/admin/directory/import/add/"
TABLE = "Name;PLZ;Telefon\nHaus am See;39340;03904 7240\nHaus am Wald;abc;12\n"


@pytest.fixture
def partner(db: None) -> User:
    return staff("partner", agency=AgencyFactory(slug="eigene", name="Eigene"))


@pytest.fixture
def desk(client: Client, partner: User) -> Client:
    return log_in(client, partner)


@pytest.fixture
def chief_desk(db: None) -> Client:
    return log_in(Client(), staff("chefin", role="coordinator"))


def upload(desk: Client, data: bytes | str, **more: Any) -> Any:
    content = data.encode() if isinstance(data, str) else data
    form = {"kind": "anlaufstellen", "key": uuid4(), "file": SimpleUploadedFile("tabelle.csv", content), **more}
    return desk.post(ADD, form)


def step_of(response: Any) -> str:
    assert response.status_code == 302, response.text
    address: str = response["Location"]
    return address


def seen(response: Any) -> str:
    """The text of a page in one line, without what the frame says."""
    body = response.text[response.text.index('id="content-main"') :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def test_table_goes_from_upload_to_drafts_and_a_file_with_what_is_wrong(desk: Client) -> None:
    step = step_of(upload(desk, TABLE))
    assert desk.get(step)["Location"] == step  # checked; the next look shows it
    page = desk.get(step)
    assert "Noch ist nichts gespeichert" in page.text
    assert "„abc“ passt nicht. Gebraucht werden fünf Ziffern." in page.text
    assert "Zeile 3: Haus am Wald" in seen(page)
    assert "Haus am See" in desk.get(f"{step}?befund=new").text
    wrong = desk.get(step.replace("schritt/", "fehler.csv"))
    assert wrong.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(wrong.content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["Zeile", "Was ist falsch?", "Name", "PLZ", "Telefon"]
    assert lines[1][0] == "3"
    assert "Postleitzahl:" in lines[1][1]
    assert lines[1][2:] == ["Haus am Wald", "abc", "12"]
    assert ContactPoint.objects.count() == 0
    for _twice in range(2):
        assert desk.post(step, {"start": "1"}).status_code == 302
    assert desk.get(step)["Location"] == step
    assert "Fertig. übernommen: 1" in seen(desk.get(step))
    assert ContactPoint.objects.get().name == "Haus am See"
    # Corrected and brought again, the file needs no question about its columns.
    again = step_of(upload(desk, wrong.content.replace(b"abc", b"39326").replace(b'"12"', b'"03904 12345"')))
    desk.get(again)
    assert Import.objects.latest("pk").rows.get().outcome == "new"


def test_the_same_form_sent_twice_is_one_import(desk: Client) -> None:
    key = uuid4()
    first, second = (step_of(upload(desk, TABLE, key=key)) for _twice in range(2))
    assert (first, Import.objects.count()) == (second, 1)
    stranger = log_in(Client(), staff("fremd", agency=AgencyFactory()))
    assert upload(stranger, TABLE, key=key).status_code == 404


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 kaputt", "beschädigt"),
        (b"Name\n", "nur eine Kopfzeile"),
        (b"", "Die Datei ist leer"),
        (b"x" * 6_000_000, "Bitte eine Datei auswählen. Größer als 5 MB darf sie nicht sein."),
    ],
)
def test_file_that_cannot_be_read_is_explained_on_the_form(desk: Client, data: bytes, message: str) -> None:
    response = upload(desk, data)
    assert response.status_code == 200
    assert message in response.text
    assert Import.objects.count() == 0


def test_unknown_heads_are_asked_about(desk: Client) -> None:
    step = step_of(upload(desk, xlsx([["Name", "Telefone", "Unsinn"], ["Haus", "03904 7240", "x"]])))
    page = desk.get(step)
    assert page.text.count("Bitte prüfen: Diese Überschrift kennen wir nicht.") == 2
    assert '<option value="phones" selected>' in page.text
    twice = desk.post(step, {"columns": "1", "column_0": "name", "column_1": "name", "column_2": ""})
    assert "zweimal gewählt" in twice.text
    none = desk.post(step, {"columns": "1", "column_0": "", "column_1": "", "column_2": ""})
    assert "Bitte mindestens eine Spalte zuordnen." in none.text
    made_up = desk.post(step, {"columns": "1", "column_0": "slug; drop", "column_1": "", "column_2": ""})
    assert made_up.status_code == 200
    assert (
        desk.post(step, {"columns": "1", "column_0": "name", "column_1": "phones", "column_2": ""}).status_code == 302
    )
    desk.get(step)
    assert "1 neu" in seen(desk.get(step))
    assert "Spalten zuordnen" in desk.get(f"{step}?spalten=1").text


def test_progress_is_a_page_that_goes_on_by_itself(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "CHUNK", 2)
    monkeypatch.setattr(steps, "SECONDS", 0)
    monkeypatch.setattr(steps.work, "__kwdefaults__", {"seconds": 0})
    step = step_of(upload(desk, "Name\nErstes\nZweites Amt\nDrittes Haus\nVierte Stelle\nFünf\n"))
    page = desk.get(step)
    assert f'<meta http-equiv="refresh" content="0; url={step}">' in page.text
    assert "2 von 5 Zeilen" in page.text
    assert [desk.get(step).status_code for _look in range(3)] == [200, 302, 200]


def test_answers_about_doubles_are_kept(desk: Client, partner: User) -> None:
    point = ContactPointFactory(name="Jugendhaus am Markt", owner=partner.membership.agency, status="draft")
    step = step_of(upload(desk, "Name;Ort\nJugendhaus am Markte;Dorf\n"))
    desk.get(step)
    page = desk.get(step)
    assert "Das ist dieselbe: Jugendhaus am Markt" in page.text
    assert "Zeilen übernehmen" not in page.text
    desk.post(step, {"choose": "1", "row_2": str(point.pk), "row_x": "1", "row_99999999999999": "new"})
    changed = desk.get(step)
    assert '<span class="visually-hidden">neu: </span>' in changed.text
    desk.post(step, {"start": "1"})
    desk.get(step)
    point.refresh_from_db()
    assert (point.name, point.town) == ("Jugendhaus am Markte", "Dorf")


def test_import_is_for_one_agency_and_one_right(desk: Client, chief_desk: Client) -> None:
    step = step_of(upload(desk, TABLE))
    stranger = log_in(Client(), staff("fremd", agency=AgencyFactory()))
    for path in (step, step.replace("schritt/", "fehler.csv"), step.replace("schritt/", "delete/")):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"start": "1"}).status_code == 404
        assert chief_desk.get(path).status_code in (200, 302)
    assert upload(desk, TABLE, kind="stellen").status_code == 200  # agencies are the coordination's
    assert desk.get("/admin/directory/import/999/schritt/").status_code == 404
    assert step_of(upload(chief_desk, "Name;Art\nNeues Amt;Beratungsstelle\n", kind="stellen"))


def test_import_can_be_thrown_away_and_waits_in_the_queue_until_then(desk: Client, partner: User) -> None:
    step = step_of(upload(desk, TABLE))
    agency = partner.membership.agency_id
    on = timezone.localdate()
    (item,) = IMPORTS.waiting(user=partner, agencies=frozenset({agency}), on=on, limit=5)
    assert (item.url, item.agency, item.since) == (step, agency, on)
    assert IMPORTS.counts(agencies=None, on=on) == {agency: 1}
    assert IMPORTS.waiting(user=partner, agencies=frozenset(), on=on, limit=5) == []
    counselor = staff("beratung", role="counselor", agency=partner.membership.agency)
    assert IMPORTS.waiting(user=counselor, agencies=frozenset({agency}), on=on, limit=5) == []
    assert "Importe" in desk.get("/admin/").text
    delete = step.replace("schritt/", "delete/")
    assert "Was schon übernommen wurde, bleibt." in desk.get(delete).text
    assert desk.post(delete, {"post": "yes"}).status_code == 302
    assert Import.objects.count() == 0
    assert AuditEntry.objects.latest("pk").action == "table.discard"


def export(desk: Client, **query: Any) -> Any:
    return desk.get(reverse("admin:directory_import_export", args=["anlaufstellen"]), query)


def test_export_holds_the_chosen_columns_of_ones_own_rows(desk: Client, partner: User, chief_desk: Client) -> None:
    mine = ContactPointFactory(name="=cmd", owner=partner.membership.agency, full=True)
    mine.persons.create(name="Frau Muster", phone="+49390411111", email="muster@example.org")
    ContactPointFactory(name="Fremdes Haus", slug="fremd")
    response = export(desk, format="csv", spalte=["name", "phones", "status", "unsinn"])
    text = response.content.decode("utf-8-sig")
    assert text == '"Name";"Telefon";"Status"\r\n"\'=cmd";"Tel. 0390412340 (Beratung)";"veröffentlicht"\r\n'
    assert response["Content-Disposition"].startswith('attachment; filename="anlaufstellen-')
    every = export(desk, format="csv").content.decode()
    assert "Muster" not in every
    assert "Fremdes Haus" not in every
    assert "Fremdes Haus" in export(chief_desk, format="csv").content.decode()
    assert export(chief_desk, format="csv", ids=f"{mine.pk},abc,{'9' * 30}").content.decode().count("\r\n") == 2
    entry = AuditEntry.objects.filter(action="contactpoint.export").earliest("pk")
    assert (entry.actor, entry.detail) == (partner.pk, "csv: 1")


def test_export_as_workbook_has_texts_only(desk: Client, partner: User) -> None:
    ContactPointFactory(name="=1+1", town="-5", owner=partner.membership.agency)
    book = load_workbook(io.BytesIO(export(desk, format="xlsx", spalte=["name", "town"]).content))
    cells = [[(cell.value, cell.data_type) for cell in row] for row in book.active.iter_rows()]
    assert cells == [[("Name", "s"), ("Ort", "s")], [("'=1+1", "s"), ("'-5", "s")]] or cells == [
        [("Name", "inlineStr"), ("Ort", "inlineStr")],
        [("'=1+1", "inlineStr"), ("'-5", "inlineStr")],
    ]


def test_print_page_and_form_of_the_export(desk: Client, partner: User) -> None:
    ContactPointFactory(name="<b>Haus</b>", owner=partner.membership.agency, full=True)
    page = export(desk, format="druck")
    assert "&lt;b&gt;Haus&lt;/b&gt;" in page.text
    assert "Montag" in page.text
    form = export(desk)
    assert "Ein Eintrag." in seen(form)
    assert form.text.count('name="spalte"') > 30
    assert export(desk, format="exe").status_code == 200
    assert desk.get("/admin/directory/import/ausgabe/unsinn/").status_code == 404


def test_lists_lead_to_export_and_merging(chief_desk: Client, desk: Client) -> None:
    left, right = ContactPointFactory(slug="a", summary="Eins."), ContactPointFactory(slug="b", summary="Zwei.")
    listed = "/admin/directory/contactpoint/"
    assert "Tabelle importieren" in chief_desk.get(listed).text
    assert "Doppelte suchen" not in desk.get(listed).text
    chosen = {"_selected_action": [left.pk, right.pk]}
    response = chief_desk.post(listed, {"action": "export_records", **chosen})
    assert response["Location"].endswith(f"/ausgabe/anlaufstellen/?ids={right.pk},{left.pk}") or response[
        "Location"
    ].endswith(f"?ids={left.pk},{right.pk}")
    one = chief_desk.post(listed, {"action": "merge_records", "_selected_action": [left.pk]}, follow=True)
    assert "genau zwei" in one.text
    address = chief_desk.post(listed, {"action": "merge_records", **chosen})["Location"]
    page = chief_desk.get(address)
    assert "Eins." in page.text
    assert "Zwei." in page.text
    assert desk.get(address).status_code == 403
    keep, other = re.search(r"bleibt=(\d+)&geht=(\d+)", address).groups()  # type: ignore[union-attr]
    form = {"bleibt": keep, "geht": other, "feld_summary": "other"}
    done = chief_desk.post(address, form, follow=True)
    assert "Die alte Adresse führt jetzt zum Eintrag, der bleibt." in done.text
    assert ContactPoint.objects.get(pk=other).status == "archived"
    for nonsense in ("?bleibt=1&geht=x", f"?bleibt={'9' * 30}&geht=1", "?bleibt=999999&geht=999998"):
        assert chief_desk.get(address.split("?")[0] + nonsense).status_code == 404
    assert "Kein Eintrag sieht aus wie ein anderer." in chief_desk.get(address.split("?")[0]).text


def test_old_imports_stand_in_the_list_with_their_state(desk: Client) -> None:
    upload(desk, TABLE)
    Import.objects.update(at=timezone.now() - timedelta(days=3))
    page = desk.get("/admin/directory/import/")
    assert "wird geprüft" in page.text
    assert "Anlaufstellen" in seen(page)
