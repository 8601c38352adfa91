"""The county's own folder: complete, and silent about what nobody confirmed."""

import io
import re
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Q
from django.test import Client

from directory.models import Agency, ContactPoint, Locality, Municipality, Page, Status
from offers.models import Offer

GAPS = {"jmd-boerde", "ifd-boerde", "ka-boerde", "famico-boerde", "familienkasse", "bafoeg-amt", "verfahrenslotse"}
# Sources of 2016 or older, or none that was kept.
OLD = {"jba-boerde", "khs", "awo-hdl", "awo-oebis", "drk-oc", "paritaet-eb", "stabil-rahn", "stabil-sbh"}
TEXTS = [path for path in settings.REGION_DIR.rglob("*") if path.is_file()]


def slugs(rows: object) -> set[str]:
    return set(rows.values_list("slug", flat=True))


def test_every_row_of_the_facts_is_there(region: None) -> None:
    numbers = [model.objects.count() for model in (Municipality, Locality, Agency, Offer)]
    assert numbers == [34, 137, 73, 63]


def test_agencies_by_group(region: None) -> None:
    schools = Agency.objects.filter(kind=Agency.Kind.SCHOOL)
    vocational = Agency.objects.filter(kind=Agency.Kind.VOCATIONAL_SCHOOL)
    assert (schools.count(), vocational.count()) == (34, 2)
    assert set(schools.values_list("status", flat=True)) == {Status.DRAFT}
    assert slugs(Agency.objects.filter(is_gap=True)) == GAPS
    drafts = Agency.objects.filter(status=Status.DRAFT).exclude(kind=Agency.Kind.SCHOOL)
    assert slugs(drafts) == OLD
    assert Counter(Agency.objects.values_list("status", flat=True)) == {Status.DRAFT: 42, Status.PUBLISHED: 31}


def test_gaps_and_old_contacts_show_no_address_and_no_number(region: None) -> None:
    silent = Q(owner__slug__in=GAPS | OLD) | Q(owner__kind=Agency.Kind.SCHOOL)
    assert slugs(ContactPoint.objects.filter(silent)) == set()
    assert slugs(Agency.objects.filter(slug__in=GAPS).exclude(website="")) == set()
    texts = Agency.objects.filter(slug__in=GAPS | OLD).values_list("name", "what_we_do", "short_name")
    assert [text for row in texts for text in row if re.search(r"\d{3}|straße|str\.", text, re.IGNORECASE)] == []


def test_offers_left_out_on_purpose_are_not_there(region: None) -> None:
    assert slugs(Offer.objects.filter(slug__in=["sapea", "bgj", "jsb", "praxisberater"])) == set()
    assert set(Offer.objects.values_list("status", flat=True)) == {Status.PUBLISHED}


def test_contact_points_show_a_district(region: None) -> None:
    points = ContactPoint.objects.published(on=ContactPoint.objects.first().checked_on)
    assert points.count() >= 12
    assert points.exclude(municipality=None).values("municipality").distinct().count() >= 8
    unconfirmed = points.filter(is_example=False, verified=False)
    assert slugs(unconfirmed) == set()


def test_example_points_outside_the_facts_are_marked(region: None) -> None:
    invented = ContactPoint.objects.filter(slug__startswith="treff-")
    assert set(invented.values_list("is_example", "verified")) == {(True, False)}


def test_every_offer_names_a_contact_and_a_kind_of_access(region: None) -> None:
    assert slugs(Offer.objects.filter(contact=None)) == set()
    assert slugs(Offer.objects.filter(steps="")) == set()
    assert slugs(Offer.objects.filter(Q(for_whom="") | Q(description="") | Q(decides_text=""))) == set()


def test_every_offer_has_everyday_words_and_no_page_shows_them(region: None, client: Client) -> None:
    for offer in Offer.objects.all():
        lines = offer.asked_as.splitlines()
        assert len(lines) >= 25, offer.slug
        assert len(set(map(str.lower, lines))) == len(lines), offer.slug
    # A line no text of the page says by itself.
    offer = Offer.objects.get(slug="eq")
    assert "Ausbildung auf Probe" in offer.asked_as
    assert "Ausbildung auf Probe" not in client.get(offer.get_absolute_url()).text


def test_law_pages_have_a_working_default(region: None) -> None:
    wanted = {"impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "gebaerdensprache", "ueber"}
    assert slugs(Page.objects.filter(slug__in=wanted)) == wanted


def test_loading_again_changes_nothing(region: None) -> None:
    out = io.StringIO()
    call_command("load_region", str(settings.REGION_DIR), stdout=out)
    assert re.search(r"Fertig: 0 neu, 0 geändert, \d{3} gleich, 0 übersprungen$", out.getvalue().strip())


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(settings.REGION_DIR).as_posix())
def test_folder_stands_on_its_own(path: object) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\.\./|/work/|shared/|\bTODO\b|\bFIXME\b", text) == []


def test_loader_knows_no_county() -> None:
    root = settings.BASE_DIR
    sources = [*(root / "offers/region").glob("*.py"), *(root / "offers/management/commands").glob("*.py")]
    sources += [root / "offers/launch.py", root / "offers/generated.py", root / "offers/search_source.py"]
    county = settings.REGION["name"].removeprefix("Landkreis ")
    words = {
        county.casefold(),
        settings.REGION["key"],
        settings.REGION["county_code"],
        settings.REGION["state"].casefold(),
    }
    assert [path.name for path in sources if any(word in path.read_text().casefold() for word in words)] == []
