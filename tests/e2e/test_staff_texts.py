"""Texts of staff in a real browser: measured while they are typed, and never run, whatever they say."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from playwright.sync_api import Page, expect

from directory import actions
from directory.index.writing import affected, refresh
from directory.models import Agency, ContactPoint, GlossaryTerm, SynonymGroup
from directory.models import Page as SitePage
from offers.models import Offer
from tests.e2e.test_admin import log_in
from tests.naughty import HOSTILE

HARD = "Die Inanspruchnahme berufsvorbereitender Bildungsangebote setzt die Erfüllung der Schulpflicht voraus."
EASY = " Du bist noch nicht sicher, was zu dir passt. Komm zu uns. Wir hören dir zu."
COUNT = """
    window.ran = 0;
    window.alert = () => { window.ran += 1; };
    window.refused = [];
    document.addEventListener("securitypolicyviolation", event => window.refused.push(event.blockedURI));
"""
TYPED_MARKUP = """() => [...document.querySelectorAll("*")].filter(element =>
    [...element.attributes].some(({name, value}) => name.startsWith("on") || name === "srcdoc"
        || (["href", "src", "action"].includes(name) && /^\\s*(javascript|data):/i.test(value)))
    || (element.tagName === "SCRIPT" && !element.src && !element.type.includes("json"))
    || ["IFRAME", "OBJECT", "EMBED"].includes(element.tagName)).map(element => element.outerHTML.slice(0, 120))"""


def test_hard_sentence_is_named_while_typing_and_after_saving(new_page: Callable[..., Page]) -> None:
    offer = Offer.objects.filter(slug="bvj").get()
    path = f"/admin/offers/offer/{offer.pk}/change/"
    page = new_page()
    noticed = log_in(page, path)
    field, place = page.get_by_label("Kurz gesagt:"), page.locator("#id_summary_reading")
    expect(place).to_contain_text("Leicht genug.")
    field.fill(f"{HARD} Unsere Kunden bekommen sofort Unterstützung bei der Antragstellung in der Arbeitsverwaltung.")
    expect(place).to_contain_text(f"„{HARD}“")
    expect(place).to_contain_text("„Kunden“")
    assert place.get_attribute("role") == "status"
    field.fill(f"Komm zu uns.{EASY}{EASY}")
    expect(place).to_contain_text("Leicht genug.")
    expect(place).not_to_contain_text("Kunden")
    assert noticed == []
    plain = new_page(java_script_enabled=False)
    plain.context.add_cookies(page.context.cookies())
    plain.goto(path)
    plain.get_by_label("Kurz gesagt:").fill(f"{HARD} {HARD}")
    plain.locator("[name=_continue]").click()
    expect(plain.locator("#id_summary_reading")).to_contain_text(f"„{HARD}“")
    expect(plain.locator(".checklist")).to_contain_text("Geht nur mit Begründung online.")


def poison(row: models.Model) -> None:
    """Put hostile strings into every column of words of a row, past any form."""
    texts = [field for field in row._meta.local_fields if isinstance(field, models.CharField | models.TextField)]
    for number, field in enumerate(texts):
        if field.choices or isinstance(field, models.SlugField | models.URLField | models.EmailField) or field.unique:
            continue
        longest = field.max_length or 4000
        strings = [text for text in HOSTILE[number % 5 :] + HOSTILE if len(text) <= longest] or [""]
        setattr(row, field.name, "\n\n".join(strings)[:longest] if longest >= 4000 else strings[0])
    row.save()


def poisoned_rows() -> Iterator[tuple[Any, list[str]]]:
    """Yield a row of each kind with the public pages that show it."""
    offer, point = Offer.objects.get(slug="bvj"), ContactPoint.objects.order_by("pk")[0]
    for part in (*offer.preconditions.all(), *offer.deadlines.all(), *point.persons.all(), *point.schedules.all()):
        poison(part)
    yield offer, [offer.get_absolute_url(), "/angebote/"]
    yield point, [point.get_absolute_url(), "/anlaufstellen/"]
    agency = Agency.objects.filter(status="published").order_by("pk")[0]
    yield agency, [agency.get_absolute_url()]
    yield SitePage.objects.get(slug="ueber"), ["/ueber/"]
    yield GlossaryTerm.objects.order_by("pk")[0], ["/glossar/"]
    yield SynonymGroup.objects.filter(is_one_way=True).order_by("pk")[0], ["/suche/?q=alert+script"]


def test_hostile_strings_run_nowhere(new_page: Callable[..., Page]) -> None:
    page = new_page()
    log_in(page, "/admin/konto/")
    page.add_init_script(COUNT)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    paths = []
    for row, public in poisoned_rows():
        poison(row)
        refresh(affected([row]))
        label = f"{row._meta.app_label}/{row._meta.model_name}"
        paths += [f"/admin/{label}/{row.pk}/change/", *public]
    actions.raise_content_version()
    for path in (*paths, "/admin/offers/offer/"):
        answer = page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        shown = (page.evaluate("window.ran"), page.evaluate("window.refused"), page.evaluate(TYPED_MARKUP))
        assert (path, shown) == (path, (0, [], []))
        assert re.search(r"alert\(1\)", page.content()), path
    assert dialogs == []
