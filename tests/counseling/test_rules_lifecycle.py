"""Draft, check, sign-off, start, emergency: what is refused and what then counts."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from counseling import finder
from counseling.actions.rules import (
    RuleError,
    activate,
    check,
    create_draft,
    diff_of_consequences,
    discard_draft,
    mark_edited,
    sign_off,
    switch_off_rule,
)
from counseling.models import ResponsibilityRule, RuleSet, SignOff
from counseling.rulebook import rule_set_number, rule_set_on, rulebook_on
from directory.models import Membership
from directory.versions import content_version
from tests.counseling.rule_samples import BERLIN, NOW, TODAY, agencies, loaded, user

pytestmark = pytest.mark.django_db
SEEKING_SGB2 = finder.Situation(concern="seeking_training", benefit="sgb2", age=finder.AgeRange.exactly(17))


def door(on: date = TODAY, situation: finder.Situation = SEEKING_SGB2) -> str:
    return finder.resolve(situation, rule_set_on(on), on).body


def sentences(refused: Any) -> tuple[str, ...]:
    return refused.value.sentences


@pytest.fixture
def people() -> dict[str, Any]:
    return {
        "editor": user("redaktion"),
        "signer": user("freigabe", "lead", "jobcenter"),
        "other": user("nachbarin", "lead", "aa"),
        "boss": user("koordination", "coordinator", "koordination"),
    }


@pytest.fixture
def draft(people: dict[str, Any]) -> RuleSet:
    """A copy of the rules in force, in which the rule for families with money from the Jobcenter leads elsewhere."""
    loaded()
    found = create_draft(by=people["editor"], at=NOW, note="Neues Recht")
    row = found.rules.get(key="R-seek-2")
    row.what_for_youth = "Das Jobcenter sucht mit dir einen Platz."
    row.save()
    return found


def test_draft_is_a_copy_of_the_set_in_force(draft: RuleSet, people: dict[str, Any]) -> None:
    first = RuleSet.objects.get(number=1)
    assert (draft.number, draft.status, draft.created_by) == (2, "draft", people["editor"])
    assert draft.rules.count() == first.rules.count() == 3
    assert draft.scenarios.count() == first.scenarios.count() == 3
    assert not set(draft.rules.values_list("pk", flat=True)) & set(first.rules.values_list("pk", flat=True))


def test_draft_without_anything_before_is_empty(people: dict[str, Any]) -> None:
    assert create_draft(by=people["editor"], at=NOW).rules.count() == 0


def test_draft_copies_in_a_constant_number_of_queries(people: dict[str, Any], django_assert_num_queries: Any) -> None:
    first = loaded()
    with django_assert_num_queries(9):
        create_draft(by=people["editor"], at=NOW)
    rows = list(first.rules.filter(key="R-rest"))
    ResponsibilityRule.objects.bulk_create(
        [
            ResponsibilityRule(rule_set=first, key=f"R-{number}", concerns=rows[0].concerns, body="aa")
            for number in range(20)
        ]
    )
    with django_assert_num_queries(9):
        create_draft(by=people["editor"], at=NOW)


def test_check_of_a_good_draft_passes_and_is_kept(draft: RuleSet) -> None:
    report = check(rule_set=draft, on=TODAY)
    assert report.problems == ()
    draft.refresh_from_db()
    assert draft.status == "checked"
    assert draft.report["rules"] == 3
    assert draft.report["cases"] > 29


def test_check_names_the_failing_example(draft: RuleSet) -> None:
    draft.scenarios.filter(name="Ohne Geld vom Amt").update(door="jugendamt")
    report = check(rule_set=draft, on=TODAY)
    assert report.problems == ("Beispiel „Ohne Geld vom Amt“: Tür ist „Agentur für Arbeit“, erwartet war „Jugendamt“.",)
    assert draft.status == "draft"


def test_check_names_missing_and_hard_texts(draft: RuleSet) -> None:
    hard = "Die Inanspruchnahme berufsvorbereitender Bildungsmaßnahmen setzt grundsätzlich die Erfüllung der " * 3
    draft.rules.filter(key="R-seek-2").update(what_for_parents="", why_youth=hard, why_parents="Darum.", owner=None)
    problems = check(rule_set=draft, on=TODAY).problems
    assert any(problem.endswith("R-seek-2: Der Text „what_for“ für Eltern fehlt.") for problem in problems)
    assert any("R-seek-2: Der Text „why“ für junge Leute ist zu schwer: Klasse" in problem for problem in problems)
    assert any(problem.endswith("R-seek-2: Das Feld „owner“ ist leer.") for problem in problems)


def test_check_says_which_row_the_finder_cannot_read(draft: RuleSet) -> None:
    draft.rules.filter(key="R-seek-2").update(condition={"fact": "nix", "eq": "x"})
    (problem,) = check(rule_set=draft, on=TODAY).problems
    assert problem.startswith("R-seek-2 › Bedingung: Die Angabe „nix“ gibt es nicht.")
    assert draft.status == "draft"


def test_unknown_offer_and_missing_example_are_hints(draft: RuleSet) -> None:
    draft.scenarios.filter(name="Ohne Geld vom Amt").delete()
    hints = check(rule_set=draft, on=TODAY).hints
    assert "R-seek-2: Das Angebot „eq“ gibt es nicht." in hints
    assert "R-seek-1: Zu dieser Regel gibt es kein Beispiel." in hints


def test_edit_takes_the_check_back(draft: RuleSet) -> None:
    check(rule_set=draft, on=TODAY)
    mark_edited(rule_set=draft)
    assert RuleSet.objects.get(pk=draft.pk).status == "draft"


def signed(draft: RuleSet, people: dict[str, Any]) -> SignOff:
    check(rule_set=draft, on=TODAY)
    return sign_off(rule_set=draft, agency=agencies()["jobcenter"], by=people["signer"], at=NOW)


def test_sign_off_takes_the_note_away_and_dates_the_rule(draft: RuleSet, people: dict[str, Any]) -> None:
    sign = signed(draft, people)
    row = draft.rules.get(key="R-seek-2")
    assert (row.under_review, row.checked_on) == (False, TODAY)
    assert (sign.rule_keys, len(sign.fingerprints)) == (["R-seek-2"], 1)


def test_sign_off_needs_right_check_second_person_and_something_open(draft: RuleSet, people: dict[str, Any]) -> None:
    agency = agencies()["jobcenter"]
    signer = people["signer"]
    with pytest.raises(RuleError, match="darf keine Regeln freigeben"):
        sign_off(rule_set=draft, agency=agency, by=people["editor"], at=NOW)
    with pytest.raises(RuleError, match="Erst prüfen, dann freigeben"):
        sign_off(rule_set=draft, agency=agency, by=signer, at=NOW)
    check(rule_set=draft, on=TODAY)
    with pytest.raises(RuleError, match="ist keine Regel zur Freigabe offen"):
        sign_off(rule_set=draft, agency=agencies()["aa"], by=people["other"], at=NOW)
    RuleSet.objects.filter(pk=draft.pk).update(created_by=signer)
    draft.refresh_from_db()
    with pytest.raises(RuleError, match="Bitte eine zweite Person"):
        sign_off(rule_set=draft, agency=agency, by=signer, at=NOW)
    assert SignOff.objects.count() == 0
    assert draft.rules.get(key="R-seek-2").under_review


def test_nobody_signs_for_another_agency(draft: RuleSet, people: dict[str, Any]) -> None:
    check(rule_set=draft, on=TODAY)
    technician = get_user_model().objects.create_superuser("technik")
    for person in (people["other"], people["boss"], technician):
        with pytest.raises(RuleError, match="Die Regeln von „Jobcenter“ gibt nur diese Stelle selbst frei"):
            sign_off(rule_set=draft, agency=agencies()["jobcenter"], by=person, at=NOW)
    Membership.objects.filter(user=people["signer"]).delete()
    former = get_user_model().objects.get(username="freigabe")
    with pytest.raises(RuleError, match="darf keine Regeln freigeben"):
        sign_off(rule_set=draft, agency=agencies()["jobcenter"], by=former, at=NOW)
    assert SignOff.objects.count() == 0


def test_activation_waits_for_the_sign_off(draft: RuleSet, people: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as refused:
        activate(rule_set=draft, from_=TODAY, by=people["boss"], at=NOW)
    assert sentences(refused) == ("R-seek-2 (geändert): Die Freigabe fehlt. Zuständig: Jobcenter.",)
    signed(draft, people)
    activate(rule_set=draft, from_=TODAY, by=people["boss"], at=NOW)
    assert (draft.status, draft.active_from) == ("active", TODAY)
    assert RuleSet.objects.get(number=1).status == "archived"
    assert rule_set_number(TODAY) == 2


def test_rule_changed_after_its_sign_off_needs_a_new_one(draft: RuleSet, people: dict[str, Any]) -> None:
    signed(draft, people)
    draft.rules.filter(key="R-seek-2").update(what_for_parents="Etwas anderes.")
    with pytest.raises(RuleError) as refused:
        activate(rule_set=draft, from_=TODAY, by=people["boss"], at=NOW)
    assert sentences(refused) == ("R-seek-2 (geändert): Die Freigabe fehlt. Zuständig: Jobcenter.",)


def test_removed_and_taken_over_rules_need_their_old_owner(draft: RuleSet, people: dict[str, Any]) -> None:
    draft.rules.filter(key="R-seek-2").update(owner=agencies()["aa"])
    with pytest.raises(RuleError) as refused:
        activate(rule_set=draft, from_=TODAY, by=people["boss"], at=NOW)
    assert sentences(refused) == (
        "R-seek-2 (entfällt): Die Freigabe fehlt. Zuständig: Jobcenter.",
        "R-seek-2 (geändert): Die Freigabe fehlt. Zuständig: Agentur.",
    )
    check(rule_set=draft, on=TODAY)
    for slug, person in (("jobcenter", "signer"), ("aa", "other")):
        sign_off(rule_set=draft, agency=agencies()[slug], by=people[person], at=NOW)
    activate(rule_set=draft, from_=TODAY, by=people["boss"], at=NOW)
    assert draft.status == "active"


def test_activation_names_the_case_with_two_doors(draft: RuleSet, people: dict[str, Any]) -> None:
    draft.rules.filter(key="R-seek-2").update(overrides=[])
    with pytest.raises(RuleError) as refused:
        activate(rule_set=draft, from_=TODAY, by=people["boss"], at=NOW)
    assert (
        "Sucht eine Ausbildung, Geld vom Jobcenter: zwei Türen: R-seek-1 und R-seek-2 (und 1 weiterer Fall)"
        in sentences(refused)
    )
    assert draft.status == "draft"
    assert rule_set_number(TODAY) == 1


def test_activation_needs_the_right_and_a_day_that_is_not_past(draft: RuleSet, people: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match="darf kein Regelwerk in Kraft setzen"):
        activate(rule_set=draft, from_=TODAY, by=people["editor"], at=NOW)
    with pytest.raises(RuleError, match="nie rückwirkend"):
        activate(rule_set=draft, from_=TODAY - timedelta(days=1), by=people["boss"], at=NOW)
    signed(draft, people)
    activate(rule_set=draft, from_=date(2027, 1, 1), by=people["boss"], at=NOW)
    other = create_draft(by=people["editor"], at=NOW)
    with pytest.raises(RuleError, match=r"Regelwerk 2 gilt ab 01\.01\.2027"):
        activate(rule_set=other, from_=TODAY, by=people["boss"], at=NOW)


def test_day_begins_at_midnight_in_berlin(draft: RuleSet, people: dict[str, Any]) -> None:
    signed(draft, people)
    late = datetime(2026, 11, 22, 23, 30, tzinfo=BERLIN).astimezone(tz=None)
    activate(rule_set=draft, from_=TODAY, by=people["boss"], at=late)
    assert draft.active_from == TODAY


def test_earlier_day_is_answered_by_the_set_of_that_day(draft: RuleSet, people: dict[str, Any]) -> None:
    draft.rules.filter(key="R-seek-2").update(body="aa", also=[], overrides=["R-seek-1"])
    draft.scenarios.filter(name="Mit Geld vom Jobcenter").delete()
    signed(draft, people)
    new_year = date(2027, 1, 1)
    activate(rule_set=draft, from_=new_year, by=people["boss"], at=NOW)
    assert RuleSet.objects.get(number=1).status == "active"
    assert [door(on) for on in (TODAY, date(2026, 12, 31), new_year)] == ["jobcenter", "jobcenter", "aa"]
    assert [rule_set_number(on) for on in (TODAY, new_year)] == [1, 2]


def test_set_in_force_cannot_be_changed_checked_or_started_again(people: dict[str, Any]) -> None:
    first = loaded()
    for refused in (
        lambda: mark_edited(rule_set=first),
        lambda: check(rule_set=first, on=TODAY),
        lambda: discard_draft(rule_set=first, by=None, at=NOW),
        lambda: activate(rule_set=first, from_=TODAY, by=people["boss"], at=NOW),
    ):
        with pytest.raises(RuleError, match="Regelwerk 1 ist kein Entwurf mehr"):
            refused()


def test_discarded_draft_never_counts(draft: RuleSet) -> None:
    discard_draft(rule_set=draft, by=None, at=NOW)
    assert (draft.status, draft.is_editable) == ("archived", False)
    assert rule_set_number(date(2030, 1, 1)) == 1


def test_switched_off_rule_leads_to_the_human_at_once(people: dict[str, Any]) -> None:
    first = loaded()
    assert door() == "jobcenter"
    before = content_version()
    switch_off_rule(rule=first.rules.get(key="R-seek-2"), by=people["boss"], at=NOW, reason="Paragraf gestrichen")
    assert content_version() != before
    assert door() == "coordination"
    assert door(TODAY, finder.Situation(concern="seeking_training", benefit="none")) == "aa"
    row = first.rules.get(key="R-seek-2")
    assert (row.is_active, row.switched_off_by, row.switched_off_why) == (False, people["boss"], "Paragraf gestrichen")


def test_switching_off_changes_nothing_about_yesterday(people: dict[str, Any]) -> None:
    first = loaded()
    switch_off_rule(rule=first.rules.get(key="R-seek-2"), by=people["boss"], at=NOW, reason="Falsch")
    assert door(TODAY - timedelta(days=1)) == "jobcenter"
    assert door(TODAY + timedelta(days=400)) == "coordination"


def test_switched_off_rule_does_not_come_back_with_a_set_that_waits(people: dict[str, Any]) -> None:
    first = loaded()
    waiting = create_draft(by=people["editor"], at=NOW)
    signed(waiting, people)
    new_year = date(2027, 1, 1)
    activate(rule_set=waiting, from_=new_year, by=people["boss"], at=NOW)
    assert door(new_year) == "jobcenter"
    switch_off_rule(rule=first.rules.get(key="R-seek-2"), by=people["boss"], at=NOW, reason="Falsch")
    assert door(new_year) == "coordination"
    assert waiting.rules.get(key="R-seek-2").switched_off_why == "Falsch"


def test_repaired_rule_in_a_set_that_waits_stays_on(draft: RuleSet, people: dict[str, Any]) -> None:
    signed(draft, people)
    new_year = date(2027, 1, 1)
    activate(rule_set=draft, from_=new_year, by=people["boss"], at=NOW)
    first = RuleSet.objects.get(number=1)
    switch_off_rule(rule=first.rules.get(key="R-seek-2"), by=people["boss"], at=NOW, reason="Falsch")
    assert [door(on) for on in (TODAY, new_year)] == ["coordination", "jobcenter"]


def test_switch_needs_right_reason_and_a_rule_in_force(draft: RuleSet, people: dict[str, Any]) -> None:
    row = RuleSet.objects.get(number=1).rules.get(key="R-seek-2")
    for changes, match in (
        ({"by": people["editor"]}, "darf diese Regel nicht abschalten"),
        ({"by": people["other"]}, "darf diese Regel nicht abschalten"),
        ({"reason": "  "}, "Bitte einen Grund nennen"),
        ({"rule": draft.rules.get(key="R-seek-2")}, "Nur Regeln in Kraft"),
    ):
        values = {"rule": row, "by": people["boss"], "at": NOW, "reason": "Falsch", **changes}
        with pytest.raises(RuleError, match=match):
            switch_off_rule(**values)
    assert door() == "jobcenter"
    switch_off_rule(rule=row, by=people["boss"], at=NOW, reason="Falsch")
    with pytest.raises(RuleError, match="R-seek-2 ist schon abgeschaltet"):
        switch_off_rule(rule=row, by=people["boss"], at=NOW, reason="Falsch")


def test_switched_off_rule_comes_back_with_a_signed_version(people: dict[str, Any]) -> None:
    first = loaded()
    switch_off_rule(rule=first.rules.get(key="R-seek-2"), by=people["boss"], at=NOW, reason="Falsch")
    repaired = create_draft(by=people["editor"], at=NOW)
    row = repaired.rules.get(key="R-seek-2")
    assert not row.is_active
    row.is_active, row.switched_off_at, row.switched_off_by = True, None, None
    row.save()
    signed(repaired, people)
    activate(rule_set=repaired, from_=TODAY, by=people["boss"], at=NOW)
    assert door() == "jobcenter"


def test_rules_cost_one_query_once_they_are_known(django_assert_num_queries: Any) -> None:
    loaded()
    with django_assert_num_queries(3):
        first = rulebook_on(TODAY)
    with django_assert_num_queries(1):
        again = rulebook_on(TODAY)
    assert again is first
    with django_assert_num_queries(1):
        assert rule_set_number(date(2030, 1, 1)) == 1


def test_without_rules_everybody_meets_a_human() -> None:
    assert rule_set_number(TODAY) is None
    assert door() == "coordination"


def test_diff_names_who_gets_another_door(draft: RuleSet) -> None:
    draft.rules.filter(key="R-seek-2").update(condition={"fact": "benefit", "eq": "alg1_and_sgb2"})
    changes = diff_of_consequences(old=RuleSet.objects.get(number=1), new=draft, on=TODAY)
    assert {(change.scenario, change.case, change.before, change.after) for change in changes} == {
        ("Mit Geld vom Jobcenter", "17, Geld vom Jobcenter", "jobcenter", "aa"),
        (None, "Geld vom Jobcenter", "jobcenter", "aa"),
    }


def test_diff_of_equal_sets_is_empty(draft: RuleSet) -> None:
    assert diff_of_consequences(old=RuleSet.objects.get(number=1), new=draft, on=TODAY) == ()
