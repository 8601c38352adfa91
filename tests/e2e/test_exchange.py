"""The coordination brings a table with three broken rows, makes one of two, hides a record and brings it back."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Page, expect

from directory.models import ContactPoint
from tests.e2e.conftest import fits
from tests.e2e.test_admin import NOT_NAMED, axe
from tests.factories.accounts import log_in, staff

LINES = [
    ["Bezeichnung", "Verantwortliche Stelle", "Straße", "PLZ", "Ort", "Telefon", "Montag", "Bemerkungen"],
    ["Jugendhaus Nord", "{owner}", "Nordweg 1", "39340", "Dorf", "03904 7240 (Büro)", "09:00–12:00, 13-16", "neu"],
    ["Jugendhaus Süd", "{owner}", "Südweg 1", "abc", "Dorf", "03904 7241", "", ""],
    ["Jugendhaus Ost", "Niemand", "Ostweg 1", "39340", "Dorf", "", "", ""],
    ["Jugendhaus West", "{owner}", "Westweg 1", "39340", "Dorf", "12", "25-26", ""],
    ["{double}", "{owner}", "", "", "Anderswo", "", "", ""],
]


def is_sound(page: Page) -> None:
    """Hold what every page of the back office promises: names, width, axe."""
    assert fits(page)
    assert page.evaluate(NOT_NAMED) == []
    assert axe(page) == []


def press(page: Page, name: str) -> None:
    """Reach a button by keyboard and press it."""
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def test_coordination_imports_merges_hides_and_brings_back(new_page: Callable[..., Page], tmp_path: Path) -> None:
    page = new_page(java_script_enabled=True)
    client = log_in(Client(), staff("chefin", role="coordinator"))
    page.goto("/admin/login/")
    cookie = {"name": "sessionid", "value": client.session.session_key, "domain": urlsplit(page.url).hostname}
    page.context.add_cookies([{**cookie, "path": "/"}])
    known = ContactPoint.objects.filter(status="published").order_by("pk").first()
    assert known
    file = table(tmp_path, known)
    bring(page, file)
    look(page)
    carry_out(page)
    merge(page, known)
    hide_and_bring_back(page)


def table(folder: Path, known: ContactPoint) -> Path:
    words = {"owner": known.owner.slug, "double": f"{known.name} "[:-1] + "s"}
    lines = [";".join(f'"{cell.format(**words)}"' for cell in line) for line in LINES]
    path = folder / "tabelle.csv"
    path.write_text("\n".join(lines), encoding="cp1252")
    return path


def bring(page: Page, file: Path) -> None:
    page.goto("/admin/directory/contactpoint/")
    page.get_by_role("link", name="Tabelle importieren").click()
    page.get_by_label("Anlaufstellen", exact=True).check()
    page.get_by_label("Datei").set_input_files(file)
    is_sound(page)
    press(page, "Tabelle prüfen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Spalten zuordnen")
    expect(page.get_by_label("Bemerkungen")).to_have_value("")
    is_sound(page)
    press(page, "Weiter zur Prüfung")


def look(page: Page) -> None:
    expect(page.get_by_text("Noch ist nichts gespeichert.")).to_be_visible()
    for words in ("3 fehlerhaft", "1 vielleicht schon da", "1 neu"):
        expect(page.get_by_role("link", name=words)).to_be_visible()
    expect(page.get_by_text("Gebraucht werden fünf Ziffern.")).to_be_visible()
    expect(page.get_by_text("„Niemand“ kennen wir nicht.")).to_be_visible()
    is_sound(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Fehlerhafte Zeilen herunterladen").click()
    assert download.value.suggested_filename.startswith("fehler-")
    page.get_by_role("link", name="1 vielleicht schon da").click()
    page.get_by_label("Das ist neu.").check()
    is_sound(page)
    press(page, "Antworten sichern")
    page.get_by_role("link", name="2 neu").click()
    is_sound(page)


def carry_out(page: Page) -> None:
    press(page, "2 Zeilen übernehmen")
    expect(page.get_by_text("Fertig.")).to_be_visible()
    point = ContactPoint.objects.get(name="Jugendhaus Nord")
    assert (point.status, point.phones.get().number, point.schedules.count()) == ("draft", "+4939047240", 2)
    assert not ContactPoint.objects.filter(name="Jugendhaus Süd").exists()


def merge(page: Page, known: ContactPoint) -> None:
    page.goto("/admin/directory/import/zusammenfuehren/anlaufstellen/")
    is_sound(page)
    other = ContactPoint.objects.get(name=f"{known.name}s")
    page.locator(f'a[href$="?bleibt={known.pk}&geht={other.pk}"]').click()
    expect(page.get_by_role("group", name="Ort", exact=True).get_by_role("radio").first).to_be_checked()
    is_sound(page)
    press(page, "Zusammenführen")
    expect(page.get_by_text("Die alte Adresse führt jetzt zum Eintrag, der bleibt.")).to_be_visible()
    other.refresh_from_db()
    assert other.status == "archived"


def hide_and_bring_back(page: Page) -> None:
    known = ContactPoint.objects.filter(status="published", is_example=False).order_by("pk").first()
    known = known or ContactPoint.objects.filter(status="published").order_by("pk").first()
    assert known
    for action, status in (("Zurück in den Entwurf", 404), ("Veröffentlichen", 200)):
        page.goto(f"/admin/directory/contactpoint/{known.pk}/vorschau/")  # before a release one looks at it
        page.goto(f"/admin/directory/contactpoint/?q={known.slug}")
        page.locator(f'input[name="_selected_action"][value="{known.pk}"]').check()
        page.get_by_label("Aktion:").select_option(label=action)
        press(page, "Ausführen")
        expect(page.locator(".messagelist")).to_be_visible()
        response = page.request.get(known.get_absolute_url())
        assert response.status == status, (action, page.locator(".messagelist").inner_text())
