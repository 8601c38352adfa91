"""The finder's pages with harmless answers: everything stands in the address."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from counseling.finder.facts import CONCERNS
from counseling.finder.tree import DOORS, MAX_CHOICES, MAX_DOORS
from counseling.flow import unseal
from directory.actions import raise_content_version
from directory.asking import Ways
from directory.models import ContactPoint
from ruemsa_portal.cache_rules import PUBLIC
from tests.counseling.finder_walk import FINDER, Seen, look, press, walk, without_seal, write

HOME = settings.REGION["coordination_point"]


def parameters(seen: Seen) -> dict[str, list[str]]:
    return parse_qs(urlsplit(seen.response.request["PATH_INFO"] + "?" + seen.response.request["QUERY_STRING"]).query)


def test_first_page_shows_at_most_eight_doors(region: None, client: Client) -> None:
    seen = look(client, FINDER)
    doors = [node for node in seen.tree.all("a", "button") if "door" in node.attributes.get("class", "").split()]
    assert len(doors) == len(DOORS) <= MAX_DOORS
    assert (seen.response["Cache-Control"], dict(seen.response.cookies)) == (PUBLIC, {})


@pytest.mark.parametrize("door", [door for door in DOORS if not door.sensitive], ids=lambda door: door.key)
def test_harmless_door_shows_its_choices(door: Any, region: None, client: Client) -> None:
    seen = press(client, look(client, FINDER), door.label.mich)
    answers = [node for node in seen.tree.all("a", "button") if "answer" in node.attributes.get("class", "").split()]
    assert len(answers) == len(door.choices) + 1 <= MAX_CHOICES + 1
    assert parameters(seen) == {"tuer": [door.key]}
    assert seen.response["Cache-Control"] == PUBLIC


def test_whole_path_by_links(region: None, client: Client) -> None:
    seen = walk(client, look(client, FINDER), "Schule", "Ich will wissen")
    assert (seen.heading, "Frage 2 von höchstens 8" in seen.text) == ("Wie alt bist du?", True)
    seen = write(client, seen, age="17")
    assert seen.heading == "Wo wohnst du?"
    seen = write(client, seen, ort="Haldensleben")
    assert parameters(seen) == {
        "concern": ["at_school"], "age": ["17"], "place": ["15083270"], "ort": ["Haldensleben"],
    }  # fmt: skip
    assert seen.is_result
    assert seen.heading == "Agentur für Arbeit in Haldensleben"
    assert (seen.response["Cache-Control"], dict(seen.response.cookies)) == (PUBLIC, {})


def test_same_address_gives_the_same_page(region: None, client: Client, fix_time: Any) -> None:
    fix_time("2026-11-24 10:00")
    address = f"{FINDER}?concern=at_school&age=17&place=15083270"
    pages = {without_seal(client.get(address).content.decode()) for _time in range(2)}
    assert len(pages) == 1


def test_every_question_says_why_and_takes_i_do_not_know(region: None, client: Client) -> None:
    for address in ("?concern=at_school", "?concern=at_school&frage=place", "?concern=left_without_certificate&age=16"):
        seen = look(client, FINDER + address)
        assert "Warum fragen wir das?" in seen.text
        after = press(client, seen, "Weiß ich nicht")
        assert after.heading != seen.heading


def test_i_do_not_know_is_kept_and_not_asked_again(region: None, client: Client) -> None:
    seen = press(client, look(client, f"{FINDER}?concern=at_school"), "Weiß ich nicht")
    assert parameters(seen)["skip"] == ["age"]
    assert seen.heading != "Wie alt bist du?"
    row = seen.text[seen.text.index("Deine Antworten") :]
    assert "Wie alt bist du? Weiß ich nicht" in row


def test_answer_can_be_changed_and_the_others_stay(region: None, client: Client) -> None:
    result = look(client, f"{FINDER}?concern=at_school&age=17&place=15083415&ort=Oschersleben+(Bode)")
    asked = press(client, result, "Ändern: Wie alt bist du?")
    assert asked.heading == "Wie alt bist du?"
    again = write(client, asked, age="15")
    assert parameters(again) == {
        "concern": ["at_school"], "age": ["15"], "place": ["15083415"], "ort": ["Oschersleben (Bode)"],
    }  # fmt: skip
    assert again.is_result
    other = walk(client, again, "Ändern: Worum geht es?", "Schule", "Ich will einen Abschluss nachholen")
    assert parameters(other)["concern"] == ["catch_up_certificate"]
    assert (parameters(other)["age"], parameters(other)["place"]) == (["15"], ["15083415"])


def test_back_leads_to_the_question_before(region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=at_school&age=17")
    seen = press(client, seen, "Zurück")
    assert seen.heading == "Wie alt bist du?"
    assert (
        "17" in next(node for node in seen.tree.all("input") if node.attributes.get("id") == "age").attributes["value"]
    )
    assert press(client, seen, "Zurück").heading == "Worum geht’s bei dir?"


def test_result_may_be_had_at_once_and_says_what_is_missing(region: None, client: Client) -> None:
    seen = press(client, look(client, f"{FINDER}?concern=seeking_training&age=17"), "Ergebnis jetzt zeigen")
    assert seen.is_result
    assert "Wahrscheinlich deine Tür" in seen.text
    settled = press(client, seen, "Kommt bei euch Geld vom Amt?")
    assert settled.heading == "Kommt bei euch Geld vom Amt?"
    assert settled.response.request["QUERY_STRING"] == ""


def test_postcode_alone_is_answered_with_a_choice(region: None, client: Client) -> None:
    seen = write(client, look(client, f"{FINDER}?concern=at_school&age=17"), ort="39326")
    assert "Welcher Ort ist mit „39326“ gemeint?" in seen.text
    assert press(client, seen, "Colbitz").is_result


def test_place_outside_is_said_and_leads_on(region: None, client: Client) -> None:
    seen = write(client, look(client, f"{FINDER}?concern=at_school&age=17"), ort="Magdeburg")
    assert "Magdeburg gehört zu" in seen.text
    result = press(client, seen, "Ja, Magdeburg")
    assert parameters(result)["place"] == ["00000000"]
    assert result.is_result
    assert "Du wohnst nicht im" in result.text
    assert "Magdeburg" in result.text[result.text.index("Deine Antworten") :]
    assert result.heading == "Agentur für Arbeit"
    assert f"/anlaufstellen/{HOME}/" in result.links().values()


def test_unknown_place_is_asked_again_with_the_list(region: None, client: Client) -> None:
    seen = write(client, look(client, f"{FINDER}?concern=at_school&age=17"), ort="Xyzzyhausen")
    assert "Den Ort „Xyzzyhausen“ kennen wir nicht." in seen.text
    assert seen.title.startswith("Fehler:")
    assert press(client, seen, "Barleben").is_result


def test_stranger_cannot_write_into_a_page(region: None, client: Client) -> None:
    html = client.get(f"{FINDER}?concern=at_school&age=17&place=15083270&ort=Ruf+0900+123+an").content.decode()
    assert "0900" not in html
    html = client.get(f"{FINDER}?concern=at_school&age=17&place=00000000&ort=Ruf+0900+123+an").content.decode()
    assert "0900" not in html


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("concern=at_school&age=abc", "Wie alt bist du?"),
        ("concern=at_school&age=1000", "Wie alt bist du?"),
        ("concern=at_school&age=17&place=abc", "Wo wohnst du?"),
        ("concern=at_school&status=asleep", "Was machst du gerade?"),
        ("concern=nothing", "Worum geht’s bei dir?"),
        ("concern=at_school&age=", "Wie alt bist du?"),
        ("unknown=1&concern=at_school", "Wie alt bist du?"),
        ("frage=nothing&concern=at_school", "Wie alt bist du?"),
        ("tuer=nothing", "Worum geht’s bei dir?"),
        ("fuer=hund", "Worum geht’s bei dir?"),
    ],
)
def test_wrong_value_asks_the_question_again(query: str, heading: str, region: None, client: Client) -> None:
    response = client.get(f"{FINDER}?{query}")
    assert (response.status_code, Seen(response).heading) == (200, heading)


def test_parents_read_sie_and_the_third_person(region: None, client: Client) -> None:
    seen = press(client, look(client, FINDER), "Für mein Kind")
    assert parameters(seen) == {"fuer": ["kind"]}
    seen = walk(client, seen, "Schule", "Mein Kind sucht einen Beruf")
    assert seen.heading == "Wie alt ist Ihr Kind?"
    result = press(client, seen, "12 bis 17")
    result = press(client, result, "Weiß ich nicht")
    assert "Ihre Antworten" in result.text
    text = result.text.replace("„Die Börde braucht dich“", "")
    assert not {"du", "dir", "dich", "dein", "deine"} & {word.strip(".,?!:").lower() for word in text.split()}


def test_professionals_see_the_paragraphs_at_once(region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=at_school&age=17&place=15083270&fuer=beruf")
    (why,) = [node for node in seen.tree.all("details") if "result__why" in node.attributes.get("class", "")]
    assert "open" in why.attributes
    text = why.text()
    assert "R-sch-1" in text and "§§ 29" in text and "geprüft am" in text and "gilt ab" in text
    youth = look(client, f"{FINDER}?concern=at_school&age=17&place=15083270")
    (closed,) = [node for node in youth.tree.all("details") if "result__why" in node.attributes.get("class", "")]
    assert "open" not in closed.attributes


def test_result_has_all_its_parts(region: None, client: Client) -> None:
    text = look(client, f"{FINDER}?concern=at_school&age=17&place=15083270").text
    parts = [
        "Deine Tür", "So geht’s weiter", "Das nimmst du mit", "Auch dabei", "Nicht zuständig",
        "Das könnte zu dir passen", "Gut zu wissen", "Deine Antworten", "Warum?",
    ]  # fmt: skip
    positions = [text.index(part) for part in parts]
    assert positions == sorted(positions)
    assert "Falsche Tür?" in text
    assert "Deine Eltern müssen davon nichts wissen" in text


def test_result_shows_three_to_five_offers_each_with_a_reason(region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=at_school&age=17&place=15083270")
    (items,) = [node for node in seen.tree.all("ul") if node.attributes.get("class") == "finder-offers"]
    rows = [node for node in items.all("li") if any(True for _ in node.all("h3"))]
    assert 3 <= len(rows) <= 5
    for row in rows:
        assert len(next(row.all("p")).text()) > 10
        assert "alter=17" in next(row.all("a")).attributes["href"]


def test_missing_local_record_is_said_with_the_next_best_person(region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=money_parents&age=19&place=15083270&ergebnis=1")
    assert seen.heading == "Familienkasse"
    assert "Angabe fehlt" in seen.text
    assert "Hier erreichst du einen Menschen" in seen.text


def test_deadlines_go_into_a_calendar(region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=left_without_certificate&age=16&ergebnis=1")
    response = client.get(seen.links()["In den Kalender"])
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART;VALUE=DATE:20270315" in response.content
    assert client.get(f"{FINDER}fristen.ics").status_code == 404


def test_who_does_not_know_meets_a_human(region: None, client: Client) -> None:
    seen = press(client, look(client, FINDER), "Weiß ich nicht")
    assert seen.is_result
    assert f"/anlaufstellen/{HOME}/" in seen.links().values()
    assert "Erzähl einfach, was los ist." in seen.text


@pytest.mark.parametrize(("age", "hint"), [("8", "Du bist noch keine 12?"), ("34", "Du bist 27 oder älter?")])
def test_younger_and_older_readers_get_a_word(age: str, hint: str, region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=at_school&age={age}&ergebnis=1")
    assert hint in seen.text


def test_answer_that_decides_is_marked(region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=left_without_certificate&age=16&ergebnis=1")
    rows = {next(row.all("dt")).text(): row.text() for row in seen.tree.all("div") if any(True for _ in row.all("dt"))}
    assert "Davon hängt deine Tür ab." in rows["Wie alt bist du?"]


def test_moving_is_answered(region: None, client: Client) -> None:
    assert "Ziehst du gerade um?" in look(client, f"{FINDER}?concern=at_school&age=17&place=15083270").text


def test_without_any_data_a_human_way_is_named(db: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=at_school&age=17&ergebnis=1")
    assert seen.is_result
    assert "Geh zum Rathaus deiner Gemeinde" in seen.text


@pytest.mark.parametrize("concern", [key for key, row in CONCERNS.items() if not row.sensitive])
def test_questions_end_after_eight(concern: str, region: None, client: Client) -> None:
    for choice in (0, -2):
        seen, asked = look(client, f"{FINDER}?concern={concern}"), 1
        while not seen.is_result:
            asked += 1
            assert asked <= 8, seen.heading
            assert f"Frage {asked} von höchstens 8" in seen.text
            answers = [node for node in seen.tree.all("a", "button") if "answer" in node.attributes.get("class", "")]
            seen = press(client, seen, " ".join(answers[choice].text().split()))


def test_queries_stay_few(region: None, client: Client, django_assert_max_num_queries: Any) -> None:
    result = f"{FINDER}?concern=at_school&age=17&place=15083270"
    look(client, result)
    for address in (
        FINDER,
        f"{FINDER}?tuer=schule",
        f"{FINDER}?concern=at_school",
        f"{FINDER}?concern=at_school&age=17",
    ):
        with django_assert_max_num_queries(4):
            client.get(address)
    with django_assert_max_num_queries(10):
        client.get(result)


def test_question_costs_few_queries_even_after_a_change(
    region: None, client: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.versions._kept", {})
    with django_assert_max_num_queries(4):
        client.get(f"{FINDER}?concern=at_school")


def test_a_kept_result_follows_a_change_of_the_content(region: None, client: Client) -> None:
    address = f"{FINDER}?concern=at_school&age=17&place=15083270"
    first = client.get(address).content.decode()
    slug = re.search(r'href="/anlaufstellen/([-a-z0-9]+)/', first)
    assert slug
    assert "Ein neuer Name" not in first
    ContactPoint.objects.filter(slug=slug[1]).update(name="Ein neuer Name")
    raise_content_version()
    assert "Ein neuer Name" in client.get(address).content.decode()


def test_a_kept_page_carries_the_seal_of_its_own_answers(region: None, client: Client) -> None:
    answers = {}
    for query in ("", "?fuer=kind", "?fuer=beruf", ""):
        seal = re.search(r'name="stand" value="([^"]+)"', client.get(f"{FINDER}{query}").content.decode())
        opened = unseal(seal[1]) if seal else None
        assert opened is not None
        answers[query] = (opened[0].view, opened[1])
    assert answers == {"": ("mich", "concern"), "?fuer=kind": ("kind", "concern"), "?fuer=beruf": ("beruf", "concern")}


def test_a_result_says_at_once_that_somebody_reads(
    region: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{FINDER}?concern=at_school&age=17&place=15083270"
    write = "/beratung/anfrage/?stelle=somewhere"
    assert write not in client.get(address).content.decode()
    monkeypatch.setattr("counseling.views.finder.ways_to", lambda *_point, **_when: Ways(write))
    assert write in client.get(address).content.decode()
