"""The search over everything, its suggestions, and what the list and the JSON say about a search."""

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from counseling.finder.facts import CONCERNS
from counseling.search_source import concern_words
from directory.actions import raise_content_version
from directory.index.writing import rebuild
from directory.models import GlossaryTerm
from directory.parts import shelf
from directory.versions import content_version
from offers.models import Offer, SearchGap
from ruemsa_portal.cache_rules import PUBLIC
from ruemsa_portal.suggestions import phrases
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory
from tests.naughty import NAUGHTY
from tools.markup import Node, parse

SUGGEST = "/suche/vorschlaege/"
PAGES = ["/suche/", "/angebote/"]


@pytest.fixture(autouse=True)
def now(fix_time: Any) -> None:
    fix_time("2026-11-22 10:00")


def main(client: Client, path: str, **query: str) -> Node:
    response = client.get(path, query)
    assert response.status_code == 200
    return next(parse(response.content.decode()).all("main"))


def links(tree: Node) -> list[str]:
    return [node.attributes["href"] for node in tree.all("a")]


def link(tree: Node, text: str) -> str:
    (found,) = [node.attributes["href"] for node in tree.all("a") if text in node.text()]
    return found


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


@pytest.fixture
def findable(db: None) -> None:
    OfferFactory(slug="drin", title="Töpfern lernen", summary="Hier kannst du mit Ton arbeiten.")
    OfferFactory(slug="entwurf", title="Töpfern im Entwurf", status="draft")
    OfferFactory(slug="anderes", title="Tanzen")
    ContactPointFactory(slug="haus", name="Haus zum Töpfern", town="Dorf")
    AgencyFactory(slug="amt", name="Amt für Töpfern")
    AgencyFactory(slug="luecke", name="Töpfern unbekannt", is_gap=True)
    GlossaryTerm.objects.create(slug="toepfern", term="Töpfern", explanation="Man formt etwas aus Ton.")
    rebuild()
    raise_content_version()


# --- the page -------------------------------------------------------------------------


def test_groups_hold_what_is_public(client: Client, findable: None) -> None:
    tree = main(client, "/suche/", q="Töpfern")
    assert [node.text() for node in tree.all("h2")] == ["Angebote", "Anlaufstellen", "Stellen", "Wörter erklärt"]
    assert links(tree) == ["/angebote/drin/", "/anlaufstellen/haus/", "/stellen/amt/", "/glossar/#toepfern"]
    assert "4 Treffer" in tree.text()


def test_hit_says_what_it_is_where_and_why(client: Client, findable: None) -> None:
    tree = main(client, "/suche/", q="toepfern")
    assert [node.text() for node in tree.all("mark")] == ["Töpfern"] * 4
    eyebrows = [node.text() for node in tree.all("p") if node.attributes.get("class") == "card__eyebrow"]
    assert eyebrows == ["Beratung", "Anlaufstelle", "Stelle", "Wort erklärt"]
    facts = [node.text() for node in tree.all("ul") if node.attributes.get("class") == "card__facts"]
    assert facts == ["Ort: wissen wir noch nicht", "Dorf"]


def test_hit_that_shows_no_word_of_the_search_names_it(client: Client, db: None) -> None:
    OfferFactory(slug="drin", title="Kurs", description="Wir fahren zum Segeln an den See.")
    rebuild()
    raise_content_version()
    for path in PAGES:
        assert "Passt zu: segeln" in main(client, path, q="segeln").text()


def test_without_words_there_is_only_the_field(client: Client, findable: None) -> None:
    for query in ({}, {"q": ""}, {"q": "   "}):
        tree = main(client, "/suche/", **query)
        assert list(tree.all("h2")) == []


def test_all_offers_are_a_link_away(client: Client, db: None) -> None:
    for number in range(12):
        OfferFactory(title=f"Segeln {number}")
    rebuild()
    raise_content_version()
    tree = main(client, "/suche/", q="segeln")
    assert len(list(tree.all("article"))) == 10
    more = link(tree, "Alle 12 Angebote")
    assert query_of(more) == {"q": ["segeln"]}
    assert client.get(more).context_data["listing"].total == 12


def test_page_list_and_json_have_one_order(client: Client, region: None) -> None:
    for text in ("ausbildung", "geld vom amt für führerschein", "praktikum wolmirstedt"):
        tree = main(client, "/suche/", q=text)
        found = [href for href in links(tree) if href.startswith("/angebote/") and "?" not in href]
        rows = client.get("/api/angebote", {"q": text}).json()["results"]
        cards = client.get("/angebote/", {"q": text}).context_data["listing"].cards
        assert [card.slug for card in cards] == [row["slug"] for row in rows]
        assert found == [f"/angebote/{row['slug']}/" for row in rows[:10]]


def test_typed_markup_is_shown_as_text(client: Client, findable: None) -> None:
    tree = main(client, "/suche/", q="<script>alert(1)</script> töpfern")
    assert list(tree.all("script")) == []
    assert next(tree.all("input")).attributes["value"] == "<script>alert(1)</script> töpfern"


def test_page_of_one_word_holds_nothing_of_another(client: Client, region: None) -> None:
    texts = [client.get("/suche/", {"q": text}).content.decode() for text in ("praktikum", "ausbildung", "praktikum")]
    for html, own, other in ((texts[0], "praktikum", "ausbildung"), (texts[1], "ausbildung", "praktikum")):
        page = parse(html)
        title = next(page.all("title")).text()
        assert own in title and other not in title
        assert [node.attributes["value"] for node in page.all("input")] == [own]
        (more,) = [href for href in links(page) if href.startswith("/angebote/?q=")]
        assert query_of(more) == {"q": [own]}
    assert texts[0] == texts[2]


def test_titles_are_text_inside_and_outside_of_marks(client: Client, db: None) -> None:
    OfferFactory(title="<b>Segeln</b> & <i>Rudern</i>")
    rebuild()
    raise_content_version()
    for path in PAGES:
        html = client.get(path, {"q": "segeln"}).content.decode()
        assert "&lt;b&gt;<mark>Segeln</mark>&lt;/b&gt; &amp; &lt;i&gt;Rudern" in html


def test_search_sets_no_cookie(client: Client, region: None) -> None:
    for text in ("ausbildung", "stress zu hause", "xyzzyquux"):
        assert not client.get("/suche/", {"q": text}).cookies
    assert not client.get(SUGGEST, {"q": "aus"}).cookies


# --- the door the words sound like ----------------------------------------------------


def test_harmless_concern_is_one_link_into_the_finder(client: Client, region: None) -> None:
    tree = main(client, "/suche/", q="Schule abgebrochen")
    assert "Das klingt nach: Ich bin ohne Abschluss raus" in tree.text()
    assert link(tree, "Finde deine Stelle") == "/zustaendigkeit/?concern=left_without_certificate"


SENSITIVE = sorted(key for key, row in CONCERNS.items() if row.sensitive and concern_words().get(key))


@pytest.mark.parametrize("key", SENSITIVE)
def test_sensitive_concern_is_in_no_address(client: Client, region: None, key: str) -> None:
    named = 0
    for phrase in concern_words()[key][:3]:
        response = client.get("/suche/", {"q": phrase})
        html = response.content.decode()
        assert "?concern=" + key not in html
        answer = response.context_data["answer"]
        if answer is None or not answer.is_private:
            continue
        named += 1
        (button,) = [node for node in parse(html).all("button") if node.attributes.get("name") == "concern"]
        assert response["Cache-Control"] == "no-store"
        assert "Seite schnell verlassen" in html
        assert f"<title>Suche – {settings.REGION['short_name']}</title>" in html
        after = Client(enforce_csrf_checks=True).post("/zustaendigkeit/", {"concern": button.attributes["value"]})
        assert after.status_code == 200
        assert not after.cookies
    assert named


def test_clear_words_name_their_concern(client: Client, region: None) -> None:
    for text, key in [("ich suche eine ausbildung", "seeking_training"), ("ich hab kein plan", "no_next_step")]:
        assert client.get("/suche/", {"q": text}).context_data["answer"].way.url == f"/zustaendigkeit/?concern={key}"


def test_name_of_an_office_is_no_concern(client: Client, region: None) -> None:
    for text in ("jobcenter", "bvb", "kreisvolkshochschule", "was mit tiere", "beratung"):
        assert client.get("/suche/", {"q": text}).context_data["answer"] is None, text


# --- what is said about the search ----------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_correction_is_said_and_can_be_refused(client: Client, region: None, path: str) -> None:
    tree = main(client, path, q="pratikum", sort="neu")
    assert "Wir zeigen Treffer für „Praktikum“." in tree.text()
    literal = link(tree, "Nur nach „pratikum“ suchen")
    assert query_of(literal) == {"q": ["pratikum"], "genau": ["1"], "sort": ["neu"]}
    tree = main(client, path + literal)
    assert "Wir zeigen Treffer" not in tree.text()
    assert list(tree.all("mark")) == []


@pytest.mark.parametrize("path", PAGES)
def test_place_is_said_and_can_be_left_out(client: Client, region: None, path: str) -> None:
    tree = main(client, path, q="praktikum wolmirstedt", seite="1")
    assert "Wir zeigen zuerst, was bei Wolmirstedt liegt." in tree.text()
    away = link(tree, "Ort weglassen")
    assert query_of(away) == {"q": ["praktikum"]}
    assert "bei Wolmirstedt" not in main(client, path + away).text()


@pytest.mark.parametrize("path", PAGES)
def test_word_that_stands_nowhere_is_named(client: Client, region: None, path: str) -> None:
    assert "Dazu haben wir nichts gefunden: xyzzyquux." in main(client, path, q="praktikum xyzzyquux").text()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "text", ["ausbildung praktikum schule geld wohnung hilfe jobcenter kurs messe beruf", "praktikum " + "a" * 200]
)
def test_what_is_too_long_is_cut_with_a_notice(client: Client, region: None, path: str, text: str) -> None:
    tree = main(client, path, q=text)
    assert "Wir haben nur die ersten Wörter genommen" in tree.text()
    assert list(tree.all("mark"))


def test_nothing_found_leads_on(client: Client, region: None) -> None:
    tree = main(client, "/suche/", q="xyzzyquux")
    assert "Dazu haben wir nichts gefunden" in tree.text()
    assert "/zustaendigkeit/" in links(tree)
    assert [href for href in links(tree) if href.startswith("tel:")]


def test_nothing_found_without_any_data_still_leads_on(client: Client, db: None) -> None:
    tree = main(client, "/suche/", q="xyzzyquux")
    assert links(tree) == ["/zustaendigkeit/"]
    assert "Geh zum Rathaus deiner Gemeinde" in tree.text()


# --- suggestions ----------------------------------------------------------------------


def suggested(client: Client, text: str) -> list[str]:
    response = client.get(SUGGEST, {"q": text})
    assert response["Cache-Control"] == PUBLIC
    assert response["Content-Type"] == "application/json"
    found = json.loads(response.content)
    assert len(found) <= 8
    assert len({text.casefold() for text in found}) == len(found)
    return found


def test_suggestions_begin_anywhere_and_in_any_spelling(client: Client, findable: None) -> None:
    assert "Töpfern lernen" in suggested(client, "toep")
    assert "Töpfern lernen" in suggested(client, "TÖP")
    assert "Töpfern lernen" in suggested(client, "ler")
    assert "Tanzen" in suggested(client, "tan")
    assert "Töpfern lernen" in suggested(client, "töpfern le")


def test_suggestions_know_only_what_is_public(client: Client, findable: None) -> None:
    Offer.objects.filter(slug="anderes").update(published_from=date(2027, 1, 1))
    raise_content_version()
    assert not [text for text in suggested(client, "töp") if "Entwurf" in text]
    assert suggested(client, "entw") == []
    assert suggested(client, "tanz") == []


def test_suggestions_hold_words_places_and_explained_words(client: Client, region: None) -> None:
    assert "Praktikum" in suggested(client, "prak")
    assert "Wolmirstedt" in suggested(client, "wolm")
    assert "praktikum Wolmirstedt" in suggested(client, "praktikum wolm")
    assert "Jugendamt" in suggested(client, "jugend")


@pytest.mark.parametrize("text", ["", "p", " ", "?!", "x" * 5000, "töpfern lernen"])
def test_suggestions_may_be_none(client: Client, findable: None, text: str) -> None:
    assert suggested(client, text) == []


def test_suggestions_refuse_other_methods(client: Client, db: None) -> None:
    assert client.post(SUGGEST).status_code == 405


@bounds(max_examples=200, deadline=None)
@given(st.lists(st.text("abc äß-(", max_size=12), max_size=8), st.text("abc ä", min_size=1, max_size=4))
def test_phrases_are_found_by_the_beginning_of_a_word(texts: list[str], start: str) -> None:
    """The same as asking every word of every phrase."""
    key = phrases([start]).lines.strip("\n")
    if not key:
        return
    rows = phrases(texts)
    keys = rows.lines.strip("\n").split("\n") if rows.shown else []
    wanted = {shown for shown, own in zip(rows.shown, keys, strict=True) if f" {own}".find(f" {key}") >= 0}
    assert set(rows.matching(key)) == wanted


# --- JSON -----------------------------------------------------------------------------


def test_json_says_what_was_searched_and_why(client: Client, region: None) -> None:
    data = client.get("/api/angebote", {"q": "pratikum wolmirstedt"}).json()
    assert (data["query"], data["corrected"]) == ("pratikum wolmirstedt", "Praktikum wolmirstedt")
    assert data["place"]["name"] == "Wolmirstedt"
    scores = [row["score"] for row in data["results"]]
    assert scores == sorted(scores, reverse=True)
    assert {row["because"] for row in data["results"]} == {"Passt zu: pratikum"}
    assert client.get("/api/angebote", {"q": "pratikum", "genau": "1"}).json()["corrected"] is None
    assert client.get("/api/angebote", {"q": "pratikum", "genau": "ja"}).status_code == 400


def test_json_prefers_the_chosen_place(client: Client, region: None) -> None:
    data = client.get("/api/angebote", {"q": "praktikum wolmirstedt", "ort": "Barleben"}).json()
    assert data["place"]["name"] == "Barleben"


# --- how much it costs ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "query", "number"),
    [
        ("/suche/", {"q": "segeln kurs"}, 3),
        ("/angebote/", {"q": "segeln kurs"}, 2),
        ("/api/angebote", {"q": "segeln kurs"}, 2),
        (SUGGEST, {"q": "seg"}, 1),
    ],
)
def test_queries_are_the_same_for_many_offers(
    client: Client, region: None, django_assert_num_queries: Any, path: str, query: dict[str, str], number: int
) -> None:
    AgencyFactory(name="Amt für Segeln")

    def fill(more: int) -> None:
        for _ in range(more):
            OfferFactory(title=f"Segeln Kurs {Offer.objects.count()}")
        rebuild()
        raise_content_version()
        client.get(path, query)

    # Another address for the same words: the page of the very same one is kept.
    fill(10)
    with django_assert_num_queries(number):
        client.get(path, {**query, "von": "1"})
    fill(190)
    with django_assert_num_queries(number):
        client.get(path, {**query, "von": "2"})


@pytest.mark.parametrize("path", PAGES)
def test_page_of_the_same_words_is_counted_each_time_and_new_after_a_change(
    client: Client, findable: None, path: str
) -> None:
    for visits in (1, 2):
        assert "Tanzen" in main(client, path, q="tanzen").text()
        assert SearchGap.objects.get().count == visits
    OfferFactory(title="Tanzen am Abend")
    rebuild()
    raise_content_version()
    assert "am Abend" in main(client, path, q="tanzen").text()


def test_page_that_names_a_private_concern_is_kept_nowhere(client: Client, region: None) -> None:
    seen = [client.get("/suche/", {"q": concern_words()[key][0]}) for key in SENSITIVE]
    private = [response for response in seen if response["Cache-Control"] == "no-store"]
    assert private
    assert len(shelf("word-pages", content_version())) == len(seen) - len(private)


# --- bad input ------------------------------------------------------------------------


def test_naughty_searches_are_answered(client: Client, region: None) -> None:
    client.raise_request_exception = False
    for text in NAUGHTY:
        for path in ("/suche/", "/api/angebote", SUGGEST):
            for query in ({"q": text}, {"q": f"praktikum {text} wolmirstedt", "genau": "1"}):
                assert client.get(path, query).status_code == 200, (path, text[:60])


@pytest.mark.slow
@bounds(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300))
def test_any_text_is_answered(client: Client, region: None, text: str) -> None:
    for path in ("/suche/", "/angebote/", "/api/angebote", SUGGEST):
        assert client.get(path, {"q": text}).status_code == 200
