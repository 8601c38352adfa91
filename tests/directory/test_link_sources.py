"""Where addresses stand: every field that holds one is known, found and can be given another."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from directory.link_sources import addresses_in_texts, addresses_of, in_data, in_markdown, in_words, replaced, sources
from directory.models import Page
from offers.models import Deadline
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory

OLD = "https://alt.example.org/seite"
# Shown through the Markdown filter of the templates, or said to hold addresses in the help text.
TEXTS = {"offers.offer.description", "directory.contactpoint.directions", "directory.page.body"}
# The way into a room with a person: only its agency and who booked see it, so it stays out of the list of links.
PRIVATE = {"counseling.slotrule.video_link"}


def test_every_address_field_is_registered() -> None:
    known = {f"{source.label}.{name}" for source in sources() for name in source.fields}
    wanted = set(TEXTS)
    for model in apps.get_models():
        if model._meta.app_label in ("accounts", "directory", "offers", "counseling"):
            wanted |= {
                f"{model._meta.label_lower}.{field.name}"
                for field in model._meta.local_fields
                if isinstance(field, models.URLField)
                or (field.name in ("source", "source_url") and not field.is_relation)
            }
    assert wanted - known == PRIVATE


def test_registered_fields_and_ways_to_agencies_exist(db: None) -> None:
    for source in sources():
        assert {field.name for field in source.model._meta.get_fields()} >= set(source.fields)
        list(source.rows().filter(**{source.agencies: 1} if source.agencies else {}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "[Seite](https://a.example/x_(y)) und <https://b.example/>",
            ["https://a.example/x_(y)", "https://b.example/"],
        ),
        ("[intern](/angebote/), [Mail](mailto:a@b.example), `https://c.example/`", []),
        ("[Größe](https://a.example/größe?a=1&b=2)", ["https://a.example/größe?a=1&b=2"]),
        ("![Bild](https://a.example/b.png)", []),
        ("", []),
    ],
)
def test_links_of_markdown(text: str, found: list[str]) -> None:
    assert list(in_markdown(text)) == found


def test_addresses_in_words_and_data() -> None:
    assert list(in_words("Siehe https://a.example/x, HTTP://B.example/. Ende")) == [
        "https://a.example/x",
        "HTTP://B.example/",
    ]
    assert list(in_data({"a": ["https://a.example/"], "b": 1, "c": {"d": "x https://b.example/y"}})) == [
        "https://a.example/",
        "https://b.example/y",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD, "NEU"),
        (f"Siehe {OLD}. Und {OLD}, {OLD}/mehr und {OLD}2", f"Siehe NEU. Und NEU, {OLD}/mehr und {OLD}2"),
        (
            f"[a]({OLD}) <{OLD}> {OLD}?x=1 {OLD}#y {OLD}-neu {OLD}.html",
            f"[a](NEU) <NEU> {OLD}?x=1 {OLD}#y {OLD}-neu {OLD}.html",
        ),
        ({"a": [OLD, 3]}, {"a": ["NEU", 3]}),
        (None, None),
    ],
)
def test_an_address_is_replaced_and_longer_ones_stay(before: object, after: object) -> None:
    assert replaced(before, OLD, "NEU") == after


def test_addresses_of_a_record_and_of_what_hangs_on_it(db: None, django_assert_num_queries) -> None:
    text = f"[alt]({OLD}) [gut](https://gut.example.org/) [noch einmal]({OLD})"
    offer = OfferFactory(description=text, source="Aus https://quelle.example/")
    Deadline.objects.create(
        offer=offer, kind="yearly", month=3, day=1, text="Komm.", source_url="https://frist.example/"
    )
    wanted = [OLD, "https://gut.example.org/", "https://quelle.example/", "https://frist.example/"]
    with django_assert_num_queries(1):
        assert addresses_of(offer) == wanted
    offer.description = "[neu](https://neu.example/)"
    assert addresses_of(offer) == ["https://neu.example/", *wanted[2:]]
    assert addresses_of(AgencyFactory(website=OLD)) == [OLD]
    assert addresses_of(AgencyFactory()) == []


def test_the_files_of_the_region_are_looked_through(db: None) -> None:
    found = set(addresses_in_texts())
    assert ("region.toml", settings.REGION["website"]) in found
    assert {name for name, _address in found} >= {"region.toml", "pages/credits.md"}
    Page.objects.create(slug="credits", title="Quellen", body="Ohne Links.")
    assert "pages/credits.md" not in {name for name, _address in addresses_in_texts()}


def test_rows_that_hold_an_address(db: None) -> None:
    holds = ContactPointFactory(directions=f"[Plan]({OLD})")
    ContactPointFactory(website=f"{OLD}/anders")
    (source,) = [source for source in sources() if source.label == "directory.contactpoint"]
    assert source.holding(OLD) == [holds]
    assert source.subject(holds) == f"directory.contactpoint:{holds.pk}"
