"""Sensitive answers travel by POST only, sealed; nothing of them stays anywhere."""

import io
import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from counseling.finder import situation_from_dict
from counseling.finder.facts import CONCERNS, FACTS
from counseling.finder.tree import DOORS
from counseling.flow import SALT, SEAL_SECONDS, Answers, query, seal, unseal
from ruemsa_portal.logs import PlainFormatter
from tests.counseling.finder_walk import FINDER, Seen, look, press, walk, write

SENSITIVE_CONCERNS = [key for key, row in CONCERNS.items() if row.sensitive]
SENSITIVE_FACTS = [key for key, fact in FACTS.items() if fact.sensitive]
YOUTH_OFFICE = settings.REGION["youth_office_point"]


def assert_private(seen: Seen) -> None:
    """No cookie, not kept, neutral title, quick exit, emergency numbers, nothing in the address."""
    assert seen.response["Cache-Control"] == "no-store"
    assert dict(seen.response.cookies) == {}
    assert seen.title.removeprefix("Fehler: ").split(" – ")[0].split()[0] in {"Frage", "Ergebnis"}
    exits = [node for node in seen.tree.all("a") if "data-quick-exit" in node.attributes]
    # The button, and the hidden link that comes second by keyboard.
    assert len(exits) == 2
    assert {"tel:112", "tel:110", "tel:116111"} <= set(seen.links().values())
    assert f"/anlaufstellen/{YOUTH_OFFICE}/" in seen.links().values()
    assert seen.response.request["QUERY_STRING"] == ""


def no_secret_in_addresses(seen: Seen) -> None:
    """No link, form or image of the page holds a sensitive key or concern."""
    addresses = [
        value
        for node in seen.tree.all()
        for name, value in node.attributes.items()
        if name in {"href", "action", "src"}
    ]
    words = [f"{name}=" for name in SENSITIVE_FACTS] + [f"concern={key}" for key in SENSITIVE_CONCERNS]
    # "disability" begins "disability_mental"; a harmless concern never begins with a sensitive one.
    assert [address for address in addresses for word in words if word in address] == []


@pytest.mark.parametrize(
    "door", [door for door in DOORS if door.sensitive and len(door.choices) > 1], ids=lambda door: door.key
)
def test_sensitive_door_opens_by_post_only(door: Any, region: None, client: Client) -> None:
    seen = press(client, look(client, FINDER), door.label.mich)
    assert_private(seen)
    no_secret_in_addresses(seen)
    by_address = client.get(f"{FINDER}?tuer={door.key}")
    assert (by_address.status_code, by_address["Location"]) == (302, FINDER)


@pytest.mark.parametrize("concern", SENSITIVE_CONCERNS)
def test_sensitive_concern_is_stripped_from_an_address(concern: str, region: None, client: Client) -> None:
    response = client.get(f"{FINDER}?concern={concern}&age=17")
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (
        302,
        f"{FINDER}?age=17",
        "no-store",
    )
    assert Seen(client.get(response["Location"])).heading == "Worum geht’s bei dir?"


@pytest.mark.parametrize("name", SENSITIVE_FACTS)
def test_sensitive_fact_is_stripped_from_an_address(name: str, region: None, client: Client) -> None:
    for part in (f"{name}=yes", f"skip={name}", f"frage={name}"):
        response = client.get(f"{FINDER}?concern=at_school&age=17&{part}")
        assert (response.status_code, response["Location"]) == (302, f"{FINDER}?concern=at_school&age=17")


def test_trouble_at_home_reaches_a_human_after_two_questions(region: None, client: Client) -> None:
    seen = walk(client, look(client, FINDER), "Zuhause und Wohnen", "Zu Hause geht es nicht mehr")
    assert "Frage 2 von höchstens 2" in seen.text
    assert_private(seen)
    result = press(client, seen, "12 bis 17")
    assert result.is_result
    assert_private(result)
    no_secret_in_addresses(result)
    assert result.links()[next(label for label in result.links() if "Jugendamt" in label)].endswith(f"/{YOUTH_OFFICE}/")
    assert "Deine Eltern müssen davon nichts wissen" in result.text


def test_only_talking_reaches_a_human_after_two_questions(region: None, client: Client) -> None:
    seen = press(client, look(client, FINDER), "Ich will nur reden")
    assert "Frage 2 von höchstens 2" in seen.text
    result = press(client, seen, "12 bis 17")
    assert result.is_result
    assert_private(result)


@pytest.mark.parametrize("concern", SENSITIVE_CONCERNS)
@pytest.mark.parametrize("view", ["mich", "kind", "beruf"])
def test_every_sensitive_path_stays_private(concern: str, view: str, region: None, client: Client) -> None:
    start = Answers(situation_from_dict({"concern": concern})[0], view=view)
    for choice in (0, -2, -1):
        seen = Seen(client.post(FINDER, {"stand": seal(start)}))
        for _question in range(9):
            assert_private(seen)
            no_secret_in_addresses(seen)
            if seen.is_result:
                break
            answers = [
                node for node in seen.tree.all("a", "button") if "answer" in node.attributes.get("class", "").split()
            ]
            if choice == 0 and "places.js" in seen.response.content.decode():
                seen = write(client, seen, ort="Wolmirstedt")
            else:
                seen = press(client, seen, " ".join(answers[choice].text().split()))
        assert seen.is_result


def test_first_sensitive_question_moves_everything_into_the_form(region: None, client: Client) -> None:
    seen = look(client, f"{FINDER}?concern=seeking_training&age=17")
    assert (seen.heading, seen.response["Cache-Control"]) == ("Kommt bei euch Geld vom Amt?", "no-store")
    after = press(client, seen, "Ja, vom Jobcenter")
    assert_private(after)
    result = write(client, after, ort="Wolmirstedt")
    assert (result.is_result, result.heading) == (True, "Jobcenter in Wolmirstedt")
    assert_private(result)
    assert "Deine Familie bekommt Geld vom Jobcenter" in result.text or "Geld vom Jobcenter" in result.text


def test_sensitive_answer_can_be_changed_and_the_others_stay(region: None, client: Client) -> None:
    seen = walk(client, look(client, f"{FINDER}?concern=seeking_training&age=17&place=15083270"), "Ja, vom Jobcenter")
    assert seen.heading == "Jobcenter in Haldensleben"
    asked = press(client, seen, "Ändern: Kommt bei euch Geld vom Amt?")
    assert asked.heading == "Kommt bei euch Geld vom Amt?"
    other = press(client, asked, "Nein")
    assert other.heading == "Agentur für Arbeit in Haldensleben"
    answers = unseal(other.stand)
    assert answers is not None
    assert (str(answers[0].situation.age), answers[0].situation.place) == ("17", "15083270")


def test_taking_the_secret_back_leads_to_a_plain_address(region: None, client: Client) -> None:
    seen = walk(client, look(client, FINDER), "Schule", "Ich gehe nicht mehr hin", "Weiß ich nicht")
    seen = press(client, seen, "Ändern: Worum geht es?")
    seen = walk(client, seen, "Schule", "Ich will wissen")
    assert seen.response.request["QUERY_STRING"] == "concern=at_school&skip=age"


def test_i_do_not_know_about_a_secret_is_a_secret(region: None, client: Client) -> None:
    seen = press(client, look(client, f"{FINDER}?concern=seeking_training&age=17"), "Weiß ich nicht")
    assert_private(seen)
    assert "benefit" not in seen.response.request["QUERY_STRING"]


def test_parents_at_the_same_place(region: None, client: Client) -> None:
    start = Answers(situation_from_dict({"concern": "needs_social_support", "age": "16"})[0])
    seen = Seen(client.post(FINDER, {"stand": seal(start, "parents_place"), "frage": "parents_place"}))
    assert seen.heading == "Wo wohnen deine Eltern?"
    seen = press(client, seen, "Am gleichen Ort wie ich")
    assert seen.heading == "Wo wohnst du?"
    seen = write(client, seen, ort="Wolmirstedt")
    known = unseal(seen.stand)
    assert known is not None
    assert (known[0].situation.place, known[0].situation.parents_place) == ("15083565", "15083565")
    assert seen.heading not in {"Wo wohnst du?", "Wo wohnen deine Eltern?"}


def test_urgent_result_offers_the_place_as_a_choice(region: None, client: Client) -> None:
    result = walk(client, look(client, FINDER), "Ich will nur reden", "12 bis 17", "Wo wohnen deine Eltern?")
    assert result.heading == "Wo wohnen deine Eltern?"
    result = write(client, result, ort="Oschersleben")
    assert (result.is_result, result.heading) == (True, "Jugendamt in Haldensleben")


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: "x" + text, lambda text: "", lambda text: "A" * 5000]
)
def test_tampered_seal_starts_again_kindly(change: Any, region: None, client: Client) -> None:
    stand = seal(Answers(situation_from_dict({"concern": "homeless", "age": "17"})[0]), "place")
    seen = Seen(client.post(FINDER, {"stand": change(stand), "antwort": "15083270"}, follow=True))
    assert (seen.response.status_code, seen.heading) == (200, "Worum geht’s bei dir?")
    if change(stand):
        assert "Fang bitte noch einmal an." in seen.text
        assert seen.response["Cache-Control"] == "no-store"


def test_seal_of_another_form_does_not_fit(region: None, client: Client) -> None:
    foreign = signing.dumps({"facts": {"concern": "homeless"}}, salt="merkliste")
    assert "Fang bitte noch einmal an." in Seen(client.post(FINDER, {"stand": foreign})).text


def test_old_seal_starts_again_kindly(region: None, client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(seconds=SEAL_SECONDS + 5)):
        stand = seal(Answers(situation_from_dict({"concern": "homeless"})[0]), "age")
    seen = Seen(client.post(FINDER, {"stand": stand, "age": "17"}))
    assert "Die Seite war lange offen." in seen.text
    assert SALT == "counseling.finder"


@pytest.mark.parametrize(
    "answer", ["x" * 150, "99999999 <script>alert(1)</script>", "15083270 Ruf 0900 an", "\x00", "same", "yes"]
)
@pytest.mark.parametrize("asked", ["place", "parents_place", "benefit", "age", "concern", "nothing"])
def test_wrong_answer_asks_again(answer: str, asked: str, region: None, client: Client) -> None:
    stand = seal(Answers(situation_from_dict({"concern": "homeless"})[0]), asked)
    seen = Seen(client.post(FINDER, {"stand": stand, "antwort": answer}))
    assert seen.response.status_code == 200
    assert "<script>" not in seen.response.content.decode() and "0900" not in seen.text


def test_harmless_post_becomes_an_address(region: None, client: Client) -> None:
    response = client.post(FINDER, {"concern": "at_school"})
    assert (response.status_code, response["Location"]) == (302, f"{FINDER}?concern=at_school")


def test_no_sensitive_word_fits_into_a_query() -> None:
    facts = {name: next(iter(fact.values), "15083270") for name, fact in FACTS.items()} | {"age": "17"}
    for concern in SENSITIVE_CONCERNS:
        answers = Answers(situation_from_dict({"concern": concern, **facts})[0], skipped=frozenset(SENSITIVE_FACTS))
        assert concern not in query(answers)
        assert [name for name in SENSITIVE_FACTS if f"{name}=" in query(answers).replace("place=15083270", "", 1)] == []


def test_sensitive_calendar_comes_by_post(region: None, client: Client) -> None:
    answers = Answers(situation_from_dict({"concern": "left_without_certificate", "age": "16", "benefit": "sgb2"})[0])
    seen = Seen(client.post(FINDER, {"stand": seal(answers), "ergebnis": "1"}))
    forms = [form for form in seen.tree.all("form") if form.attributes["action"] == f"{FINDER}fristen.ics"]
    assert len(forms) == 1
    response = client.post(f"{FINDER}fristen.ics", {"stand": seen.stand})
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert b"benefit" not in response.content and b"sgb2" not in response.content
    assert client.post(f"{FINDER}fristen.ics", {"stand": "broken"}).status_code == 404


def test_sensitive_result_has_no_address_to_share(region: None, client: Client) -> None:
    answers = Answers(situation_from_dict({"concern": "homeless", "age": "17", "place": "15083270"})[0])
    html = client.post(FINDER, {"stand": seal(answers), "ergebnis": "1"}).content.decode()
    assert "data-copy" not in html
    assert "Die Stelle auf dem Handy" in html


def test_needs_no_cookie_and_no_token(region: None) -> None:
    client = Client(enforce_csrf_checks=True)
    seen = Seen(client.post(FINDER, {"concern": "just_talk"}))
    assert (seen.response.status_code, dict(client.cookies)) == (200, {})


def test_log_holds_no_query_and_no_answer(region: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter())
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "django.server", "counseling")]
    for logger in loggers:
        logger.addHandler(handler)
    # Talk more than in service: refusals are written down as well, so something could leak.
    monkeypatch.setattr(logging.getLogger("django.request"), "level", logging.DEBUG)
    logging.getLogger("django.request").manager._clear_cache()
    try:
        walk(client, look(client, FINDER), "Zuhause und Wohnen", "Ich habe keine Wohnung", "Weiß ich nicht")
        client.get(f"{FINDER}?concern=homeless&benefit=sgb2")
        client.get("/api/zustaendigkeit?concern=homeless&benefit=sgb2")
        client.post("/api/zustaendigkeit", b"{broken homeless", content_type="application/json")
        client.get(f"{FINDER}fristen.ics?concern=homeless")
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    written = stream.getvalue()
    assert "zustaendigkeit" in written
    assert [word for word in ("homeless", "benefit", "sgb2", "?") if word in written] == []


def test_queries_stay_few_on_private_pages(region: None, client: Client, django_assert_max_num_queries: Any) -> None:
    answers = Answers(situation_from_dict({"concern": "homeless", "age": "17", "place": "15083270"})[0])
    client.post(FINDER, {"stand": seal(answers), "ergebnis": "1"})
    with django_assert_max_num_queries(4):
        client.post(FINDER, {"stand": seal(answers), "frage": "age"})
    with django_assert_max_num_queries(10):
        client.post(FINDER, {"stand": seal(answers), "ergebnis": "1"})


def test_front_knocks_on_private_doors_by_post(region: None, client: Client) -> None:
    front = look(client, "/")
    name, value = next(pair for words, pair in front.buttons().items() if words.startswith("Zu Hause"))
    opened = Seen(client.post(FINDER, {name: value}))
    assert opened.heading == "Zuhause und Wohnen: Was passt zu dir?"
    assert_private(opened)
    no_secret_in_addresses(front)
