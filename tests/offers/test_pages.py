"""The list, one offer and the Merkliste, with the county's own data."""

import json
import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.actions import raise_content_version
from directory.index.writing import changed
from directory.models import ContactPoint, GlossaryTerm
from offers.bookmarks import pack, unpack
from offers.models import Offer
from tests.factories.offers import OfferFactory

pytestmark = pytest.mark.usefixtures("fixed_day")


@pytest.fixture
def fixed_day(fix_time):
    fix_time("2026-11-23 09:30")


def text_of(response):
    return response.content.decode()


def test_list_shows_twenty_and_the_true_total(client, region):
    response = client.get("/angebote/")
    assert response.status_code == 200
    assert text_of(response).count('class="card__title"') == 20
    assert "63 Angebote" in text_of(response)
    assert response.context_data["listing"].num_pages == 4


def test_filters_narrow_and_can_be_removed_one_by_one(client, region):
    response = client.get("/angebote/", {"alter": "17", "kosten": "frei", "art": ["vorbereitung", "beratung"]})
    listing = response.context_data["listing"]
    chips = re.findall(r'<a class="chip" href="([^"]*)"><span>([^<]*)</span>', text_of(response))
    assert {card.kind for card in listing.cards} == {"vorbereitung", "beratung"}
    assert len(chips) == 4
    without_kind = next(unescape(url) for url, label in chips if label == "Beratung")
    assert parse_qs(urlsplit(without_kind).query) == {
        "alter": ["17"],
        "kosten": ["frei"],
        "art": ["vorbereitung"],
    }


def test_unknown_age_is_left_out_and_named(client, region):
    total = Offer.objects.filter(age_state="unknown").count()
    assert total
    without = client.get("/angebote/", {"alter": "17"}).context_data["listing"]
    with_them = client.get("/angebote/", {"alter": "17", "offen": "alter"}).context_data["listing"]
    assert without.unknown_left_out == {"alter": total}
    assert with_them.total == without.total + total
    assert with_them.unknown_left_out == {}


def test_count_behind_a_choice_is_what_one_gets(client, region):
    page = client.get("/angebote/", {"alter": "16"})
    counts = page.context_data["listing"].counts["stelle"]
    for value, _label in page.context_data["form"].base["stelle"]:
        count = counts.get(value, 0)
        assert client.get("/angebote/", {"alter": "16", "stelle": value}).context_data["listing"].total == count


def test_empty_list_says_what_to_drop(client, region):
    response = client.get("/angebote/", {"q": "xyzabc", "kosten": "frei"})
    assert response.context_data["listing"].total == 0
    ways = {way["label"]: way["count"] for way in response.context_data["ways_out"]}
    assert ways == {"Suchwort": Offer.objects.filter(cost="free").count()}
    html = text_of(response)
    assert "Frag einen Menschen" in html
    assert "tel:" in html
    assert "Beispieldaten – diese Nummer gibt es so nicht" in html


def test_empty_list_that_no_single_filter_explains_leads_back_to_all(client, region):
    response = client.get("/angebote/", {"q": "xyzabc", "alter": "0", "kosten": "frei", "sprache": "ar"})
    assert response.context_data["ways_out"] == [{"label": "alle Angaben", "count": 63, "url": "/angebote/"}]


def test_count_stands_beside_every_yes_or_no_choice(client, region):
    response = client.get("/angebote/", {"alter": "16"})
    counts = response.context_data["listing"].counts
    for name, words in [
        ("kosten", "kostet nichts"),
        ("ohne_antrag", "geht ohne Antrag"),
        ("online", "geht online oder am Telefon"),
        ("bald", "beginnt bald oder hat bald eine Frist"),
    ]:
        assert f"{words} ({counts[name]['1']})" in text_of(response)


def test_unknown_facts_on_a_card_say_what_is_unknown(client, region):
    changed([OfferFactory(reach="unknown", cost="unknown", cost_text="", place_note="", title="Zauberkurs")])
    raise_content_version()
    html = text_of(client.get("/angebote/", {"q": "zauberkurs"}))
    assert "Ort: wissen wir noch nicht" in html
    assert "Kosten: wissen wir noch nicht" in html


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("seite=-1", 1),
        ("seite=abc", 1),
        ("seite=0", 1),
        ("seite=99999999", 1),
        ("seite=999", 4),
        ("nach=2", 2),
        ("seite=٣", 1),
    ],
)
def test_page_number_survives_nonsense(client, region, query, page):
    response = client.get(f"/angebote/?{query}")
    assert (response.status_code, response.context_data["listing"].page) == (200, page)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("alter", "siebzehn"), ("alter", "-1"), ("alter", "100"), ("art", "quatsch"), ("stelle", "sgb5"), ("kosten", "billig"),
     ("umkreis", "7"), ("ags", "abc"), ("sort", "zufall"), ("situation", "x"), ("sprache", "xx"), ("offen", "alles"), ("bald", "ja")],
)  # fmt: skip
def test_bad_value_is_named_and_the_rest_counts(client, region, parameter, value):
    response = client.get("/angebote/", {parameter: value, "online": "1"})
    assert response.status_code == 200
    assert parameter in response.context_data["form"].errors
    assert (
        response.context_data["listing"].total
        == client.get("/angebote/", {"online": "1"}).context_data["listing"].total
    )


def test_long_search_is_cut_with_a_notice(client, region):
    response = client.get("/angebote/", {"q": "ausbildung " * 12})
    assert response.context_data["listing"].was_cut
    assert "nur die ersten Wörter" in text_of(response)


def test_postcode_leads_to_a_choice_and_outside_names_the_county(client, region):
    assert "Welchen Ort meinst du" in text_of(client.get("/angebote/", {"ort": "39326"}))
    assert "Landeshauptstadt Magdeburg" in text_of(client.get("/angebote/", {"ort": "Magdeburg"}))
    assert "kennen wir nicht" in text_of(client.get("/angebote/", {"ort": "Xyzhausen"}))


@pytest.mark.parametrize("path", ["/angebote/", "/angebote/?q=ausbildung&alter=17&ort=Barleben&umkreis=20&kosten=frei"])
def test_list_queries_do_not_grow(client, region, django_assert_num_queries, path):
    client.get(path)
    with django_assert_num_queries(1):
        client.get(path)
    changed(OfferFactory.create_batch(30, cost="free", age_state="none", reach="everywhere", title="Ausbildung"))
    raise_content_version()
    client.get(path)
    with django_assert_num_queries(2 if "q=" in path else 1):
        # Another address for the same words: the page of the very same one is kept.
        response = client.get(f"{path}&von=1" if "q=" in path else path)
    assert response.context_data["listing"].total > 30


def test_detail_answers_for_whom_chose_before(client, region):
    response = client.get("/angebote/bvj/", {"alter": "12", "abschluss": "none", "ort": "Barleben"})
    assert next(line.verdict for line in response.context_data["fit_lines"]) == "no"
    assert "Das passt gerade nicht ganz." in text_of(response)
    assert "Es geht erst ab 15. Du bist 12." in text_of(response)
    assert client.get("/angebote/bvj/").context_data["fit_lines"] == []


def test_detail_says_when_it_was_not_made_for_the_chosen_situation(client, region):
    response = client.get("/angebote/bvj/", {"situation": "new_here", "alter": "16"})
    assert "Vielleicht." in text_of(response)
    assert "nicht extra gemacht" in response.context_data["fit_lines"][-1].text


def test_detail_links_the_words_of_the_offices_without_a_query(client, region):
    GlossaryTerm.objects.create(slug="pendel-hilfe", term="Pendelhilfe", explanation="Geld für den Weg.")
    offer = OfferFactory(description="Frag nach der Pendelhilfe.", for_whom="Wer <b>Pendelhilfe</b> braucht.")
    raise_content_version()
    html = text_of(client.get(offer.get_absolute_url()))
    link = '<a class="term" href="/glossar/#pendel-hilfe">Pendelhilfe</a>'
    assert f"<p>Frag nach der {link}.</p>" in html
    assert f"Wer &lt;b&gt;{link}&lt;/b&gt; braucht." in html
    with CaptureQueriesContext(connection) as caught:
        client.get(offer.get_absolute_url())
    assert not [query for query in caught if "glossary" in query["sql"]]


def test_detail_leads_to_the_next_best_contact_for_missing_facts(client, region):
    offer = OfferFactory(duration="", acts_alone="unknown", contact=ContactPoint.objects.get(slug="aa-hdl"))
    html = text_of(client.get(offer.get_absolute_url()))
    assert html.count('class="missing"') >= 2
    assert '<a href="/anlaufstellen/aa-hdl/">Agentur für Arbeit in Haldensleben</a>' in html
    assert "Eine feste Frist kennen wir nicht" in html
    assert "/anlaufstellen/aa-hdl/kontakt.vcf" in html


def test_detail_shows_who_decides_with_and_without_jobcenter_money(client, region):
    html = text_of(client.get("/angebote/eq/"))
    assert "Ohne Geld vom Jobcenter" in html
    assert "Mit Geld vom Jobcenter" in html
    assert "<dt>Es entscheidet</dt><dd>Agentur für Arbeit</dd>" in client.get("/angebote/bvb/").content.decode()


def test_detail_without_own_contact_names_the_coordination(client, region):
    slug = Offer.objects.filter(contact__slug="koordination").values_list("slug", flat=True)[0]
    Offer.objects.filter(slug=slug).update(contact=None)
    response = client.get(f"/angebote/{slug}/")
    assert "Wir kennen noch keine eigene Anlaufstelle dafür." in text_of(response)
    assert 'href="/anlaufstellen/koordination/"' in response.content.decode()


def test_production_without_confirmed_points_still_answers(client, region, settings):
    settings.SHOW_EXAMPLE_DATA = False
    raise_content_version()
    for path in ("/angebote/", "/angebote/bvj/", "/anlaufstellen/", "/", "/merkliste/", "/eltern/"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert "Beispielstraße" not in text_of(response)
    assert "Geh zum Rathaus deiner Gemeinde" in text_of(client.get("/angebote/bvj/"))
    assert client.get("/anlaufstellen/koordination/").status_code == 404


def test_detail_query_count_is_constant(client, region, django_assert_max_num_queries):
    client.get("/angebote/bvj/")
    with django_assert_max_num_queries(2) as first:
        client.get("/angebote/bvj/", {"alter": "17"})
    offer = Offer.objects.get(slug="bvj")
    offer.contact_points.set(ContactPoint.objects.all())
    for number in range(10):
        offer.preconditions.create(text=f"Bedingung {number}")
        offer.deadlines.create(kind="yearly", month=5, day=1, text=f"Frist {number}")
    raise_content_version()
    with django_assert_max_num_queries(40) as changed_page:
        client.get("/angebote/bvj/")
    with django_assert_max_num_queries(2) as later:
        client.get("/angebote/bvj/")
    assert len(first) == len(later) < len(changed_page)


@pytest.mark.parametrize(
    "path", ["/angebote/gibt-es-nicht/", "/angebote/gibt-es-nicht/fristen.ics", "/angebote/x/qr.svg"]
)
def test_unknown_offer_is_404(client, region, path):
    assert client.get(path).status_code == 404


def test_calendar_file_has_the_coming_deadline(client, region):
    response = client.get("/angebote/bvj/fristen.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [date(2027, 3, 15)]
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_no_calendar_file_without_a_coming_date(client, region):
    assert "fristen.ics" not in text_of(client.get("/angebote/eq/"))
    assert client.get("/angebote/eq/fristen.ics").status_code == 404


def test_example_offer_is_kept_from_search_engines_and_files(client, region):
    offer = OfferFactory(is_example=True)
    offer.deadlines.create(kind="yearly", month=5, day=1, text="Frist")
    html = text_of(client.get(f"/angebote/{offer.slug}/"))
    assert '<meta name="robots" content="noindex">' in html
    assert "application/ld+json" not in html
    assert client.get(f"/angebote/{offer.slug}/fristen.ics").status_code == 404


def test_json_ld_is_data_and_cannot_be_closed(client, region):
    Offer.objects.filter(slug="bvj").update(title="</script><script>alert(1)</script>")
    html = text_of(client.get("/angebote/bvj/"))
    block = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(block)["name"] == "</script><script>alert(1)</script>"
    assert "<script>alert(1)" not in html


def test_qr_code_is_an_svg(client, region):
    response = client.get("/angebote/bvj/qr.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<?xml")


def test_api_has_the_page_order_and_counts(client, region):
    query = {"alter": "17", "sort": "passend", "seite": "2"}
    page = client.get("/angebote/", query).context_data["listing"]
    data = client.get("/api/angebote", query).json()
    assert [row["slug"] for row in data["results"]] == [card.slug for card in page.cards]
    assert data["total"] == page.total
    assert data["next"] == 3
    assert set(data) == {"query", "corrected", "place", "total", "next", "results", "facets"}
    assert set(data["results"][0]) == {"slug", "title", "kind", "score", "because"}
    assert set(data["facets"]["art"][0]) == {"value", "label", "count"}


def test_api_refuses_bad_values_and_other_methods(client, region):
    response = client.get("/api/angebote", {"abschluss": "doktor"})
    assert response.status_code == 400
    assert response.json()["parameter"] == "abschluss"
    assert response.json()["allowed"] == ["none", "hsa", "rsa", "abitur"]
    assert client.post("/api/angebote").status_code == 405
    assert not client.get("/api/angebote").cookies


def test_merkliste_by_signed_link_only(client, region):
    response = client.get("/merkliste/", {"dazu": "o:bvj"})
    assert response.status_code == 302
    packed = parse_qs(urlsplit(response["Location"]).query)["m"][0]
    assert unpack(packed) == ["o:bvj"]
    response = client.get("/merkliste/", {"m": packed, "dazu": "p:koordination"})
    packed = parse_qs(urlsplit(response["Location"]).query)["m"][0]
    html = text_of(client.get("/merkliste/", {"m": packed}))
    assert "Berufsvorbereitungsjahr" in html
    assert "Beispielstraße 1" in html
    assert "15. März 2027" in html
    response = client.get("/merkliste/", {"m": packed, "weg": "o:bvj"})
    assert unpack(parse_qs(urlsplit(response["Location"]).query)["m"][0]) == ["p:koordination"]
    assert client.get("/merkliste/", {"m": packed, "leeren": "1"})["Location"] == "/merkliste/"


def test_merkliste_prints_the_hours_of_the_coming_days(client, region):
    html = text_of(client.post("/merkliste/", {"k": ["p:koordination", "o:bvj"]}))
    assert "Zeiten in den nächsten sieben Tagen" in html
    assert "Montag, 23. November:" in html


def test_merkliste_travels_with_the_links(client, region):
    packed = pack(["o:bvj"])
    html = text_of(client.get("/angebote/", {"m": packed}))
    assert f"/merkliste/?m={packed.replace(':', '%3A')}" in html
    assert html.count("dazu=o:") == 20


@pytest.mark.parametrize("value", ["Unfug", "a:b:c", "x" * 5000, "\ud800".encode("utf-8", "surrogatepass")])
def test_tampered_merkliste_is_said_kindly(client, region, value):
    response = client.get("/merkliste/", {"m": value})
    assert response.status_code == 200
    assert "nicht mehr ganz" in text_of(response)


def test_merkliste_from_the_browser_sets_no_cookie(client, region):
    response = client.post("/merkliste/", {"k": ["o:bvj", "p:jc-hdl", "o:gibt-es-nicht", "<script>"]})
    assert "Berufsvorbereitungsjahr" in text_of(response)
    assert "1 Eintrag gibt es nicht mehr" in text_of(response)
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"


def test_ten_thousand_offers_keep_the_query_count(client, region, django_assert_num_queries):
    Offer.objects.bulk_create(
        Offer(slug=f"viele-{number}", title=f"Angebot {number}", summary="Text", kind="beratung", status="published")
        for number in range(10_000)
    )
    raise_content_version()
    client.get("/angebote/")
    with django_assert_num_queries(2):  # the version, and the rows of cards nobody has seen before
        response = client.get("/angebote/", {"seite": "400"})
    assert response.context_data["listing"].total == 10_063
