"""The condition grammar: reading, messages, three-valued evaluation."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counseling.finder.conditions import ALWAYS, All, AnyOf, Between, In, Not, Truth, evaluate, facts_used, to_json
from counseling.finder.facts import FACTS, FactKind
from counseling.finder.grammar import MAX_DEPTH, parse
from counseling.finder.situation import AgeRange, Situation


def condition_of(raw):
    condition, errors = parse(raw)
    assert not errors, errors
    return condition


def message_of(raw):
    condition, errors = parse(raw)
    assert condition is None
    return "\n".join(map(str, errors))


SEEK_2 = {"all": [{"fact": "age", "between": [15, 26]}, {"fact": "benefit", "in": ["sgb2", "alg1_and_sgb2"]}]}


class TestEvaluate:
    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ({"age": AgeRange(14, 14), "benefit": "sgb2"}, Truth.NO),
            ({"age": AgeRange(15, 15), "benefit": "sgb2"}, Truth.YES),
            ({"age": AgeRange(26, 26), "benefit": "alg1_and_sgb2"}, Truth.YES),
            ({"age": AgeRange(27, 27), "benefit": "sgb2"}, Truth.NO),
            ({"age": AgeRange(20, 20), "benefit": "none"}, Truth.NO),
            ({"age": AgeRange(20, 20)}, Truth.UNKNOWN),
            ({"benefit": "none"}, Truth.NO),
            ({"benefit": "sgb2"}, Truth.UNKNOWN),
            ({}, Truth.UNKNOWN),
            ({"age": AgeRange(13, 15), "benefit": "sgb2"}, Truth.UNKNOWN),
            ({"age": AgeRange(13, 14)}, Truth.NO),
            ({"age": AgeRange(15, 26), "benefit": "sgb2"}, Truth.YES),
        ],
    )
    def test_all_with_age_and_value(self, facts, expected):
        assert evaluate(condition_of(SEEK_2), Situation(**facts).given) is expected

    @pytest.mark.parametrize(
        ("raw", "age", "expected"),
        [
            ({"fact": "age", "at_least": 18}, 17, Truth.NO),
            ({"fact": "age", "at_least": 18}, 18, Truth.YES),
            ({"fact": "age", "at_most": 17}, 17, Truth.YES),
            ({"fact": "age", "at_most": 17}, 18, Truth.NO),
            ({"fact": "age", "between": [None, 17]}, 0, Truth.YES),
            ({"fact": "age", "between": [25, None]}, 99, Truth.YES),
            ({"fact": "age", "eq": 25}, 24, Truth.NO),
            ({"fact": "age", "eq": 25}, 25, Truth.YES),
        ],
    )
    def test_age_ends_are_inclusive(self, raw, age, expected):
        assert evaluate(condition_of(raw), {"age": AgeRange.exactly(age)}) is expected

    @pytest.mark.parametrize(
        ("prefix", "expected"), [("15083270", Truth.YES), ("15083", Truth.YES), ("15", Truth.YES), ("15081", Truth.NO)]
    )
    def test_a_place_is_tested_by_prefix(self, prefix, expected):
        assert evaluate(condition_of({"fact": "place", "in": [prefix]}), {"place": "15083270"}) is expected

    @pytest.mark.parametrize(
        ("first", "second", "both", "either"),
        [
            ("yes", "yes", Truth.YES, Truth.YES),
            ("yes", "no", Truth.NO, Truth.YES),
            ("yes", None, Truth.UNKNOWN, Truth.YES),
            ("no", "no", Truth.NO, Truth.NO),
            ("no", None, Truth.NO, Truth.UNKNOWN),
            (None, None, Truth.UNKNOWN, Truth.UNKNOWN),
        ],
    )
    def test_kleene_table(self, first, second, both, either):
        parts = (In("married", ("yes",)), In("pregnant_or_parent", ("yes",)))
        situation = Situation(married=first, pregnant_or_parent=second)
        assert evaluate(All(parts), situation.given) is both
        assert evaluate(AnyOf(parts), situation.given) is either
        assert evaluate(Not(All(parts)), situation.given) == Truth.YES - both

    def test_no_parts_is_always_true(self):
        assert evaluate(ALWAYS, {}) is Truth.YES
        assert condition_of({"all": []}) == ALWAYS

    def test_facts_used_looks_into_every_part(self):
        raw = {"any": [{"not": {"fact": "married", "eq": "yes"}}, SEEK_2]}
        assert facts_used(condition_of(raw)) == {"married", "age", "benefit"}


class TestMessages:
    def test_a_wrong_value_names_path_fact_and_what_is_allowed(self):
        raw = {"all": [{"fact": "age", "at_least": 15}, {"fact": "benefit", "eq": "sgb5"}]}
        assert message_of(raw) == (
            "Bedingung › all › 2: Der Wert „sgb5“ gehört nicht zu „Geld vom Amt“. "
            "Erlaubt: none, sgb2, alg1, alg1_and_sgb2, asylblg."
        )

    def test_every_mistake_is_reported_at_once(self):
        raw = {"any": [{"fact": "benefit", "in": ["x", "y"]}, {"fact": "shoe_size", "eq": "44"}, {"not": {"maybe": 1}}]}
        _, errors = parse(raw)
        assert [error.path for error in errors] == [
            "Bedingung › any › 1",
            "Bedingung › any › 1",
            "Bedingung › any › 2",
            "Bedingung › any › 3 › not",
        ]

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (None, "Hier muss eine Bedingung stehen"),
            ([], "Hier muss eine Bedingung stehen"),
            ({}, "Hier steht nichts"),
            ({"all": [], "any": []}, "„all“, „any“"),
            ({"any": []}, "mindestens eine Bedingung"),
            ({"all": "x"}, "Liste von Bedingungen"),
            ({"fact": "status"}, "genau eine Prüfung"),
            ({"fact": "status", "eq": "at_school", "in": ["working"]}, "genau eine Prüfung"),
            ({"fact": "status", "lt": "at_school"}, "genau eine Prüfung"),
            ({"fact": "status", "between": [1, 2]}, "nur beim Alter"),
            ({"fact": "status", "in": []}, "mindestens einem Wert"),
            ({"fact": "married", "eq": True}, "„True“ gehört nicht"),
            ({"fact": "age", "in": [15, 16]}, "between"),
            ({"fact": "age", "between": [None, None]}, "Mindestens ein Ende"),
            ({"fact": "age", "between": [24, 15]}, "ist leer"),
            ({"fact": "age", "between": [15]}, "zwei Zahlen"),
            ({"fact": "age", "at_least": 100}, "kein Alter"),
            ({"fact": "age", "at_least": True}, "kein Alter"),
            ({"fact": "age", "eq": "17"}, "kein Alter"),
            ({"fact": "age", "eq": 17.5}, "kein Alter"),
            ({"fact": "place", "eq": "39340x"}, "Gemeindeschlüssel"),
            ({"fact": ["age"], "eq": 1}, "gibt es nicht"),
            ({"fact": "concern", "eq": "at_school"}, "gibt es nicht"),
        ],
    )
    def test_each_mistake_has_its_message(self, raw, words):
        assert words in message_of(raw)

    def test_depth_is_bounded(self):
        raw = {"fact": "age", "eq": 15}
        for _ in range(5000):
            raw = {"not": raw}
        assert f"{MAX_DEPTH} Ebenen" in message_of(raw)

    def test_length_is_bounded(self):
        assert "zu lang" in message_of({"all": [{"fact": "age", "eq": 15}] * 1000})


def atoms_strategy():
    ages = st.integers(0, 99)
    spans = st.tuples(ages, ages).map(lambda pair: Between("age", min(pair), max(pair)))
    half = st.one_of(ages.map(lambda age: Between("age", age, None)), ages.map(lambda age: Between("age", None, age)))
    choices = [fact for fact in FACTS.values() if fact.values]
    values = st.sampled_from(choices).flatmap(
        lambda fact: st.sets(st.sampled_from(list(fact.values)), min_size=1).map(
            lambda chosen: In(fact.name, tuple(value for value in fact.values if value in chosen))
        )
    )
    places = st.sets(st.sampled_from(["15", "15083", "15083270"]), min_size=1).map(
        lambda chosen: In("place", tuple(sorted(chosen)))
    )
    return st.one_of(spans, half, values, places)


CONDITIONS = st.recursive(
    atoms_strategy(),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=8,
).filter(lambda condition: len(json.dumps(to_json(condition))) < 2000)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS)
def test_json_survives_a_round_trip(condition):
    raw = json.loads(json.dumps(to_json(condition)))
    read, errors = parse(raw)
    if errors:  # only ever because the generator nested too deep
        assert all("Ebenen" in error.message for error in errors)
    else:
        assert read == condition
        assert to_json(read) == raw


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["age", "benefit", "sgb2"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["all", "any", "not", "fact", "eq", "in", "between", "x"]), inner, max_size=3
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_makes_the_reader_fail(raw):
    condition, errors = parse(raw)
    assert (condition is None) == bool(errors)
    assert all(error.path.startswith("Bedingung") and error.message for error in errors)


def complete_situation(draw):
    values = {}
    for fact in FACTS.values():
        if fact.kind is FactKind.AGE:
            values[fact.name] = AgeRange.exactly(draw(st.integers(0, 99)))
        elif fact.kind is FactKind.PLACE:
            values[fact.name] = draw(st.sampled_from(["15083270", "15083001", "15001000", "03151009"]))
        else:
            values[fact.name] = draw(st.sampled_from(list(fact.values)))
    return Situation(**values)


COMPLETE = st.composite(complete_situation)()


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, COMPLETE, st.sets(st.sampled_from(list(FACTS))))
def test_learning_more_never_reverses_a_known_truth(condition, situation, forgotten):
    full = evaluate(condition, situation.given)
    assert full is not Truth.UNKNOWN
    partial = evaluate(condition, {name: value for name, value in situation.given.items() if name not in forgotten})
    assert partial in (full, Truth.UNKNOWN)
