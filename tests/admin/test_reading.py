"""How hard a text is, beside its field, and the publish checklist on the page of a record."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Agency, ContactPoint, GlossaryTerm, Page
from directory.views.reading import MAX_LENGTH
from offers.models import Offer
from tests.admin.rows import form_data, make_rows
from tests.admin.test_pages import address
from tests.factories.accounts import log_in
from tests.factories.accounts import staff as new_staff

HARD = "Die Inanspruchnahme berufsvorbereitender Bildungsangebote setzt die Erfüllung der Schulpflicht voraus. " * 3
SENTENCE = HARD.split(". ")[0] + "."


def measure(client: Client, **data: str) -> Any:
    return client.post(reverse("admin:reading"), {"text": HARD, "reader": "youth", **data})


def test_typed_text_is_answered_with_its_hard_sentences(desk: Client) -> None:
    html = measure(desk).content.decode()
    assert "Zu schwer." in html
    assert f"„{SENTENCE}“" in html
    assert "Stufe" in html
    assert "höchstens 6." in html
    assert "höchstens 8." in measure(desk, reader="staff").content.decode()
    assert "Zu kurz zum Messen." in measure(desk, text="Komm her.").content.decode()
    assert measure(desk, text=" ").content.decode().strip() == ""


def test_typed_markup_comes_back_as_text(desk: Client) -> None:
    html = measure(desk, text="<script>alert(1)</script> <img src=x onerror=alert(1)> Kunde " * 12).content.decode()
    assert "<script" not in html
    assert "<img" not in html
    assert "„Kunde“:" in html


@pytest.mark.parametrize(
    "data", [{"reader": "alle"}, {"reader": ""}, {"text": "x" * (MAX_LENGTH + 1)}], ids=["reader", "empty", "long"]
)
def test_what_no_field_sends_is_refused(desk: Client, data: dict[str, str]) -> None:
    assert measure(desk, **data).status_code == 400


def test_ten_megabytes_are_refused(desk: Client) -> None:
    desk.raise_request_exception = False
    assert measure(desk, text="x" * 10_000_000).status_code == 400


def test_only_staff_may_ask_and_only_with_the_token(client: Client, db: None) -> None:
    assert measure(client).status_code == 302
    checked = log_in(Client(enforce_csrf_checks=True), new_staff("redaktion"))
    assert measure(checked).status_code == 403


@pytest.mark.parametrize(
    ("model", "field", "reader"),
    [
        (Offer, "summary", "youth"),
        (Offer, "to_bring", "youth"),
        (ContactPoint, "directions", "youth"),
        (Agency, "what_we_do", "youth"),
        (GlossaryTerm, "explanation", "youth"),
        (Page, "body", "youth"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_text_fields_say_what_is_found_after_saving(desk: Client, model: type, field: str, reader: str) -> None:
    row = make_rows(1)[model]
    model.objects.filter(pk=row.pk).update(**{field: HARD})
    html = desk.get(address(model, "change", row.pk)).content.decode()
    (place,) = re.findall(rf'<div class="reading" id="id_{field}_reading"(.*?)</div>', html, re.DOTALL)
    assert f'data-reader="{reader}"' in place
    assert 'role="status"' in place
    assert f"„{SENTENCE}“" in place
    assert "js/reading" in html


def test_reader_hangs_on_the_row(desk: Client) -> None:
    rows = make_rows(1)
    GlossaryTerm.objects.update(audience="staff")
    assert 'data-reader="staff"' in desk.get(address(GlossaryTerm, "change", rows[GlossaryTerm].pk)).content.decode()
    Page.objects.update(slug="impressum", body=HARD)
    assert "data-reader" not in desk.get(address(Page, "change", rows[Page].pk)).content.decode()
    assert "data-reader" in desk.get(address(Page, "add")).content.decode()


def test_line_ends_of_a_browser_are_no_change(desk: Client) -> None:
    row = make_rows(1)[Agency]
    url = address(Agency, "change", row.pk)
    assert desk.post(url, {**form_data(desk.get(url)), "what_we_do": "Eins.\r\n\r\nZwei."}).status_code == 302
    assert Agency.objects.get(pk=row.pk).what_we_do == "Eins.\n\nZwei."


def test_text_that_was_refused_is_measured_as_it_stands(desk: Client) -> None:
    html = desk.post(address(Agency, "add"), {"what_we_do": HARD}).content.decode()
    assert f"„{SENTENCE}“" in html


@pytest.mark.parametrize("model", [Offer, ContactPoint, Agency, Page], ids=lambda model: model.__name__)
def test_list_leads_to_the_fields(desk: Client, model: type) -> None:
    row = make_rows(1)[model]
    if model is Offer:
        row.roles.all().delete()
        row.legal_bases.clear()
    html = desk.get(address(model, "change", row.pk)).content.decode()
    (shown,) = re.findall(r'<section class="module checklist".*?</section>', html, re.DOTALL)
    anchors = re.findall(r'href="#([^"]+)"', shown)
    assert anchors
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in html] == []


def test_list_says_in_words_what_is_open(desk: Client) -> None:
    rows = make_rows(1)
    page = address(ContactPoint, "change", rows[ContactPoint].pk)
    assert "Nichts steht im Weg." in desk.get(page).content.decode()
    ContactPoint.objects.update(verified=True, source="")
    assert "Geht nur mit Begründung online." in desk.get(page).content.decode()
    rows[ContactPoint].phones.update(number="+493023125001")
    html = desk.get(page).content.decode()
    assert "So geht es nicht online." in html
    assert "Muss anders werden" in html
    assert (
        'class="module checklist"'
        not in desk.get(address(GlossaryTerm, "change", rows[GlossaryTerm].pk)).content.decode()
    )


def test_rows_inside_an_offer_are_measured_beside_their_field(desk: Client) -> None:
    offer = make_rows(1)[Offer]
    offer.preconditions.all().delete()
    offer.preconditions.create(text="Du bist Kunde beim Jobcenter.")
    offer.deadlines.all().delete()
    offer.deadlines.create(text=SENTENCE, kind="yearly", day=1, month=3)
    html = desk.get(address(Offer, "change", offer.pk)).text

    def beside(name: str) -> str:
        (place,) = re.findall(rf'<div class="reading" id="id_{name}_reading"[^>]*>(.*?)</div>', html, re.DOTALL)
        return place.strip()

    assert "„Kunde“:" in beside("preconditions-0-text")
    assert "Längster Satz: 10 Wörter." in beside("deadlines-0-text")
    # A row that is added while the page is open carries the place with it.
    assert (beside("preconditions-__prefix__-text"), beside("deadlines-__prefix__-text")) == ("", "")
