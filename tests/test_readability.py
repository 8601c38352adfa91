"""Every running text is easy enough for its readers; the twenty hardest are printed."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from directory.models import Agency, ContactPoint, GlossaryTerm
from directory.readability import plain, without_names
from offers.models import Offer
from tests.urls_under_test import PAGES
from tools.readability import LIMITS, Text, measure, official_names, page_texts

WORST = 20
OFFER_TEXTS = ("summary", "description", "for_whom", "decides_text", "steps", "gets_text", "cost_text", "duration")


def record_texts() -> Iterator[Text]:
    """Yield the texts of the records field by field, also of those no page in the list shows."""
    for offer in Offer.objects.prefetch_related("preconditions", "deadlines"):
        for name in OFFER_TEXTS:
            yield Text(f"offers/{offer.slug} {name}", "youth", getattr(offer, name))
        for row in [*offer.preconditions.all(), *offer.deadlines.all()]:
            yield Text(f"offers/{offer.slug} {row._meta.model_name}", "youth", row.text)
    for point in ContactPoint.objects.all():
        yield Text(f"contact_points/{point.slug} summary", "youth", point.summary)
        yield Text(f"contact_points/{point.slug} directions", "youth", point.directions)
    for agency in Agency.objects.all():
        yield Text(f"agencies/{agency.slug} what_we_do", "youth", agency.what_we_do)
    for term in GlossaryTerm.objects.all():
        audience = "youth" if term.audience == GlossaryTerm.Audience.ALL else "staff"
        yield Text(f"glossary/{term.slug}", audience, term.explanation)


def shown_texts(client: Client) -> Iterator[Text]:
    """Yield the paragraphs and list items of every page as visitors see them."""
    for page in PAGES:
        if page.is_html and page.audience != "law":
            yield from page_texts(page.path, page.audience, page.open(client).content.decode())


@pytest.mark.slow
def test_running_texts_are_easy_enough(region: None, client: Client, capsys: Any) -> None:
    texts = [*record_texts(), *shown_texts(client)]
    measured = measure(texts, official_names(settings.REGION_DIR))
    with capsys.disabled():
        lines = [
            f"\nThe {WORST} hardest of {len(measured)} running texts (limits: {LIMITS})",
            *map(str, measured[:WORST]),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
    assert len(measured) > 100
    assert [str(row) for row in measured if row.is_too_hard] == []


def test_official_names_are_names_and_not_patterns() -> None:
    names = official_names(settings.REGION_DIR)
    assert len(names) == len(set(names))
    assert [name for name in names if len(name) < 4 or len(name) > 80 or any(sign in name for sign in "*?[]\\|")] == []


def test_names_are_left_out_as_whole_words_only() -> None:
    text = "Die Berufsberatung hilft. Berufsberatungen gibt es oft."
    assert without_names(text, ["Berufsberatung"]) == "Die hilft. Berufsberatungen gibt es oft."


def test_longer_name_goes_before_the_shorter_one_inside_it() -> None:
    assert without_names("Frag die Agentur für Arbeit Haldensleben.", ["Agentur", "Agentur für Arbeit"]) == (
        "Frag die Haldensleben."
    )


def test_list_items_count_as_sentences() -> None:
    markdown = "Bring mit:\n\n- **Ausweis**\n- [Zeugnis](https://example.org)\n"
    assert plain(markdown) == "Bring mit: Ausweis. Zeugnis."


def test_hard_text_is_found() -> None:
    hard = "Die Inanspruchnahme berufsvorbereitender Bildungsmaßnahmen setzt grundsätzlich die Erfüllung der " * 3
    (measured,) = measure([Text("x", "youth", hard)], [])
    assert measured.is_too_hard


def test_easy_text_passes() -> None:
    easy = "Du hast noch keinen Platz? Ruf uns an. Wir hören dir zu. Dann suchen wir mit dir. Das kostet nichts. Komm vorbei."
    (measured,) = measure([Text("x", "youth", easy)], [])
    assert not measured.is_too_hard
