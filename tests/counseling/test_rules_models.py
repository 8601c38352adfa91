"""Rows and finder records say the same; what the finder does not understand is refused next to its field."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from counseling.finder import facts, parse_records, rule_to_dict, rules, scenario_to_dict
from counseling.models import ResponsibilityRule, RuleSet, Scenario
from counseling.models.records import (
    BrokenRecordError,
    content_print,
    rule_of,
    rule_print,
    rule_values,
    scenario_of,
    scenario_values,
)
from counseling.models.rules import ACT_ALONE_CHOICES, PLACE_CHOICES, ROLE_CHOICES, SENTENCE_CHOICES, VIEW_CHOICES
from tests.counseling.rule_samples import NOW, agencies, both, content, loaded, records

FULL_RULE: dict[str, Any] = {
    "key": "R-x-1",
    "role": "door",
    "concerns": ["truancy"],
    "body": "school",
    "condition": {"all": [{"fact": "age", "between": [None, 17]}, {"not": {"fact": "place", "eq": "15083"}}]},
    "overrides": ["R-seek-1"],
    "priority": -2,
    "owner": "aa",
    "legal_basis": "§ 40 SchulG LSA",
    "source": ["https://example.org/a", "https://example.org/b"],
    "legal_state": "Stand April 2026",
    "checked_on": "2026-11-01",
    "valid_from": "2026-07-01",
    "valid_to": "2027-06-30",
    "under_review": True,
    "is_active": False,
    "act_alone": "from_15",
    "title": both("Titel"),
    "what_for": {"youth": "Für dich.", "parents": "Für Sie."},
    "why": both("Darum."),
    "bring": {"youth": ["Ausweis"], "parents": ["Ausweis", "Zeugnis"]},
    "steps": {"youth": ["Ruf an."], "parents": ["Rufen Sie an."]},
    "also": [{"body": "traeger", "name": "Lotse", **both("Hilft.")}],
    "not": [{"body": "aa", **both("Nein.")}],
    "deadlines": [both("Bald."), {**both("Jährlich."), "month": 2, "day": 29}],
    "offers": [{"key": "eq", **both("Passt.")}],
}
OTHER_ROLES: list[dict[str, Any]] = [
    {
        "key": "R-p",
        "role": "protective",
        "concerns": ["*"],
        "sentence": "confidential",
        "bodies": ["jugendamt"],
        "what_for": both("Still."),
    },
    {"key": "R-l", "role": "place", "bodies": ["*"], "place_fact": "parents_place", "what_for": both("Dort.")},
    {"key": "R-v", "role": "view", "concerns": ["*"], "view": "kind", "body": "aa", "what_for": both("Für Eltern.")},
]


def draft() -> RuleSet:
    return RuleSet.objects.create(number=7, created_at=NOW)


def stored(record: dict[str, Any]) -> ResponsibilityRule:
    (rule,) = content({"rule": [record]}).rules
    agency = agencies().get(rule.owner)
    row = ResponsibilityRule(rule_set=draft(), owner=agency, **rule_values(rule))
    row.full_clean()
    row.save()
    return ResponsibilityRule.objects.get(pk=row.pk)


@pytest.mark.parametrize("record", [FULL_RULE, *OTHER_ROLES, *records()["rule"]], ids=lambda record: record["key"])
def test_rule_comes_back_from_the_database_unchanged(db: None, record: dict[str, Any]) -> None:
    (wanted,) = content({"rule": [record]}).rules
    assert rule_to_dict(rule_of(stored(record))) == rule_to_dict(wanted)


def test_every_field_of_a_rule_is_in_the_full_sample() -> None:
    used = {key for record in (FULL_RULE, *OTHER_ROLES) for key in record}
    assert used == {name.removesuffix("_") for name in rules.Rule.__dataclass_fields__}


SCENARIOS: list[dict[str, Any]] = [
    *records()["scenario"],
    {
        "name": "Alles",
        "note": "Bemerkung",
        "view": "kind",
        "on": "2027-01-01",
        "facts": {"concern": "truancy", "age": "15-17", "place": "15083270"},
        "door": "school",
        "also": ["Lotse"],
        "not": ["aa"],
        "rules": ["R-x-1"],
        "protective": ["wrong_door"],
        "probable": True,
        "next_question": "benefit",
    },
]


@pytest.mark.parametrize("record", SCENARIOS, ids=lambda record: record["name"])
def test_scenario_comes_back_from_the_database_unchanged(db: None, record: dict[str, Any]) -> None:
    (wanted,) = content({"scenario": [record]}).scenarios
    row = Scenario(rule_set=draft(), **scenario_values(wanted))
    row.full_clean()
    row.save()
    assert scenario_to_dict(scenario_of(Scenario.objects.get(pk=row.pk))) == scenario_to_dict(wanted)


def test_choices_are_those_of_the_finder() -> None:
    assert [key for key, _label in ROLE_CHOICES] == list(rules.ROLES)
    assert [key for key, _label in ACT_ALONE_CHOICES] == list(rules.ACT_ALONE)
    assert [key for key, _label in SENTENCE_CHOICES] == list(facts.SENTENCES)
    assert {key for key, _label in VIEW_CHOICES} == set(facts.VIEWS)
    assert {key for key, _label in PLACE_CHOICES} == {"place", "parents_place"}


WRONG: list[tuple[dict[str, Any], str, str]] = [
    (
        {"condition": {"all": [{"fact": "age", "between": [15, 24]}, {"fact": "benefit", "eq": "sgb9"}]}},
        "condition",
        "all › 2: Der Wert „sgb9“ gehört nicht zu „Geld vom Amt“. Erlaubt: none, sgb2, alg1, alg1_and_sgb2, asylblg.",
    ),
    (
        {"condition": {"fact": "agee", "eq": 3}},
        "condition",
        f"Die Angabe „agee“ gibt es nicht. Erlaubt: {', '.join(facts.FACTS)}.",
    ),
    ({"condition": [1]}, "condition", "Hier muss eine Bedingung stehen: „all“, „any“, „not“ oder „fact“."),
    ({"concerns": []}, "role", "Eine Tür-Regel braucht „body“ und die Anliegen, für die sie gilt."),
    ({"also": [{"body": "amt"}]}, "also", f"1 › body: „amt“ gibt es nicht. Erlaubt: {', '.join(facts.BODIES)}."),
    ({"not_responsible": [{"bodi": "aa"}]}, "not_responsible", "1 › bodi: Dieses Feld gibt es nicht."),
    (
        {"deadlines": [{"youth": "x", "month": 2, "day": 30}]},
        "deadlines",
        "1 › day: Monat und Tag gehören zusammen und müssen im Kalender stehen.",
    ),
    ({"bring_parents": [1]}, "bring_parents", "Hier muss eine Liste von Texten stehen."),
    ({"role": "place"}, "bodies", "Eine Orts-Regel braucht „bodies“: für welche Stellen sie gilt."),
]


@pytest.mark.parametrize(
    ("values", "field", "message"), WRONG, ids=[f"{field}-{number}" for number, (_v, field, _m) in enumerate(WRONG)]
)
def test_wrong_value_is_refused_next_to_its_field(db: None, values: dict[str, Any], field: str, message: str) -> None:
    row = ResponsibilityRule(rule_set=draft(), key="R-1", concerns=["truancy"], body="school")
    row.full_clean()
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert message in refused.value.message_dict[field]


def test_wrong_fact_of_an_example_is_refused_next_to_the_field(db: None) -> None:
    row = Scenario(rule_set=draft(), name="Fall", door="aa", facts={"concern": "truancy", "age": 100})
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    (message,) = refused.value.message_dict["facts"]
    assert message.startswith("age: Das Alter ist eine ganze Zahl von 0 bis 99")


def test_broken_row_says_where(db: None) -> None:
    row = ResponsibilityRule(rule_set=draft(), key="R-1", concerns=["truancy"], body="school", condition={"any": []})
    with pytest.raises(BrokenRecordError) as broken:
        rule_of(row)
    assert str(broken.value) == "R-1 › Bedingung › any: „any“ braucht mindestens eine Bedingung."


def test_fingerprint_tells_every_change_and_no_order(db: None) -> None:
    data = content()
    first = content_print(data.rules, data.scenarios)
    assert content_print(reversed(data.rules), reversed(data.scenarios)) == first
    changed = records()
    changed["rule"][1]["checked_on"] = date(2026, 11, 2)
    other = content(changed)
    assert content_print(other.rules, other.scenarios) != first
    assert {rule_print(rule) for rule in data.rules} ^ {rule_print(rule) for rule in other.rules} != set()


def test_in_force_is_the_newest_that_has_begun(db: None) -> None:
    first = loaded()
    RuleSet.objects.create(number=2, status="active", active_from=date(2026, 12, 1), created_at=NOW)
    RuleSet.objects.create(number=3, status="active", active_from=date(2026, 12, 1), created_at=NOW)
    RuleSet.objects.create(number=4, created_at=NOW)
    numbers = {
        on: RuleSet.objects.in_force(on=on).number  # type: ignore[union-attr]
        for on in (date(2020, 1, 1), date(2026, 11, 22), date(2026, 11, 30), date(2026, 12, 1), date(2030, 1, 1))
    }
    assert list(numbers.values()) == [1, 1, 1, 3, 3]
    assert first.number == 1


def test_without_a_set_none_is_in_force(db: None) -> None:
    assert RuleSet.objects.in_force(on=date(2026, 11, 22)) is None


def test_sample_is_what_the_finder_reads() -> None:
    assert parse_records(records()).errors == ()
