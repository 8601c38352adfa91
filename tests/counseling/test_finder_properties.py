"""Laws that hold for any rules and any situation (generated)."""

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from counseling.finder import RuleSet, finding_to_json, next_question, resolve
from counseling.finder.conditions import All, AnyOf, Between, In, Not
from counseling.finder.diff import diff
from counseling.finder.facts import BODIES, FACTS, FALLBACK
from counseling.finder.questions import is_open
from counseling.finder.rules import Rule, Text
from counseling.finder.situation import AgeRange, Situation
from counseling.finder.sweep import sweep

BASE = date(2026, 7, 1)
CONCERN = "unemployed"
PLACES = ("15083270", "15083001", "15001000", "03151009")
KEYS = ("R-a", "R-b", "R-c", "R-d", "R-e")
LAW = settings(max_examples=150, deadline=None)

AGE_TESTS = st.sampled_from(
    [
        Between("age", 15, 26),
        Between("age", 18, None),
        Between("age", None, 17),
        Between("age", 25, 25),
    ]
)
VALUE_TESTS = st.sampled_from(
    [
        In("benefit", ("sgb2", "alg1_and_sgb2")),
        In("benefit", ("alg1_and_sgb2",)),
        In("married", ("yes",)),
        In("fulltime_school_done", ("yes",)),
        In("living_with_parents", ("no",)),
        In("residence", ("tolerated",)),
        In("place", ("15083",)),
    ]
)
CONDITIONS = st.recursive(
    AGE_TESTS | VALUE_TESTS,
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, min_size=1, max_size=2).map(lambda parts: AnyOf(tuple(parts)))
    ),
    max_leaves=3,
)
DAYS = st.none() | st.integers(-3, 3).map(lambda step: BASE + timedelta(days=step))


@st.composite
def rule_sets(draw):
    found = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True)):
        role = draw(st.sampled_from(["door", "door", "door", "place", "protective", "view"]))
        found.append(
            Rule(
                key=key,
                concerns=(CONCERN,),
                condition=draw(CONDITIONS),
                role=role,
                body=draw(st.sampled_from(["aa", "jobcenter", "jugendamt", "traeger"])),
                bodies=("jugendamt", "aa"),
                place_fact=draw(st.sampled_from(["place", "parents_place", None])) if role == "place" else None,
                sentence="apply_alone" if role == "protective" else None,
                view="mich" if role == "view" else None,
                overrides=tuple(draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True))),
                priority=draw(st.integers(0, 1)),
                valid_from=draw(DAYS),
                valid_to=draw(DAYS),
                is_active=draw(st.sampled_from([True, True, True, False])),
                what_for=Text(key, key),
            )
        )
    return found


@st.composite
def situations(draw):
    known = {}
    for name, fact in FACTS.items():
        if not draw(st.booleans()):
            continue
        if name == "age":
            low = draw(st.integers(0, 99))
            known[name] = AgeRange(low, draw(st.integers(low, min(99, low + draw(st.sampled_from([0, 0, 3, 40]))))))
        elif fact.values:
            known[name] = draw(st.sampled_from(list(fact.values)))
        else:
            known[name] = draw(st.sampled_from(PLACES))
    return Situation(concern=CONCERN, **known)


ON = st.integers(-4, 4).map(lambda step: BASE + timedelta(days=step))


# Rules beside the door: sentences, the parents' view and notes on the place come twice, so that their order can show.
BESIDE = [
    Rule(key=f"R-{kind}-{number}", what_for=Text(str(number), str(number)), **how)
    for kind, how in (
        ("satz", {"role": "protective", "sentence": "apply_alone"}),
        ("sicht", {"role": "view", "view": "mich"}),
        ("ort", {"role": "place"}),
    )
    for number in (1, 2)
]


@LAW
@given(rule_sets(), situations(), ON)
def test_every_situation_gets_exactly_one_door_and_the_same_one_again(rules, situation, on):
    finding = resolve(situation, rules, on)
    assert finding.body in BODIES
    assert finding == resolve(situation, RuleSet(rules), on)
    assert finding.body not in finding.alternatives
    assert finding.probable == bool(finding.alternatives)
    assert "wrong_door" in finding.protective
    assert finding_to_json(finding)["door"]["body"] == finding.body


@LAW
@given(rule_sets(), situations(), ON, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(rules, situation, on, random):
    rules = [*rules, *BESIDE]
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert resolve(situation, rules, on) == resolve(situation, shuffled, on)


@LAW
@given(rule_sets(), situations(), ON, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(rules, situation, on, random):
    answers = list(situation.given.items())
    random.shuffle(answers)
    other = Situation(concern=CONCERN)
    for name, value in answers:
        other = other.answer(name, value)
    assert resolve(other, rules, on) == resolve(situation, rules, on)


def _completions(situation, rules, limit=3000):
    """Build everybody who fits, one value for each class the rules can tell apart."""
    people = [situation]
    used = {name for rule in rules for name in _mentioned(rule.condition)}
    for name in used:
        value = situation.given.get(name)
        if name == "age":
            low, high = (value.lo, value.hi) if value else (0, 99)
            options = [
                AgeRange.exactly(age) for age in (0, 14, 15, 17, 18, 19, 20, 24, 25, 26, 27, 99) if low <= age <= high
            ]
            options += [AgeRange.exactly(low), AgeRange.exactly(high)]
        elif value is not None:
            continue
        else:
            options = list(FACTS[name].values) or list(PLACES)
        people = [person.answer(name, option) for person in people for option in options]
        assume(len(people) <= limit)
    return people


def _mentioned(condition):
    if isinstance(condition, In | Between):
        return {condition.fact}
    if isinstance(condition, Not):
        return _mentioned(condition.part)
    return {name for part in condition.parts for name in _mentioned(part)}


@LAW
@given(rule_sets(), situations(), ON)
def test_unknown_never_names_a_door_that_every_completion_contradicts(rules, situation, on):
    compiled = RuleSet(rules)
    finding = resolve(situation, compiled, on)
    doors = {resolve(person, compiled, on).body for person in _completions(situation, rules)}
    assert finding.body in doors
    assert set(finding.alternatives) <= doors


@LAW
@given(st.data(), rule_sets(), ON)
def test_nobody_possible_is_sent_to_a_door_that_was_not_named(data, rules, on):
    """Who keeps some facts back still ends at the door named to them, or at an alternative."""
    compiled = RuleSet(rules)
    person = data.draw(people())
    forgotten = data.draw(st.sets(st.sampled_from(list(FACTS))))
    situation = person
    for name in forgotten:
        situation = situation.answer(name, None)
    if "age" not in forgotten and data.draw(st.booleans()):
        age = person.age.lo
        situation = situation.answer("age", AgeRange(max(0, age - 2), min(99, age + 2)))
    finding = resolve(situation, compiled, on)
    assert resolve(person, compiled, on).body in {finding.body, *finding.alternatives}


@st.composite
def people(draw):
    """Draw a complete person without any of the impossible combinations."""
    age = draw(st.integers(0, 99))
    status = draw(
        st.sampled_from(list(FACTS["status"].values if age >= 14 else ("at_school", "left_school", "unemployed")))
    )
    fulltime = "no" if age < 15 else draw(st.sampled_from(["yes", "no"]))
    if age >= 20 or status in ("in_training", "training_broken_off", "voluntary_service"):
        fulltime = "yes"
        age = max(age, 15)
    duty = "no" if fulltime == "no" else "yes" if age >= 20 else draw(st.sampled_from(["yes", "no"]))
    residence = draw(
        st.sampled_from([value for value in FACTS["residence"].values if value != "unaccompanied" or age < 18])
    )
    refused = residence in ("asylum_procedure", "tolerated", "eu_jobseeking")
    benefits = ["none", "asylblg"] + ([] if age < 15 else ["alg1"]) + ([] if refused else ["sgb2"])
    return Situation(
        concern=CONCERN,
        age=AgeRange.exactly(age),
        place=draw(st.sampled_from(PLACES)),
        parents_place=draw(st.sampled_from(PLACES)),
        status=status,
        certificate=draw(st.sampled_from(["none", "hsa"] + (["rsa", "abitur"] if age >= 14 else []))),
        fulltime_school_done=fulltime,
        school_duty_done=duty,
        living_with_parents="no" if residence == "unaccompanied" else draw(st.sampled_from(["yes", "no"])),
        pregnant_or_parent=draw(st.sampled_from(["yes", "no"])),
        married="no" if age < 18 else draw(st.sampled_from(["yes", "no"])),
        benefit=draw(st.sampled_from(benefits + (["alg1_and_sgb2"] if age >= 15 and not refused else []))),
        disability=draw(st.sampled_from(list(FACTS["disability"].values))),
        residence=residence,
    )


@LAW
@given(st.data(), rule_sets(), situations(), ON)
def test_questions_end_and_each_is_asked_once(data, rules, situation, on):
    compiled = RuleSet(rules)
    skipped, asked = set(), []
    while (name := next_question(situation, skipped, compiled, on)) is not None:
        assert name not in asked
        assert is_open(name, situation, skipped)
        assert name != "residence"  # never in the main path
        asked.append(name)
        fact = FACTS[name]
        options = list(fact.values) or (
            [AgeRange.exactly(age) for age in (10, 17, 18, 30)] if name == "age" else list(PLACES)
        )
        value = data.draw(st.none() | st.sampled_from(options))
        if value is None:
            skipped.add(name)
        else:
            situation = situation.answer(name, value)
    assert len(asked) <= len(FACTS)


@LAW
@given(rule_sets(), situations(), ON)
def test_when_no_fact_can_change_the_answer_the_door_is_certain(rules, situation, on):
    finding = resolve(situation, rules, on)
    open_facts = [name for name in finding.would_change if name not in situation.given]
    if not open_facts and (situation.age is None or situation.age.lo == situation.age.hi):
        assert not finding.probable


@LAW
@given(rule_sets(), situations(), ON)
def test_who_is_named_as_not_responsible_is_never_a_possible_door(rules, situation, on):
    finding = resolve(situation, rules, on)
    assert not {other.body for other in finding.not_} & {finding.body, *finding.alternatives}


@settings(max_examples=40, deadline=None)
@given(rule_sets())
def test_the_sweep_takes_any_rules_and_agrees_with_the_plain_evaluation(rules):
    report = sweep(rules, BASE, concerns=(CONCERN,))
    assert not [problem for problem in report.problems if problem.kind == "wrong_door"]
    assert not [problem for problem in report.problems if problem.kind == "useless_question"]
    assert report.cases >= 1


@settings(max_examples=40, deadline=None)
@given(rule_sets())
def test_nothing_changes_when_the_rules_stay_the_same(rules):
    assert diff(rules, list(reversed(rules)), (), BASE) == ()
    emptied = diff(rules, (), (), BASE)
    assert all(change.after == FALLBACK and change.before != FALLBACK for change in emptied)
