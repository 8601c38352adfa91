"""One door for every situation: the law's traps, dates, ages, places, sentences."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from counseling.finder import RuleSet, finding_to_json, parse_records, resolve, situation_from_dict
from counseling.finder.facts import CONCERNS
from counseling.finder.rules import Deadline, Text, defeated

TODAY = date(2026, 11, 22)
WITH_SGB2 = {"fact": "benefit", "in": ["sgb2", "alg1_and_sgb2"]}


def rule(key, concern, body, condition=None, **fields):
    base = {
        "key": key,
        "concerns": [concern] if isinstance(concern, str) else concern,
        "body": body,
        "what_for": {"youth": f"{key} du", "parents": f"{key} Sie"},
        "legal_basis": "§ 1",
        "source": "https://example.org/1",
        "owner": "aa",
    }
    return base | ({"condition": condition} if condition else {}) | fields


def rules(*raw):
    parsed = parse_records({"rule": list(raw)})
    assert not parsed.errors, parsed.errors
    return parsed.rules


def find(rule_list, on=TODAY, view="mich", skipped=(), **facts):
    situation, errors = situation_from_dict(facts)
    assert not errors, errors
    return resolve(situation, rule_list, on, skipped=skipped, view=view)


def ages(low, high):
    return {"fact": "age", "between": [low, high]}


SEEKING = rules(
    rule("R-seek-1", "seeking_training", "aa", {"all": [ages(15, 26), {"not": WITH_SGB2}]}),
    rule(
        "R-seek-2",
        "seeking_training",
        "jobcenter",
        {"all": [ages(15, 26), WITH_SGB2]},
        also=[{"body": "aa", "youth": "Berät dich.", "parents": "Berät."}],
        **{"not": [{"body": "school", "youth": "Die Schule ist vorbei.", "parents": "Die Schule ist vorbei."}]},
    ),
    rule(
        "R-seek-3",
        "seeking_training",
        "aa",
        {"all": [ages(15, 26), {"fact": "benefit", "eq": "alg1_and_sgb2"}]},
        overrides=["R-seek-2"],
        also=[{"body": "jobcenter", "youth": "Zahlt.", "parents": "Zahlt."}],
    ),
)


class TestTheTrapsOfTheLaw:
    @pytest.mark.parametrize(
        ("benefit", "door", "rule_key"),
        [
            ("none", "aa", "R-seek-1"),
            ("alg1", "aa", "R-seek-1"),
            ("asylblg", "aa", "R-seek-1"),
            ("sgb2", "jobcenter", "R-seek-2"),
            ("alg1_and_sgb2", "aa", "R-seek-3"),
        ],
    )
    def test_who_places_in_training_depends_on_the_benefit(self, benefit, door, rule_key):
        finding = find(SEEKING, concern="seeking_training", age=17, benefit=benefit)
        assert (finding.body, finding.probable) == (door, False)
        assert [reason.rule.key for reason in finding.reasons] == [rule_key]
        assert finding.reasons[0].facts == ("benefit",)
        assert finding.would_change == ("benefit",)

    def test_the_berufsberatung_stays_with_an_sgb2_family(self):
        finding = find(SEEKING, concern="seeking_training", age=16, benefit="sgb2")
        assert [(helper.body, helper.text.youth) for helper in finding.also] == [("aa", "Berät dich.")]

    def test_unknown_benefit_is_probable_and_names_the_question_that_settles_it(self):
        finding = find(SEEKING, concern="seeking_training", age=17)
        assert (finding.body, finding.probable, finding.alternatives) == ("aa", True, ("jobcenter",))
        assert finding.next_question == "benefit"
        assert finding.would_change == ("benefit",)

    def test_a_body_that_may_still_be_the_door_is_never_denied(self):
        denying = rules(
            rule(
                "R-a",
                "unemployed",
                "aa",
                {"not": WITH_SGB2},
                **{
                    "not": [
                        {"body": "jobcenter", "youth": "Nein.", "parents": "Nein."},
                        {"body": "school", "youth": "Nein.", "parents": "Nein."},
                    ]
                },
            ),
            rule("R-b", "unemployed", "jobcenter", WITH_SGB2),
        )
        open_case = find(denying, concern="unemployed")
        assert open_case.body == "aa"
        assert [other.body for other in open_case.not_] == ["school"]
        settled = find(denying, concern="unemployed", benefit="none")
        assert [other.body for other in settled.not_] == ["jobcenter", "school"]

    def test_an_override_defeats_only_when_it_matches(self):
        general = rule("R-a", "dropped_training", "jobcenter")
        special = rule("R-b", "dropped_training", "aa", {"fact": "residence", "eq": "tolerated"}, overrides=["R-a"])
        both = rules(general, special)
        assert find(both, concern="dropped_training", residence="tolerated").body == "aa"
        assert find(both, concern="dropped_training", residence="recognised").body == "jobcenter"
        unknown = find(both, concern="dropped_training")
        assert (unknown.body, unknown.probable) == ("jobcenter", True)
        assert "residence" in unknown.would_change
        assert unknown.next_question == "place"  # the residence is never asked here

    def test_a_defeated_rule_defeats_nobody(self):
        chain = rules(
            rule("R-a", "unemployed", "aa"),
            rule("R-b", "unemployed", "jobcenter", overrides=["R-a"]),
            rule("R-c", "unemployed", "aa", ages(15, 24), overrides=["R-b"]),
        )
        assert find(chain, concern="unemployed", age=30).body == "jobcenter"
        young = find(chain, concern="unemployed", age=20)
        assert young.body == "aa"
        assert {reason.rule.key for reason in young.reasons} == {"R-a", "R-c"}

    def test_rules_in_a_circle_still_give_one_door(self):
        circle = rules(
            rule("R-a", "unemployed", "aa", overrides=["R-b"]),
            rule("R-b", "unemployed", "jobcenter", overrides=["R-a"]),
        )
        assert defeated(circle) == frozenset()
        assert find(circle, concern="unemployed").body == "aa"

    def test_priority_breaks_a_tie_between_equally_many_cases(self):
        tie = (
            rule("R-a", "compulsory", "school", {"fact": "school_duty_done", "eq": "no"}),
            rule("R-b", "compulsory", "bbs", {"fact": "school_duty_done", "eq": "yes"}),
        )
        assert find(rules(*tie), concern="compulsory").body == "school"
        assert find(rules(tie[0], tie[1] | {"priority": 1}), concern="compulsory").body == "bbs"


class TestNoRule:
    def test_no_rules_at_all_lead_to_the_human(self):
        for concern in CONCERNS:
            finding = find((), concern=concern, age=17)
            assert (finding.body, finding.is_fallback, finding.probable) == ("coordination", True, False)
            assert finding.protective[0] == "wrong_door"

    def test_without_concern_the_first_question_is_the_concern(self):
        finding = find(SEEKING, age=17)
        assert (finding.body, finding.next_question, finding.would_change) == ("coordination", "concern", ("concern",))

    @pytest.mark.parametrize(("age", "door"), [(14, "coordination"), (15, "aa"), (26, "aa"), (27, "coordination")])
    def test_ages_outside_every_rule_lead_to_the_human(self, age, door):
        assert find(SEEKING, concern="seeking_training", age=age, benefit="none").body == door

    def test_a_real_door_goes_before_the_fall_back_while_the_age_is_unknown(self):
        finding = find(SEEKING, concern="seeking_training", benefit="sgb2")
        assert (finding.body, finding.probable, finding.alternatives) == ("jobcenter", True, ("coordination",))

    def test_a_switched_off_rule_sends_its_cases_to_the_human_and_not_to_the_next_rule(self):
        off = rules(
            *(
                rule(
                    r.key,
                    "seeking_training",
                    r.body,
                    condition,
                    overrides=list(r.overrides),
                    is_active=r.key != "R-seek-3",
                )
                for r, condition in zip(
                    SEEKING,
                    [
                        {"not": WITH_SGB2},
                        WITH_SGB2,
                        {"fact": "benefit", "eq": "alg1_and_sgb2"},
                    ],
                    strict=True,
                )
            )
        )
        finding = find(off, concern="seeking_training", age=20, benefit="alg1_and_sgb2")
        assert (finding.body, finding.switched_off, finding.reasons) == ("coordination", ("R-seek-3",), ())
        assert find(off, concern="seeking_training", age=20, benefit="sgb2").body == "jobcenter"


class TestDates:
    LIMITED = rules(
        rule("R-old", "unemployed", "aa", valid_to="2026-06-30"),
        rule("R-new", "unemployed", "jobcenter", valid_from="2026-07-01", valid_to="2026-12-31"),
    )

    @pytest.mark.parametrize(
        ("on", "door"),
        [
            (date(2026, 6, 30), "aa"),
            (date(2026, 7, 1), "jobcenter"),
            (date(2026, 12, 31), "jobcenter"),
            (date(2027, 1, 1), "coordination"),
            (date.min, "aa"),
            (date.max, "coordination"),
        ],
    )
    def test_both_ends_of_the_validity_are_inclusive(self, on, door):
        assert find(self.LIMITED, on=on, concern="unemployed").body == door

    def test_one_compiled_set_answers_for_any_day(self):
        compiled = RuleSet(self.LIMITED)
        doors = [find(compiled, on=date(2026, 6, 29) + timedelta(days=n), concern="unemployed").body for n in range(4)]
        assert doors == ["aa", "aa", "jobcenter", "jobcenter"]
        assert compiled.change_dates(date(2026, 1, 1)) == (date(2026, 7, 1), date(2027, 1, 1))

    def test_a_moment_is_refused_because_only_the_caller_knows_the_time_zone(self):
        with pytest.raises(TypeError):
            find(self.LIMITED, on=datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")), concern="unemployed")

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            (date(2026, 11, 22), date(2027, 3, 15)),
            (date(2027, 3, 15), date(2027, 3, 15)),
            (date(2027, 3, 16), date(2028, 3, 15)),
        ],
    )
    def test_a_yearly_deadline_shows_its_next_date(self, on, expected):
        assert Deadline(Text("Bis 15. März.", "Bis 15. März."), 3, 15).next_date(on) == expected

    def test_a_deadline_on_leap_day_waits_for_a_leap_year(self):
        assert Deadline(Text("a", "b"), 2, 29).next_date(date(2097, 1, 1)) == date(2104, 2, 29)


class TestBirthdays:
    RULES = rules(
        rule("R-young", "household_sgb2", "jobcenter", ages(15, 24)),
        rule("R-old", "household_sgb2", "aa", {"fact": "age", "at_least": 25}),
    )

    def test_the_25th_birthday_tomorrow_is_named_as_what_would_change(self):
        assert find(self.RULES, concern="household_sgb2", age=24).would_change == ("age",)

    def test_an_age_never_goes_back(self):
        assert find(self.RULES, concern="household_sgb2", age=25).would_change == ()

    def test_a_band_over_a_threshold_is_probable_but_not_asked_again(self):
        finding = find(self.RULES, concern="household_sgb2", age="23-26", place="15083270")
        assert finding.probable
        assert finding.next_question is None

    def test_a_band_inside_the_thresholds_is_certain(self):
        assert not find(self.RULES, concern="household_sgb2", age="15-24").probable


class TestPlaces:
    RULES = rules(
        rule("R-yw-1", "care_leaver", "jugendamt"),
        rule("R-yw-2", "trouble_at_home", "jugendamt"),
        rule("R-tr", "voluntary", "traeger"),
        rule("R-loc-1", ["*"], "", ages(None, 17), role="place", bodies=["jugendamt"], place_fact="parents_place"),
        rule(
            "R-loc-2",
            ["*"],
            "",
            {"fact": "age", "at_least": 18},
            role="place",
            bodies=["jugendamt"],
            place_fact="place",
        ),
        rule("R-loc-9", ["*"], "", {"not": {"fact": "place", "in": ["15083"]}}, role="place", bodies=["*"]),
    )

    @pytest.mark.parametrize(
        ("facts", "fact", "question"),
        [
            ({"age": 17}, "parents_place", "parents_place"),
            ({"age": 18}, "place", "place"),
            ({"age": 17, "place": "15083270"}, "parents_place", "parents_place"),
            ({"age": 17, "living_with_parents": "yes"}, "place", "place"),
            ({"age": 17, "living_with_parents": "no"}, "parents_place", "parents_place"),
            ({"age": 17, "parents_place": "15083270"}, "parents_place", None),
            ({"age": 17, "living_with_parents": "yes", "place": "15083270"}, "place", None),
            ({}, "place", "age"),
        ],
    )
    def test_the_jugendamt_goes_by_the_parents_under_18(self, facts, fact, question):
        finding = find(self.RULES, concern="care_leaver", **facts)
        assert (finding.body, finding.probable) == ("jugendamt", False)
        assert (finding.place_fact, finding.next_question) == (fact, question)

    def test_a_skipped_place_is_not_asked_again(self):
        assert find(self.RULES, concern="care_leaver", age=20, skipped={"place"}).next_question is None

    def test_a_skipped_age_does_not_stop_the_place(self):
        assert find(self.RULES, concern="care_leaver", skipped={"age"}).next_question == "place"

    def test_urgent_concerns_show_the_human_before_any_place(self):
        finding = find(self.RULES, concern="trouble_at_home", age=15)
        assert (finding.next_question, finding.place_question) == (None, "parents_place")

    def test_a_body_without_an_office_nearby_needs_no_place(self):
        finding = find(self.RULES, concern="voluntary")
        assert (finding.place_fact, finding.next_question) == (None, None)

    def test_a_place_outside_the_county_keeps_the_door_and_says_so(self):
        outside = find(self.RULES, concern="care_leaver", age=20, place="03151009")
        assert outside.body == "jugendamt"
        assert [note.key for note in outside.place_notes] == ["R-loc-9"]
        assert not find(self.RULES, concern="care_leaver", age=20, place="15083270").place_notes


class TestProtectiveSentences:
    RULES = rules(
        rule("R-dis-1", "disability", "aa_reha"),
        rule("R-une-1", "unemployed", "aa"),
        rule("R-gen-1", ["*"], "", role="protective", sentence="wrong_door"),
        rule("R-gen-2", ["*"], "", {"fact": "age", "at_least": 15}, role="protective", sentence="apply_alone"),
    )

    def test_the_wrong_door_sentence_is_always_there_even_without_rules(self):
        assert find((), concern="unemployed", age=30).protective == ("wrong_door",)

    def test_rehabilitation_has_its_exception(self):
        assert "wrong_door_rehab" in find(self.RULES, concern="disability").protective
        assert "wrong_door_rehab" not in find(self.RULES, concern="unemployed").protective

    @pytest.mark.parametrize(
        ("age", "confidential"), [(None, True), (0, True), (17, True), (18, False), ("17-18", True), ("18-20", False)]
    )
    def test_confidential_advice_is_named_whenever_under_18_is_possible(self, age, confidential):
        assert ("confidential" in find(self.RULES, concern="unemployed", age=age).protective) is confidential

    @pytest.mark.parametrize(("age", "alone"), [(14, False), (15, True), (None, True)])
    def test_applying_alone_starts_at_15(self, age, alone):
        finding = find(self.RULES, concern="unemployed", age=age)
        assert ("apply_alone" in finding.protective) is alone
        assert ("R-gen-2" in {rule.key for rule in finding.protective_rules}) is alone


class TestViews:
    RULES = rules(
        rule("R-une-1", "unemployed", "aa"),
        rule("R-talk-1", "just_talk", "jugendamt"),
        rule("R-yw-7", ["*"], "jugendamt", role="view", view="kind"),
    )

    def test_parents_get_the_jugendamt_beside_the_door(self):
        finding = find(self.RULES, view="kind", concern="unemployed")
        assert [(helper.body, helper.text.parents) for helper in finding.also] == [("jugendamt", "R-yw-7 Sie")]
        assert not find(self.RULES, concern="unemployed").also
        assert not find(self.RULES, view="beruf", concern="unemployed").also

    def test_the_door_is_never_its_own_helper(self):
        assert not find(self.RULES, view="kind", concern="just_talk").also


class TestImpossiblePeople:
    MARRIED = rules(
        rule("R-a", "own_benefit", "jobcenter", {"fact": "married", "eq": "yes"}),
        rule("R-b", "own_benefit", "jugendamt", {"fact": "married", "eq": "no"}),
    )

    def test_nobody_under_18_is_asked_about_marriage(self):
        young = find(self.MARRIED, concern="own_benefit", age=17)
        assert (young.body, young.probable, young.next_question) == ("jugendamt", False, "place")
        assert find(self.MARRIED, concern="own_benefit", age=18).next_question == "married"

    def test_a_given_answer_wins_over_what_is_usually_impossible(self):
        assert find(self.MARRIED, concern="own_benefit", age=17, married="yes").body == "jobcenter"

    def test_a_concern_has_already_answered_its_own_question(self):
        left = rules(
            rule("R-a", "left_without_certificate", "aa", {"fact": "certificate", "eq": "none"}),
            rule("R-b", "left_without_certificate", "bbs", {"not": {"fact": "certificate", "eq": "none"}}),
        )
        finding = find(left, concern="left_without_certificate", place="15083270")
        assert (finding.body, finding.probable, finding.next_question) == ("aa", False, None)
        assert find(left, concern="left_without_certificate", certificate="rsa").body == "bbs"


def test_the_json_has_the_shape_of_the_contract():
    answer = finding_to_json(
        find(SEEKING, concern="seeking_training", age=17, place="15083270", benefit="sgb2"), rule_set=1
    )
    assert list(answer) == [
        "concern",
        "on",
        "door",
        "also",
        "not",
        "reasons",
        "protective",
        "deadlines",
        "offers",
        "would_change",
        "next_question",
        "rule_set",
    ]
    assert answer["on"] == "2026-11-22"
    assert (answer["door"]["body"], answer["door"]["probable"]) == ("jobcenter", False)
    assert answer["also"] == [{"body": "aa", "name": None, "for": "Berät dich."}]
    assert answer["not"] == [{"body": "school", "because": "Die Schule ist vorbei."}]
    (reason,) = answer["reasons"]
    assert (reason["rule"], reason["facts"], reason["source"]) == ("R-seek-2", ["benefit"], "https://example.org/1")
    assert reason["valid_from"] is None
    assert answer["would_change"] == ["benefit"]
    assert answer["next_question"] is None
    assert answer["deadlines"] == answer["offers"] == []


def test_parents_and_staff_get_their_own_words():
    for view, words in [("mich", "R-seek-2 du"), ("kind", "R-seek-2 Sie"), ("beruf", "R-seek-2 Sie")]:
        answer = finding_to_json(find(SEEKING, view=view, concern="seeking_training", age=17, benefit="sgb2"))
        assert answer["door"]["for"] == words
