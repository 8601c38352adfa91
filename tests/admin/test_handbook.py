"""The handbook names what is there: every page has its help, every picture its file, every bold word its button."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from counseling.models import RuleSet
from directory import actions
from directory.models import Agency, ContactPoint, GroupCheck, LinkCheck, VisitorReport
from directory.readability import LIMITS, STAFF, count, lines, plain, sentences
from offers.models import Offer, SearchGap
from ruemsa_portal.handbook import CONTENTS, FOLDER, Block, blocks, page_for, source
from tests.admin.rows import form_data, make_rows
from tests.admin.test_pages import address
from tests.admin.test_rights import names_in_the_resolver
from tests.factories.accounts import log_in
from tests.factories.accounts import staff as new_staff
from tools.handbook import PICTURES

# Answers without a page of their own: files, data, what a button sends, and short cuts of Django's.
NO_PAGES = {
    "autocomplete", "jsi18n", "keep_login", "overview_download", "reading", "second_factor_off", "second_factor_picture",
    "session_end", "session_end_all", "view_on_site", "handbook_picture",
}  # fmt: skip
# Pages of the portal that staff see without coming in.
OUTSIDE = {"aktuell": ["directory/confirm.html"]}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOLD = re.compile(r"\*\*(.+?)\*\*")
STEP = re.compile(r"^\d+\. (.*)$", re.MULTILINE)


def bold_words(slug: str) -> list[str]:
    return [words for step in STEP.findall(source(slug)[1]) for words in BOLD.findall(step)]


def words_of(markup: str) -> str:
    """Return what can be read on a page: texts, and the words on buttons."""
    buttons = " ".join(re.findall(r'<input[^>]*type="submit"[^>]*value="([^"]+)"', markup))
    buttons += " ".join(re.findall(r'<input[^>]*value="([^"]+)"[^>]*type="submit"', markup))
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", " ", markup, flags=re.DOTALL))
    return " ".join(html.unescape(f"{text} {buttons}").split()).casefold()


@pytest.fixture
def rows(db: None) -> dict[type, Any]:
    """One of everything; an offer, its agency with four eyes and a contact point are public."""
    made = make_rows(1)
    for model in (Offer, ContactPoint, Agency):
        model.objects.update(status="published", checked_on="2026-11-01")
    actions.raise_content_version()
    made[RuleSet] = RuleSet.objects.create(number=1, created_at=NOW)
    SearchGap.objects.create(query="schweißen", week="2026-11-16", count=7)
    home, point = made[Agency], made[ContactPoint]
    made[LinkCheck] = LinkCheck.objects.create(address="https://weg.example/", status="broken")
    made[LinkCheck].uses.create(subject=f"directory.agency:{home.pk}", agency=home)
    Agency.objects.filter(pk=home.pk).update(website="https://weg.example/")
    made[VisitorReport] = VisitorReport.objects.create(
        kind="stelle", key=home.pk, title="Stelle", agency=home, reason="fehlt", created_at=NOW, token="t"
    )
    actions.mark_checked([point], on=NOW.date(), at=NOW)
    made[GroupCheck] = GroupCheck.objects.filter(object_id=point.pk).order_by("pk")[0]
    return made


def pages_about(slug: str, rows: dict[type, Any]) -> list[str]:
    """Return the pages of the back office that a page of the handbook is about."""
    found = []
    by_base = {f"{m._meta.app_label}_{m._meta.model_name}": m for m in admin.site._registry}
    for name in CONTENTS[slug]:
        model = by_base.get(name)
        if model is None:
            known = name in names_in_the_resolver() and not name.startswith("handbook") and name != "app_list"
            found += [reverse(f"admin:{name}")] if known and name not in NO_PAGES | {"one_time_link"} else []
            continue
        found += [
            reverse(f"admin:{name}_{page}")
            for page in ("changelist", "add")
            if f"{name}_{page}" in names_in_the_resolver()
        ]
        row = rows.get(model) or model._default_manager.order_by("pk").first()
        if row is not None and f"{name}_change" in names_in_the_resolver():
            found.append(reverse(f"admin:{name}_change", args=[row.pk]))
    if slug == "aktuell":
        found.append(reverse("admin:directory_groupcheck_record", args=[rows[GroupCheck].pk]))
    if slug in ("freigeben", "texte"):
        found += [address(Offer, page, rows[Offer].pk) for page in ("change", "review", "revisions")]
    return found


def test_every_page_of_the_back_office_has_its_help() -> None:
    assert sorted(name for name in names_in_the_resolver() - NO_PAGES if page_for(name) is None) == []
    known = names_in_the_resolver()
    unknown = [
        name
        for names in CONTENTS.values()
        for name in names
        if not any(found == name or found.startswith(f"{name}_") or found.endswith(name) for found in known)
    ]
    assert unknown == []


def test_pages_and_files_are_the_same() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(CONTENTS)


def test_pictures_are_there_made_by_the_target_and_small() -> None:
    shown = [block.picture for slug in CONTENTS for block in blocks(source(slug)[1]) if block.picture]
    files = {path.stem: path for path in (FOLDER / "bilder").glob("*")}
    assert sorted(shown) == sorted(files) == sorted(picture.name for picture in PICTURES)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in files.values())
    assert sum(path.stat().st_size for path in files.values()) < 1_000_000
    for slug in CONTENTS:
        assert source(slug)[1].count("![") == len([b for b in blocks(source(slug)[1]) if b.picture]), slug


def test_text_and_pictures_keep_their_order() -> None:
    text = "Erst.\n\n![Ein Bild](bilder/text.png)\n\nDann."
    assert list(blocks(text)) == [
        Block(markdown="Erst.\n\n"),
        Block(picture="text", words="Ein Bild"),
        Block(markdown="\n\nDann."),
    ]


@pytest.mark.parametrize("slug", CONTENTS)
def test_pages_are_short_and_easy(slug: str) -> None:
    title, text = source(slug)
    assert title
    assert len(text.splitlines()) <= 60
    assert count(plain(text)).wiener <= LIMITS[STAFF]
    assert [row for line in lines(text) for row in sentences(line) if len(row.split()) > 20] == []
    assert STEP.search(text)


@pytest.mark.slow
def test_what_the_steps_name_is_really_there(desk: Client, rows: dict[type, Any]) -> None:
    url = address(Offer, "change", rows[Offer].pk)
    desk.post(url, {**form_data(desk.get(url)), "summary": "Komm zu uns und frag. " * 5, "_save": "1"})
    start, missing = words_of(desk.get("/admin/").content.decode()), {}
    for slug in CONTENTS:
        outside = [(settings.BASE_DIR / "templates" / name).read_text() for name in OUTSIDE.get(slug, [])]
        pages = [words_of(desk.get(path, follow=True).content.decode()) for path in pages_about(slug, rows)]
        shown = " ".join([start, *pages, *outside]).casefold()
        missing[slug] = [words for words in bold_words(slug) if words.casefold() not in shown]
    assert {slug: words for slug, words in missing.items() if words} == {}
    assert sum(len(bold_words(slug)) for slug in CONTENTS) > 40


def test_help_leads_from_every_kind_of_page_to_its_own(desk: Client, rows: dict[type, Any]) -> None:
    places = {
        "/admin/": "start",
        address(Offer, "change", rows[Offer].pk): "angebote",
        address(Offer, "review", rows[Offer].pk): "freigeben",
        address(ContactPoint, "history", rows[ContactPoint].pk): "anlaufstellen",
        address(Agency, "delete", rows[Agency].pk): "stellen",
        reverse("admin:account"): "zugang",
        reverse("admin:directory_import_changelist"): "tabellen",
        reverse("admin:overview"): "ueberblick",
    }
    for path, slug in places.items():
        shown = desk.get(path).content.decode()
        assert re.search(rf'<a href="/admin/handbuch/{slug}/">\s*Hilfe zu dieser Seite</a>', shown), path


def test_pages_and_pictures_are_for_staff_only(db: None, client: Client) -> None:
    inside = log_in(Client(), new_staff("redaktion"))
    for path in ("/admin/handbuch/", "/admin/handbuch/texte/", "/admin/handbuch/bilder/text.png"):
        assert client.get(path).status_code == 302
        assert inside.get(path).status_code == 200
    for path in (
        "/admin/handbuch/gibt-es-nicht/",
        "/admin/handbuch/bilder/gibt-es-nicht.png",
        "/admin/handbuch/bilder/..%2Ftext.png",
    ):
        assert inside.get(path).status_code == 404
    shown = inside.get("/admin/handbuch/texte/").content.decode()
    assert '<img src="/admin/handbuch/bilder/text.png" alt="' in shown
    assert "<ol>" in shown
