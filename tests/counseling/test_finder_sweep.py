"""The sweep finds what would break; scenarios and the diff say what changes."""

import tomllib
from datetime import date
from statistics import median
from time import perf_counter

import pytest

from counseling.finder import RuleSet, diff, parse_records, resolve, run_scenarios, sweep, swept_situations
from counseling.finder.facts import CONCERNS
from counseling.finder.paths import walk
from counseling.finder.scenarios import Scenario

TODAY = date(2026, 11, 22)

# A small county with the shapes the real rules have: benefit, school duty, ages, residence, overrides.
COUNTY = """
rule = [
  { key = "R-seek-1", concerns = ["seeking_training"], body = "aa", condition = { all = [{ fact = "age", between = [15, 26] }, { not = { fact = "benefit", in = ["sgb2", "alg1_and_sgb2"] } }] } },
  { key = "R-seek-2", concerns = ["seeking_training"], body = "jobcenter", condition = { all = [{ fact = "age", between = [15, 26] }, { fact = "benefit", in = ["sgb2", "alg1_and_sgb2"] }] } },
  { key = "R-seek-3", concerns = ["seeking_training"], body = "aa", overrides = ["R-seek-2"], condition = { all = [{ fact = "age", between = [15, 26] }, { fact = "benefit", eq = "alg1_and_sgb2" }] } },
  { key = "R-sch-5", concerns = ["left_without_certificate"], body = "bbs", condition = { fact = "school_duty_done", eq = "no" } },
  { key = "R-sch-6", concerns = ["left_without_certificate"], body = "aa", condition = { fact = "school_duty_done", eq = "yes" } },
  { key = "R-sgb2-1", concerns = ["household_sgb2"], body = "jobcenter", condition = { all = [{ fact = "age", between = [15, 24] }, { fact = "married", eq = "no" }, { fact = "living_with_parents", eq = "yes" }] } },
  { key = "R-sgb2-2", concerns = ["household_sgb2"], body = "school", condition = { fact = "age", at_most = 14 } },
  { key = "R-sgb2-x", concerns = ["household_sgb2"], body = "aa", condition = { all = [{ fact = "age", at_least = 15 }, { not = { all = [{ fact = "age", at_most = 24 }, { fact = "married", eq = "no" }, { fact = "living_with_parents", eq = "yes" }] } }] } },
  { key = "R-mig-1", concerns = ["migrant"], body = "aa", condition = { fact = "residence", in = ["asylum_procedure", "tolerated"] } },
  { key = "R-mig-3", concerns = ["migrant"], body = "jobcenter", condition = { not = { fact = "residence", in = ["asylum_procedure", "tolerated", "unaccompanied"] } } },
  { key = "R-mig-4", concerns = ["migrant"], body = "jugendamt", condition = { fact = "residence", eq = "unaccompanied" } },
  { key = "R-yw-1", concerns = ["trouble_at_home", "just_talk"], body = "jugendamt", condition = { fact = "age", at_most = 26 } },
  { key = "R-tr-1", concerns = ["in_training_trouble"], body = "aa" },
  { key = "R-loc-1", concerns = ["*"], role = "place", bodies = ["jugendamt"], place_fact = "parents_place", condition = { fact = "age", at_most = 17 } },
  { key = "R-loc-2", concerns = ["*"], role = "place", bodies = ["jugendamt"], place_fact = "place", condition = { fact = "age", at_least = 18 } },
  { key = "R-gen-1", concerns = ["*"], role = "protective", sentence = "wrong_door" },
  { key = "R-yw-7", concerns = ["*"], role = "view", view = "kind", body = "jugendamt" },
]
"""
FILLED = {
    "legal_basis": "§ 1",
    "source": "https://example.org",
    "owner": "aa",
    "what_for": {"youth": "Hilft dir.", "parents": "Hilft Ihnen."},
}
COVERED = (
    "seeking_training",
    "left_without_certificate",
    "household_sgb2",
    "migrant",
    "trouble_at_home",
    "just_talk",
    "in_training_trouble",
)


def county(change=None, more=()):
    raw = [FILLED | rule for rule in tomllib.loads(COUNTY)["rule"]]
    for rule in raw:
        rule.update((change or {}).get(rule["key"], {}))
    parsed = parse_records({"rule": [*raw, *(FILLED | rule for rule in more)]})
    assert not parsed.errors, parsed.errors
    return parsed.rules


def problems(rules, on=TODAY, concerns=COVERED, **options):
    return sweep(rules, on, concerns=concerns, **options).problems


def kinds(rules, **options):
    return {problem.kind for problem in problems(rules, **options) if problem.blocking}


def one(rules, kind, **options):
    (found,) = [problem for problem in problems(rules, **options) if problem.kind == kind]
    return found


def test_a_sound_rule_set_passes():
    report = sweep(county(), TODAY, concerns=COVERED)
    assert report.passed, [str(problem) for problem in report.blocking]
    assert report.cases > 100
    assert report.questions_max <= 8
    assert 2 <= report.questions_median <= 5


def test_the_whole_set_reports_every_concern_without_a_door():
    dead = {problem.concern for problem in sweep(county(), TODAY).problems if problem.kind == "dead_end"}
    assert dead == set(CONCERNS) - set(COVERED)


class TestFaults:
    def test_two_doors_are_named_with_the_case_in_words(self):
        broken = county({"R-seek-3": {"overrides": []}})
        found = one(broken, "two_doors")
        assert found.rules == ("R-seek-2", "R-seek-3")
        assert str(found) == (
            "Sucht eine Ausbildung, 15, Arbeitslosengeld und Geld vom Jobcenter: zwei Türen: R-seek-2 und R-seek-3"
        )
        assert found.times > 1

    def test_a_gap_in_the_readers_ages_is_a_hint(self):
        found = one(
            county(
                {
                    "R-sch-6": {
                        "condition": {
                            "all": [{"fact": "school_duty_done", "eq": "yes"}, {"fact": "age", "at_most": 20}]
                        }
                    }
                }
            ),
            "no_rule",
            concerns=("left_without_certificate",),
        )
        assert not found.blocking
        assert "21" in found.case

    def test_a_rule_that_never_decides_is_unreachable(self):
        never = {
            "key": "R-x",
            "concerns": ["seeking_training"],
            "body": "aa",
            "condition": {
                "all": [
                    {"fact": "benefit", "eq": "none"},
                    {"fact": "benefit", "eq": "sgb2"},
                ]
            },
        }
        report = sweep(county(more=[never]), TODAY)
        assert [problem.rules for problem in report.problems if problem.kind == "unreachable"] == [("R-x",)]

    def test_a_rule_always_defeated_is_unreachable(self):
        report = sweep(
            county(
                {"R-mig-1": {"overrides": ["R-tr-1"]}},
                more=[
                    {"key": "R-tr-0", "concerns": ["in_training_trouble"], "body": "aa", "overrides": ["R-tr-1"]},
                ],
            ),
            TODAY,
        )
        assert [problem.rules for problem in report.problems if problem.kind == "unreachable"] == [("R-tr-1",)]

    def test_a_protective_rule_that_can_never_hold_is_unreachable(self):
        never = {
            "key": "R-gen-x",
            "concerns": ["*"],
            "role": "protective",
            "sentence": "apply_alone",
            "condition": {
                "all": [{"fact": "age", "at_most": 14}, {"fact": "age", "at_least": 15}],
            },
        }
        report = sweep(county(more=[never]), TODAY)
        assert [problem.rules for problem in report.problems if problem.kind == "unreachable"] == [("R-gen-x",)]

    def test_an_urgent_concern_must_reach_a_human_after_two_questions(self):
        late = county(
            {
                "R-yw-1": {
                    "condition": {
                        "all": [
                            {"fact": "age", "at_most": 26},
                            {"fact": "living_with_parents", "eq": "yes"},
                        ]
                    }
                }
            }
        )
        assert kinds(late) == {"late_human"}

    def test_more_than_eight_questions_are_refused(self):
        yes_no = ["fulltime_school_done", "school_duty_done", "pregnant_or_parent", "living_with_parents", "married"]
        long_rule = {
            "key": "R-x",
            "concerns": ["compulsory"],
            "body": "school",
            "condition": {
                "all": [
                    {"fact": "certificate", "eq": "none"},
                    {"fact": "disability", "eq": "none"},
                    *({"fact": fact, "eq": "yes"} for fact in yes_no[:1]),
                    *({"fact": fact, "eq": "no"} for fact in yes_no[1:]),
                ]
            },
        }
        found = one(county(more=[long_rule]), "too_many_questions", concerns=("compulsory",))
        assert "erlaubt sind 8" in found.message

    def test_too_many_cases_are_refused_and_still_bounded(self):
        wide = [
            {"fact": fact, "in": values}
            for fact, values in {
                "status": ["at_school"],
                "certificate": ["none"],
                "benefit": ["sgb2"],
                "disability": ["mental"],
                "residence": ["tolerated"],
                "married": ["yes"],
                "fulltime_school_done": ["yes"],
                "school_duty_done": ["yes"],
                "living_with_parents": ["yes"],
                "pregnant_or_parent": ["yes"],
                "place": ["15083270"],
            }.items()
        ]
        many = [{"fact": "age", "eq": age} for age in range(10, 30)]
        rule = {"key": "R-x", "concerns": ["compulsory"], "body": "school", "condition": {"any": [*wide, *many]}}
        assert RuleSet(county(more=[rule])).on(TODAY).table("compulsory").size > 30_000
        found = list(swept_situations("compulsory", county(more=[rule]), TODAY))
        assert len(found) == 30_000

    def test_names_that_do_not_exist_and_circles_are_found(self):
        assert kinds(county({"R-seek-1": {"overrides": ["R-seek-9"]}})) == {"unknown_override"}
        circle = county({"R-mig-1": {"overrides": ["R-mig-3"]}, "R-mig-3": {"overrides": ["R-mig-1"]}})
        assert "override_circle" in kinds(circle)

    def test_the_same_key_twice_at_the_same_time_is_found(self):
        twice = {"key": "R-tr-1", "concerns": ["in_training_trouble"], "body": "aa", "valid_from": "2027-01-01"}
        assert kinds(county(more=[twice])) == {"duplicate"}
        assert kinds(county({"R-tr-1": {"valid_to": "2026-12-31"}}, more=[twice])) == set()

    def test_a_body_that_helps_and_is_denied_at_once_is_found(self):
        both = {
            "also": [{"body": "school", "youth": "Ja.", "parents": "Ja."}],
            "not": [{"body": "school", "youth": "Nein.", "parents": "Nein."}],
        }
        assert kinds(county({"R-tr-1": both})) == {"contradiction"}
        problem = one(county({"R-tr-1": both}), "contradiction")
        assert problem.message == "Schule: dabei und zugleich nicht zuständig: R-tr-1"
        assert kinds(county({"R-tr-1": {"not": [{"body": "aa", "youth": "Nein.", "parents": "Nein."}]}})) == {
            "contradiction"
        }

    @pytest.mark.parametrize(
        ("change", "detail"),
        [
            ({"what_for": {"youth": "", "parents": ""}}, "what_for"),
            ({"what_for": {"youth": "Hilft.", "parents": ""}}, "what_for"),
            ({"why": {"youth": "Darum.", "parents": ""}}, "why"),
            ({"legal_basis": ""}, "legal_basis"),
            ({"also": [{"body": "school"}]}, "also Schule"),
        ],
    )
    def test_missing_texts_are_found(self, change, detail):
        assert one(county({"R-tr-1": change}), "missing_text").detail == detail

    def test_heavy_texts_are_found_when_a_measure_is_given(self):
        long = " ".join(["Wort"] * 20)
        heavy = county({"R-tr-1": {"what_for": {"youth": long, "parents": long}}})
        assert kinds(heavy, readability=lambda text: 5.9) == set()
        found = problems(heavy, readability=lambda text: 7.0)
        assert [problem.detail for problem in found if problem.kind == "unreadable"] == ["what_forjunge Leute"]
        assert "Klasse 7,0, erlaubt 6" in str(found[0])

    def test_a_mistake_that_starts_next_year_is_found_today(self):
        later = {"key": "R-z", "concerns": ["in_training_trouble"], "body": "jobcenter", "valid_from": "2027-01-01"}
        found = one(county(more=[later]), "two_doors")
        assert found.on == date(2027, 1, 1)

    def test_two_doors_for_people_there_are_not_are_no_problem(self):
        married = {
            "key": "R-m",
            "concerns": ["in_training_trouble"],
            "body": "jobcenter",
            "overrides": [],
            "condition": {
                "all": [{"fact": "age", "at_most": 17}, {"fact": "married", "eq": "yes"}],
            },
        }
        assert kinds(county(more=[married])) == set()
        useless = [
            problem.rules for problem in sweep(county(more=[married]), TODAY).problems if problem.kind == "unreachable"
        ]
        assert useless == [("R-m",)]
        grown_up = married | {"condition": {"fact": "married", "eq": "yes"}}
        assert kinds(county(more=[grown_up])) == {"two_doors"}

    def test_a_switched_off_rule_is_no_conflict(self):
        assert kinds(county({"R-seek-3": {"is_active": False}})) == set()


class TestPaths:
    def test_every_path_ends_and_asks_only_what_matters(self):
        rules = RuleSet(county())
        for concern in COVERED:
            for path in walk(concern, rules, TODAY):
                names = [name for name, _ in path.answers]
                assert len(names) == len(set(names))
                assert not path.useless
                assert "residence" not in names or concern == "migrant"

    def test_the_place_is_the_last_question(self):
        for path in walk("seeking_training", RuleSet(county()), TODAY):
            names = [name for name, _ in path.answers]
            assert "place" not in names[:-1]

    def test_home_and_talk_ask_nothing_but_the_age(self):
        for concern in ("trouble_at_home", "just_talk"):
            asked = {name for path in walk(concern, RuleSet(county()), TODAY) for name, _ in path.answers}
            assert asked == {"age"}


class TestScenarios:
    GOOD = Scenario(
        name="Aufstocker",
        facts={"concern": "seeking_training", "age": 19, "benefit": "alg1_and_sgb2"},
        door="aa",
        rules=("R-seek-3",),
        probable=False,
        next_question="place",
        protective=("wrong_door",),
    )

    def test_a_scenario_that_holds(self):
        (result,) = run_scenarios([self.GOOD], county(), TODAY)
        assert result.passed, result.failures

    def test_each_broken_expectation_is_said_in_words(self):
        wrong = Scenario(
            name="x",
            facts=dict(self.GOOD.facts),
            door="jobcenter",
            also=("school",),
            not_=("bbs",),
            rules=("R-seek-2",),
            probable=True,
            next_question="",
            protective=("confidential",),
        )
        (result,) = run_scenarios([wrong], county(), TODAY)
        assert result.failures == (
            "Tür ist „Agentur für Arbeit“, erwartet war „Jobcenter“.",
            "Das Ergebnis ist sicher.",
            "„Schule“ fehlt bei „Auch dabei“.",
            "„Berufsbildende Schule“ fehlt bei „Nicht zuständig“.",
            "Die Regel R-seek-2 wirkt nicht mit.",
            "Der Satz „confidential“ fehlt.",
            "Nächste Frage ist „Wohnort“, erwartet war keine.",
        )

    def test_a_scenario_may_carry_its_own_date(self):
        rules = county({"R-tr-1": {"valid_from": "2027-01-01"}})
        facts = {"concern": "in_training_trouble"}
        results = run_scenarios(
            [Scenario("heute", facts, "coordination"), Scenario("später", facts, "aa", on=date(2027, 1, 1))],
            rules,
            TODAY,
        )
        assert all(result.passed for result in results)

    def test_facts_that_do_not_exist_are_refused(self):
        with pytest.raises(ValueError, match="Geld vom Amt"):
            run_scenarios([Scenario("x", {"concern": "unemployed", "benefit": "sgb5"}, "aa")], county(), TODAY)


class TestDiff:
    def test_the_diff_names_scenarios_and_cases_with_another_door(self):
        changes = diff(county(), county({"R-seek-3": {"overrides": [], "priority": -1}}), [TestScenarios.GOOD], TODAY)
        assert {change.scenario for change in changes} == {"Aufstocker", None}
        assert {(change.before, change.after) for change in changes} == {("aa", "jobcenter")}
        assert {change.concern for change in changes} == {"seeking_training"}
        assert any("Arbeitslosengeld und Geld vom Jobcenter" in change.case for change in changes)

    def test_a_new_text_changes_no_door(self):
        changed = county({"R-tr-1": {"what_for": {"youth": "Neu.", "parents": "Neu."}}})
        assert diff(county(), changed, [TestScenarios.GOOD], TODAY) == ()

    def test_a_new_place_condition_shows_the_place(self):
        local = county({"R-tr-1": {"condition": {"fact": "place", "in": ["15083"]}}})
        changes = diff(county(), local, (), TODAY)
        assert [(change.case, change.after) for change in changes] == [("Wohnort 99999999", "coordination")]


@pytest.mark.slow
def test_resolve_takes_less_than_a_millisecond_over_the_sweep():
    rules = RuleSet(county())
    times = []
    for concern in COVERED:
        for situation in swept_situations(concern, rules, TODAY):
            started = perf_counter()
            resolve(situation, rules, TODAY)
            times.append(perf_counter() - started)
    assert median(times) < 0.001
