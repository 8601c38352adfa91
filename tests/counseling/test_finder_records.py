"""Rules and scenarios as records: the whole format, its mistakes, there and back."""

import json
import tomllib
from datetime import date

import pytest

from counseling.finder import parse_records, parse_rule, parse_scenario, rule_to_dict, scenario_to_dict
from counseling.finder.conditions import ALWAYS, All, Between, In

FULL = """
[[rule]]
key = "R-seek-2"
concerns = ["seeking_training"]
body = "jobcenter"
condition = { all = [
  { fact = "age", between = [15, 26] },
  { fact = "benefit", in = ["alg1_and_sgb2", "sgb2"] },
] }
overrides = ["R-seek-1"]
priority = 2
owner = "jobcenter-boerde"
legal_basis = "§ 22 Abs. 4 SGB III"
source = "https://www.gesetze-im-internet.de/sgb_3/__22.html"
legal_state = "29. April 2026"
checked_on = 2026-11-22
valid_from = 2026-07-01
valid_to = 2027-06-30
under_review = true
act_alone = "from_15"
title = { youth = "Ich suche", parents = "Ihr Kind sucht" }
what_for = { youth = "Sucht mit dir.", parents = "Sucht mit Ihrem Kind." }
bring = { youth = ["dein Zeugnis"], parents = ["das Zeugnis"] }
steps = { youth = ["Ruf an."], parents = ["Rufen Sie an."] }
also = [
  { body = "aa", youth = "Berät dich.", parents = "Berät." },
  { body = "traeger", name = "Kompetenzagentur", youth = "Hilft.", parents = "Hilft." },
]
not = [ { body = "school", youth = "Die Schule nicht.", parents = "Die Schule nicht." } ]
deadlines = [ { youth = "Bis 15. März.", parents = "Bis 15. März.", month = 3, day = 15 }, { youth = "Bald.", parents = "Bald." } ]
offers = [ { key = "eq", youth = "Passt.", parents = "Passt." } ]
[rule.why]
youth = "Darum."
parents = "Deshalb."

[[scenario]]
name = "Aufstocker"
note = "§ 22 Abs. 4 S. 5 SGB III"
view = "kind"
on = 2026-11-22
facts = { concern = "seeking_training", age = "15-17", benefit = "alg1_and_sgb2" }
door = "aa"
probable = false
also = ["jobcenter", "Kompetenzagentur"]
not = ["school"]
rules = ["R-seek-3"]
protective = ["wrong_door"]
next_question = ""
"""


@pytest.fixture(name="parsed")
def _parsed():
    parsed = parse_records(tomllib.loads(FULL), "seek.toml")
    assert not parsed.errors
    return parsed


def test_every_field_of_a_rule_is_read(parsed):
    (rule,) = parsed.rules
    assert rule.condition == All((Between("age", 15, 26), In("benefit", ("sgb2", "alg1_and_sgb2"))))
    assert (rule.role, rule.body, rule.concerns, rule.overrides, rule.priority) == (
        "door",
        "jobcenter",
        ("seeking_training",),
        ("R-seek-1",),
        2,
    )
    assert (rule.valid_from, rule.valid_to, rule.checked_on) == (
        date(2026, 7, 1),
        date(2027, 6, 30),
        date(2026, 11, 22),
    )
    assert rule.source == ("https://www.gesetze-im-internet.de/sgb_3/__22.html",)
    assert (rule.owner, rule.act_alone, rule.under_review, rule.is_active) == (
        "jobcenter-boerde",
        "from_15",
        True,
        True,
    )
    assert rule.why.for_view("mich") == "Darum."
    assert rule.why.for_view("beruf") == "Deshalb."
    assert [(helper.body, helper.name) for helper in rule.also] == [("aa", ""), ("traeger", "Kompetenzagentur")]
    assert [other.body for other in rule.not_] == ["school"]
    assert [(d.month, d.day) for d in rule.deadlines] == [(3, 15), (None, None)]
    assert (rule.offers[0].key, rule.bring.youth, rule.steps.parents) == ("eq", ("dein Zeugnis",), ("Rufen Sie an.",))


def test_every_field_of_a_scenario_is_read(parsed):
    (scenario,) = parsed.scenarios
    assert scenario.facts == {"concern": "seeking_training", "age": "15-17", "benefit": "alg1_and_sgb2"}
    assert (scenario.door, scenario.view, scenario.on, scenario.probable) == ("aa", "kind", date(2026, 11, 22), False)
    assert (scenario.also, scenario.not_, scenario.rules) == (
        ("jobcenter", "Kompetenzagentur"),
        ("school",),
        ("R-seek-3",),
    )
    assert (scenario.protective, scenario.next_question) == (("wrong_door",), "")


def test_rules_and_scenarios_survive_json(parsed):
    for rule in parsed.rules:
        assert parse_rule(json.loads(json.dumps(rule_to_dict(rule)))) == (rule, ())
    for scenario in parsed.scenarios:
        assert parse_scenario(json.loads(json.dumps(scenario_to_dict(scenario)))) == (scenario, ())


def test_a_rule_without_condition_holds_for_everybody():
    rule, errors = parse_rule({"key": "R-a", "concerns": ["unemployed"], "body": "aa"})
    assert not errors
    assert rule.condition == ALWAYS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": " "}, "key: Dieses Feld darf nicht leer sein."),
        ({"key": 7}, "key: Hier muss ein Text stehen."),
        ({"colour": "red"}, "colour: Dieses Feld gibt es nicht."),
        ({"not_": []}, "not_: Dieses Feld gibt es nicht."),
        ({"body": "bank"}, "body: „bank“ gibt es nicht."),
        ({"role": "window"}, "role: „window“ gibt es nicht."),
        ({"concerns": ["any"]}, "concerns: „any“ gibt es nicht."),
        ({"concerns": []}, "role: Eine Tür-Regel braucht"),
        ({"concerns": ["*"]}, "role: Eine Tür-Regel braucht"),
        ({"role": "place"}, "bodies: Eine Orts-Regel braucht"),
        ({"role": "protective"}, "sentence: Eine Schutz-Regel braucht"),
        ({"role": "view"}, "view: Eine Sicht-Regel braucht"),
        ({"valid_from": "2026-02-30"}, "valid_from: „2026-02-30“ ist kein Datum."),
        ({"valid_from": "2027-01-01", "valid_to": "2026-01-01"}, "valid_to: Das Ende liegt vor dem Anfang."),
        ({"is_active": "ja"}, "is_active: Hier steht true oder false."),
        ({"priority": True}, "priority: Hier muss eine ganze Zahl stehen."),
        ({"also": [{"body": "bank"}]}, "also › 1 › body: „bank“ gibt es nicht."),
        ({"also": [{"body": "aa", "du": "x"}]}, "also › 1 › du: Dieses Feld gibt es nicht."),
        ({"also": "aa"}, "also: Hier muss eine Liste stehen."),
        ({"also": ["aa"]}, "also › 1: Hier muss ein Eintrag mit Feldern stehen."),
        ({"deadlines": [{"youth": "x", "month": 2, "day": 30}]}, "deadlines › 1 › day: Monat und Tag"),
        ({"deadlines": [{"youth": "x", "month": 2}]}, "deadlines › 1 › day: Monat und Tag"),
        ({"offers": [{"youth": "x"}]}, "offers › 1 › key: Dieses Feld darf nicht leer sein."),
        ({"what_for": "x"}, "what_for: Hier müssen Felder mit Werten stehen."),
        ({"condition": {"fact": "benefit", "eq": "sgb5"}}, "Bedingung: Der Wert „sgb5“ gehört nicht zu"),
    ],
)
def test_each_mistake_of_a_rule_has_its_place_and_words(change, message):
    raw = {"key": "R-a", "concerns": ["unemployed"], "body": "aa"} | change
    parsed = parse_records({"rule": [raw]}, "a.toml")
    assert not parsed.rules
    assert any(message in str(error) for error in parsed.errors), [str(error) for error in parsed.errors]
    assert all(error.path.startswith("a.toml › ") for error in parsed.errors)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"door": ""}, "door: „“ gibt es nicht."),
        ({"facts": {"concern": "any"}}, "facts › concern: Dieses Anliegen kennen wir nicht."),
        ({"facts": {"shoe": 44}}, "facts: Die Angabe „shoe“ gibt es nicht."),
        ({"facts": {"age": 100}}, "facts › age: Das Alter ist"),
        ({"next_question": "shoe"}, "next_question: Die Angabe „shoe“ gibt es nicht."),
        ({"view": "oma"}, "view: „oma“ gibt es nicht."),
    ],
)
def test_each_mistake_of_a_scenario_has_its_place_and_words(change, message):
    parsed = parse_records({"scenario": [{"name": "x", "facts": {"concern": "unemployed"}, "door": "aa"} | change]})
    assert not parsed.scenarios
    assert any(message in str(error) for error in parsed.errors), [str(error) for error in parsed.errors]


@pytest.mark.parametrize("raw", [{"rule": None}, {"rule": "x"}, {"rule": [7]}, {"scenario": {}}, {"other": []}])
def test_odd_files_never_make_the_reader_fail(raw):
    parsed = parse_records(raw)
    assert not parsed.rules and not parsed.scenarios
    assert bool(parsed.errors) == (raw != {"rule": None})
