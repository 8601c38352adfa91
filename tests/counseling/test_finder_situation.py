"""Facts, concerns and readers' words: reading input, completeness of the data."""

import ast
from datetime import date
from pathlib import Path

import pytest
import textstat
from hypothesis import given, settings
from hypothesis import strategies as st

import counseling.finder
from counseling.finder import RuleSet, age_bands, needs_place, parse_records, situation_from_dict, situation_to_dict
from counseling.finder.facts import ASKED_ONLY_FOR, BODIES, CONCERNS, FACTS, FLOW, HARMLESS_FACTS, VIEWS
from counseling.finder.situation import FACT_NAMES, AgeRange, Situation
from counseling.finder.tree import DOORS, MAX_CHOICES, MAX_DOORS, concern_label, door_of
from counseling.finder.wording import QUESTIONS

SENSITIVE_CONCERNS = {
    "truancy",
    "hard_to_reach",
    "household_sgb2",
    "own_benefit",
    "trouble_at_home",
    "care_leaver",
    "needs_social_support",
    "homeless",
    "pregnant",
    "disability",
    "disability_mental",
    "disability_physical",
    "migrant",
    "eu_citizen",
    "conflict_youth_welfare",
    "debt_addiction",
    "just_talk",
}
HARMLESS_CONCERNS = {
    "at_school",
    "at_school_problem",
    "compulsory",
    "left_without_certificate",
    "catch_up_certificate",
    "no_next_step",
    "seeking_training",
    "unemployed",
    "in_training_trouble",
    "dropped_training",
    "money_parents",
    "holiday_job",
    "voluntary",
}


class TestContract:
    def test_the_concerns_are_those_of_the_contract(self):
        assert set(CONCERNS) == SENSITIVE_CONCERNS | HARMLESS_CONCERNS
        assert {key for key, concern in CONCERNS.items() if concern.sensitive} == SENSITIVE_CONCERNS

    def test_the_facts_and_their_values_are_those_of_the_contract(self):
        assert {name: list(fact.values) for name, fact in FACTS.items() if fact.values} == {
            "status": [
                "at_school",
                "left_school",
                "in_training",
                "training_broken_off",
                "unemployed",
                "working",
                "voluntary_service",
            ],
            "certificate": ["none", "hsa", "rsa", "abitur"],
            "fulltime_school_done": ["yes", "no"],
            "school_duty_done": ["yes", "no"],
            "living_with_parents": ["yes", "no"],
            "pregnant_or_parent": ["yes", "no"],
            "married": ["yes", "no"],
            "benefit": ["none", "sgb2", "alg1", "alg1_and_sgb2", "asylblg"],
            "disability": ["none", "learning_or_physical", "mental"],
            "residence": [
                "german_or_settled",
                "recognised",
                "asylum_procedure",
                "tolerated",
                "unaccompanied",
                "eu_jobseeking",
            ],
        }
        assert set(FACTS) == set(FACT_NAMES)
        assert {"age", "place", "status", "certificate", "fulltime_school_done", "school_duty_done"} == HARMLESS_FACTS

    def test_the_bodies_are_those_of_the_contract(self):
        assert set(BODIES) == {
            "aa",
            "aa_reha",
            "jobcenter",
            "jugendamt",
            "school",
            "bbs",
            "landkreis_bafoeg",
            "familienkasse",
            "ombud",
            "schwangerschaftsberatung",
            "eingliederungshilfe",
            "employer",
            "traeger",
            "coordination",
        }

    def test_the_place_comes_last_and_the_residence_only_for_newcomers(self):
        assert FLOW[0] == "age"
        assert FLOW[-2:] == ("place", "parents_place")
        assert ASKED_ONLY_FOR["residence"] == {"migrant", "eu_citizen"}

    def test_the_core_is_plain_python(self):
        folder = Path(counseling.finder.__file__).parent
        for path in folder.glob("*.py"):
            source = path.read_text(encoding="utf-8")
            assert source.count("\n") <= 400, path.name
            for node in ast.walk(ast.parse(source)):
                names = [node.module] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                assert not [n for n in names if n.split(".")[0] in ("django", "accounts", "directory", "offers")], (
                    path.name
                )
                assert not [n for n in names if n.startswith("counseling") and not n.startswith("counseling.finder")]


class TestReading:
    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            (17, "17"),
            ("17", "17"),
            ("0", "0"),
            (99, "99"),
            ("15-17", "15-17"),
            ("15–17", "15-17"),
            (" 17 ", "17"),
            ("17-17", "17"),
        ],
    )
    def test_ages_and_bands(self, raw, expected):
        situation, errors = situation_from_dict({"age": raw})
        assert not errors
        assert situation_to_dict(situation) == {"age": expected}

    @pytest.mark.parametrize(
        "raw", [-1, 100, "100", "17.5", 17.5, True, "17-15", "-17", "17-", "١٧", "abc", [17], {"a": 1}]
    )
    def test_bad_ages_are_named_and_left_out(self, raw):
        situation, (error,) = situation_from_dict({"concern": "unemployed", "age": raw})
        assert (error.parameter, error.allowed) == ("age", ("0-99",))
        assert situation == Situation(concern="unemployed")

    @pytest.mark.parametrize(
        ("name", "raw", "allowed"),
        [
            ("concern", "any", tuple(CONCERNS)),
            ("benefit", "sgb5", ("none", "sgb2", "alg1", "alg1_and_sgb2", "asylblg")),
            ("married", True, ("yes", "no")),
            ("married", ["yes"], ("yes", "no")),
            ("place", "39340", ("AGS",)),
            ("place", "1508327０", ("AGS",)),
            ("place", 15083270, ("AGS",)),
        ],
    )
    def test_bad_values_name_the_allowed_ones(self, name, raw, allowed):
        _, (error,) = situation_from_dict({name: raw})
        assert (error.parameter, error.allowed) == (name, allowed)
        assert error.message

    def test_unknown_keys_and_empty_values_are_ignored(self):
        assert situation_from_dict({"shoe": 44, "age": "", "benefit": None}) == (Situation(), ())

    @settings(max_examples=150, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(["concern", *FACTS]) | st.text(max_size=4),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2),
        )
    )
    def test_nothing_makes_the_reader_fail(self, data):
        situation, _ = situation_from_dict(data)
        assert situation_from_dict(situation_to_dict(situation)) == (situation, ())

    def test_a_situation_cannot_hold_what_no_fact_allows(self):
        for bad in ({"benefit": "x"}, {"age": 17}, {"place": "15083"}, {"concern": "any"}):
            with pytest.raises(ValueError):
                Situation(**bad)
        with pytest.raises(ValueError):
            AgeRange(18, 17)
        with pytest.raises(ValueError):
            Situation().answer("shoe", "44")

    def test_an_answer_changes_one_fact_and_keeps_the_others(self):
        before = Situation(concern="unemployed", benefit="none", married="no")
        after = before.answer("benefit", "sgb2").answer("married", None)
        assert situation_to_dict(after) == {"concern": "unemployed", "benefit": "sgb2"}
        assert before.benefit == "none"


class TestWords:
    def test_at_most_eight_doors_with_at_most_six_choices_reach_every_concern(self):
        assert len(DOORS) <= MAX_DOORS == 8
        assert all(1 <= len(door.choices) <= MAX_CHOICES == 6 for door in DOORS)
        reached = [choice.concern for door in DOORS for choice in door.choices]
        assert sorted(reached) == sorted(CONCERNS)
        assert len({door.key for door in DOORS}) == len(DOORS)
        assert all(
            door_of(concern) is not None and concern_label(concern, view) for concern in CONCERNS for view in VIEWS
        )

    def test_every_fact_has_a_question_and_every_value_a_choice(self):
        assert tuple(QUESTIONS) == FLOW
        for name, question in QUESTIONS.items():
            values = [choice.value for choice in question.choices]
            if FACTS[name].values:
                assert sorted(values) == sorted(FACTS[name].values)
            for view in VIEWS:
                texts = [question.label, question.why, question.unknown, *(choice.label for choice in question.choices)]
                assert all(text.for_view(view) for text in texts)
                assert question.label.for_view(view).endswith("?")

    def test_young_people_read_du_and_parents_sie(self):
        formal = {"Sie", "Ihr", "Ihre", "Ihnen", "Ihres", "Ihrer"}
        informal = {"du", "dich", "dir", "dein", "deine", "deinen", "deiner", "bist", "hast"}
        for text in _texts("mich"):
            words = text.replace("?", "").replace(".", "").split()
            assert not formal & set(words[1:]), text
        for view in ("kind", "beruf"):
            for text in _texts(view):
                assert not informal & {word.strip("?.,").lower() for word in text.split()}, text

    def test_no_banned_word_and_no_bracket(self):
        banned = (
            "Rechtskreis",
            "Bedarfsgemeinschaft",
            "Leistungsträger",
            "Maßnahme",
            "Kunde",
            "Zielgruppe",
            "benachteiligt",
            "(",
            "sofort",
            "garantiert",
        )
        assert not [text for text in _texts("mich") for word in banned if word in text]

    def test_running_texts_are_easy_to_read(self):
        textstat.set_lang("de")
        for view, limit in (("mich", 6), ("kind", 8), ("beruf", 8)):
            for question in QUESTIONS.values():
                text = " ".join(part.for_view(view) for part in (question.label, question.hint, question.why)).strip()
                if len(text.split()) >= 20:
                    assert textstat.wiener_sachtextformel(text, 1) <= limit, text


def _texts(view):
    for question in QUESTIONS.values():
        yield from (text.for_view(view) for text in (question.label, question.why, question.hint, question.unknown))
        yield from (choice.label.for_view(view) for choice in question.choices)
    for door in DOORS:
        yield from (door.label.for_view(view), door.hint.for_view(view))
        yield from (choice.label.for_view(view) for choice in door.choices)


class TestBands:
    RULES = RuleSet(
        parse_records(
            {
                "rule": [
                    {
                        "key": "R-a",
                        "concerns": ["unemployed"],
                        "body": "aa",
                        "condition": {"fact": "age", "between": [15, 24]},
                    },
                    {
                        "key": "R-b",
                        "concerns": ["voluntary"],
                        "body": "traeger",
                        "condition": {"fact": "age", "at_most": 26},
                    },
                    {
                        "key": "R-c",
                        "concerns": ["*"],
                        "role": "place",
                        "bodies": ["aa"],
                        "place_fact": "place",
                        "condition": {"fact": "age", "at_least": 18},
                    },
                ]
            }
        ).rules
    )

    def test_bands_are_cut_at_every_threshold(self):
        bands = age_bands(self.RULES, date(2026, 11, 22))
        assert [str(band) for band in bands] == ["0-14", "15-17", "18-24", "25-26", "27-99"]

    def test_a_concern_has_only_its_own_bands(self):
        bands = age_bands(self.RULES, date(2026, 11, 22), "voluntary")
        assert [str(band) for band in bands] == ["0-17", "18-26", "27-99"]

    def test_only_an_office_needs_a_place(self):
        assert needs_place("jobcenter", self.RULES, date(2026, 11, 22))
        assert not needs_place("ombud", self.RULES, date(2026, 11, 22))
